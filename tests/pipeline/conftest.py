"""Runs the scripts of ci/release against a cloud of the test's own."""

import json
import os
import pathlib
import subprocess
import sys
import types

import pytest

import cloud as clouds
import warm_aws
import wire

RELEASE = pathlib.Path(__file__).resolve().parents[2] / "ci" / "release"

# Records its arguments.
DOCKER = """#!/bin/sh
echo "$*" >>"$TEST_FOLDER/docker"
case $1 in
  login) cat >"$TEST_FOLDER/password" ;;
  load) cat >/dev/null ;;
esac
"""


@pytest.fixture(scope="session")
def aws(tmp_path_factory):
    """The socket of the AWS command."""
    path = tmp_path_factory.mktemp("aws") / "socket"
    with subprocess.Popen([sys.executable, warm_aws.__file__, path], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout.readline() == "ready\n"
        yield path
        server.kill()


@pytest.fixture
def release(tmp_path, aws):
    """.run(script, arguments) → the finished process; .cloud; .images, a file that names new images; .docker() so far."""
    cloud = clouds.Cloud()
    server = wire.serve(cloud)
    for name, text in (("aws", warm_aws.CLIENT), ("docker", DOCKER)):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    images = tmp_path / "images.json"
    images.write_text(json.dumps({name: f"{clouds.REGISTRY}/copy/{name}@{clouds.NEW}" for name in ("query", "ingest", "cli")}))
    environment = {
        "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "HOME": str(tmp_path), "TEST_FOLDER": str(tmp_path), "TEST_AWS": str(aws),
        "TEST_ENDPOINT": f"http://127.0.0.1:{server.server_port}", "AWS_REGION": "eu-west-1", "LC_ALL": "C.UTF-8",
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true",
        "RELEASE_POLL_SECONDS": "0", "AWS_MAX_ATTEMPTS": "1"}

    def run(script, *arguments, **more):
        finished = subprocess.run([RELEASE / script, *map(str, arguments)], env={**environment, **more}, timeout=120,
                                  capture_output=True, text=True)
        print(finished.stdout, finished.stderr)
        return finished

    yield types.SimpleNamespace(
        run=run, cloud=cloud, images=images, folder=tmp_path, endpoint=environment["TEST_ENDPOINT"],
        docker=lambda: (tmp_path / "docker").read_text().splitlines() if (tmp_path / "docker").exists() else [])
    server.shutdown()
    server.server_close()


@pytest.fixture(params=[path.name for path in sorted(RELEASE.iterdir()) if os.access(path, os.X_OK)])
def script(request):
    return request.param
