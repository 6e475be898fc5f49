"""What is built for AWS: with the certificates that its databases prove themselves by, and never with others."""

import http.server
import shutil
import subprocess
import threading

import pytest

from conftest import RELEASE

ROOT = RELEASE.parents[1]
RDS = "/C=US/O=Amazon Web Services, Inc./OU=Amazon RDS/ST=WA/CN=Amazon RDS eu-west-1 Root CA RSA2048 G1/L=Seattle"
PAGE = "<!DOCTYPE html><title>503</title>"
# As much of an engine as a build needs: an image has what its Dockerfile would copy, unless it is of an older one.
DOCKER = """#!/bin/sh
echo "$*" >>"$TEST_FOLDER/docker"
for last; do :; done
image=$TEST_FOLDER/image
case $1 in
  build)
    mkdir -p "$image/usr/share" "$image/usr/local/share/fairway" && echo '{}' >"$image/usr/share/sbom.cdx.json"
    [ -n "${TEST_OLD_DOCKERFILE:-}" ] || cp "$last"/deploy/*.pem "$image/usr/local/share/fairway" ;;
  run) cat "$image$last" ;;
esac
"""


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """authority(subject, …) → a certificate that signs itself, with a key that all of them share."""
    folder = tmp_path_factory.mktemp("authority")
    subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", folder / "key"],
                   check=True, capture_output=True)

    def make(subject=RDS, days="2", extension="basicConstraints=critical,CA:TRUE"):
        """days below zero: it has ended."""
        (folder / "request.cnf").write_text(f"[req]\ndistinguished_name=name\n[name]\n[of]\n{extension}\n")
        request = subprocess.run(["openssl", "req", "-new", "-key", folder / "key", "-subj", subject, "-config",
                                  folder / "request.cnf"], check=True, capture_output=True).stdout
        return subprocess.run(["openssl", "x509", "-req", "-signkey", folder / "key", "-days", days, "-extfile",
                               folder / "request.cnf", "-extensions", "of"], input=request, check=True,
                              capture_output=True).stdout.decode()

    return make


@pytest.fixture
def mirror():
    """.url of a server on loopback; .replies: what it says one after the other, the last one again and again. None: an error."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            reply = server.replies.pop(0) if len(server.replies) > 1 else server.replies[0]
            self.send_response(503 if reply is None else 200)
            self.end_headers()
            self.wfile.write((reply or PAGE).encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url = f"http://127.0.0.1:{server.server_port}/global-bundle.pem"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetch(release, mirror):
    """fetch(reply, …) → the finished process; .file, which it writes."""
    def run(*replies, **more):
        mirror.replies = list(replies)
        return release.run("fetch_rds_bundle", run.file, **{"RDS_BUNDLE_URL": mirror.url, **more})

    run.file = release.folder / "certificates" / "rds-ca.pem"
    return run


def test_a_bundle_is_fetched(fetch, authority):
    bundle = authority() + "\n" + authority(RDS.replace("eu-west-1", "us-east-1"))
    assert fetch(bundle).returncode == 0
    assert fetch.file.read_text().count("BEGIN CERTIFICATE") == 2
    assert fetch.file.stat().st_mode & 0o777 == 0o644  # another user reads it
    assert fetch(None, None, authority()).returncode == 0, "it did not try again"
    assert fetch.file.read_text().count("BEGIN CERTIFICATE") == 1


REFUSALS = {
    "no certificates": lambda authority: PAGE,
    "this is no certificate": lambda authority: authority().replace("MII", "MIA"),
    "not of RDS": lambda authority: authority() + authority("/O=Somebody/OU=Amazon RDS/CN=Amazon RDS eu-west-1 Root CA"),
    "not of RDS: CN": lambda authority: authority("/CN=O=Amazon Web Services, Inc.,OU=Amazon RDS"),
    "no authority": lambda authority: authority(extension="basicConstraints=critical,CA:FALSE"),
    "no authority: ": lambda authority: authority(extension="keyUsage=digitalSignature"),
    "all certificates have expired": lambda authority: authority(days="-1"),
}


@pytest.mark.parametrize("reason", REFUSALS)
def test_what_is_no_bundle_is_refused(fetch, authority, reason):
    fetch.file.parent.mkdir()
    fetch.file.write_text("as it was")
    refused = fetch(REFUSALS[reason](authority))
    assert refused.returncode == 1 and reason in refused.stderr
    assert fetch.file.read_text() == "as it was"


def test_what_has_expired_is_left_out(fetch, authority):
    current = authority()
    done = fetch(authority(days="-1") + current)
    assert done.returncode == 0 and "left out, because it has expired: " in done.stderr
    assert fetch.file.read_text() == current


def test_a_bundle_that_cannot_be_had(fetch):
    for replies, more in (([None], {}), ([PAGE], {"RDS_BUNDLE_URL": "http://127.0.0.1:1/global-bundle.pem"})):
        failed = fetch(*replies, RELEASE_FETCH_SECONDS="0", **more)
        assert failed.returncode == 1 and "cannot be fetched: curl: (" in failed.stderr and not fetch.file.exists()


@pytest.fixture
def build(release, mirror, authority):
    """build() builds what a clone of this repository has; .bundle is what the mirror has, .folder what is left behind."""
    tree = release.folder / "tree"
    for name in ("ci", "deploy"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("*.pem", "__pycache__"))
    shutil.copy(ROOT / ".gitignore", tree)
    shutil.copy(ROOT / "CMakeLists.txt", tree)
    for arguments in (["init"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-m", "all"]):
        subprocess.run(["git", *arguments], cwd=tree, check=True, capture_output=True)
    (release.folder / "bin" / "docker").write_text(DOCKER)
    mirror.replies = [authority()]

    def run(**more):
        return release.run(tree / "ci" / "release" / "build_images", run.folder, RDS_BUNDLE_URL=mirror.url, **more)

    run.folder, run.bundle, run.docker, run.mirror = release.folder / "built", mirror.replies[0], release.docker, mirror
    run.image = release.folder / "image"
    return run


def test_images_have_the_bundle(build):
    assert build().returncode == 0
    assert (build.image / "usr/local/share/fairway/rds-ca.pem").read_text() == build.bundle
    assert sorted(path.name for path in build.folder.iterdir()) == sorted(
        ["revision", *[f"{name}.{ending}" for name in ("query", "ingest", "cli") for ending in ("cdx.json", "tar.zst")]])
    # The bundle is part of no commit, and does not make one another one either.
    assert len((build.folder / "revision").read_text().strip()) == 40


def test_images_without_the_bundle_are_refused(build):
    refused = build(TEST_OLD_DOCKERFILE="yes")
    assert refused.returncode == 1 and "fairway-query lacks the certificates of RDS" in refused.stderr
    assert not (build.folder / "revision").exists()


def test_nothing_is_built_of_a_bundle_that_is_refused(build):
    build.mirror.replies = [PAGE]
    assert build().returncode == 1 and build.docker() == []
