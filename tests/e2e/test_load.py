"""`fairway load`, against a real S3-compatible store on loopback.

The load that is killed has 1,000,000 prices, and 10,000,000 with FAIRWAY_TEST_LARGE=1.
"""

import gzip
import hashlib
import http.server
import json
import os
import subprocess
import threading
import time

import pytest

import processes
import store as stores

boto3 = pytest.importorskip("boto3", reason="python3-boto3 is not installed")
pytestmark = pytest.mark.skipif(stores.MOTO is None, reason="moto_server, the S3 of these tests, is not on the PATH")

LOCATIONS = processes.ROOT / "data/sample/locations.csv"
HEADING = "origin,destination,day,price\n"
BUCKET = "prices"
LANES = 13_300 if os.environ.get("FAIRWAY_TEST_LARGE") else 1_330
RANGE_BYTES = 8 << 20
LOADER_MEGABYTES_MAX = 150


@pytest.fixture(scope="module", autouse=True)
def locations(fairway):
    fairway.cli("locations", "import", LOCATIONS)


@pytest.fixture(scope="module")
def store():
    store = stores.Store(boto3)
    store.make_bucket(BUCKET)
    yield store
    store.stop()


@pytest.fixture(scope="module")
def proxy(store):
    proxy = stores.Proxy(store.port)
    yield proxy
    proxy.close()


@pytest.fixture
def load(fairway, store):
    """Runs `fairway load`; returns what it did."""
    def run(*arguments, exit_code=0, url=store.url, keys=stores.KEYS, **options):
        done = fairway.cli("load", *arguments, check=False, env={**os.environ, **keys, "AWS_ENDPOINT_URL_S3": url},
                           **options)
        assert done.returncode == exit_code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done
    return run


def csv(price, rows=3):
    return HEADING + f"CNSHA,NLRTM,2026-01-01,{price}\n" * rows


def put(store, key, content, bucket=BUCKET):
    """Its version."""
    body = content.encode() if isinstance(content, str) else content
    return store.s3.put_object(Bucket=bucket, Key=key, Body=body).get("VersionId", "")


def batches(fairway):
    return fairway.sql("SELECT count(*) FROM fairway.batches WHERE state = 'COMMITTED'")[0][0]


def url_of(key, version="", bucket=BUCKET):
    return f"s3://{bucket}/{key}" + (f"?versionId={version}" if version else "")


def test_an_object_version_is_one_batch(fairway, store, load):
    key, before = "incoming/acme/Q1 (final).csv", batches(fairway)
    version = put(store, key, csv(100))
    receipt = json.loads(load(url_of(key, version), "--json").stdout)
    digest = hashlib.sha256(f"{BUCKET}\n{key}\n{version}".encode()).hexdigest()
    assert receipt["batch"]["batch_id"] == "q1-final-" + digest[:24]
    assert receipt["batch"]["partner"] == "acme" and not receipt["replayed"]
    # As a job passes it; and the newest version, which is the same one.
    for arguments in (["--bucket", BUCKET, "--key", key, "--version", version],
                      ["--bucket", BUCKET, "--key", key, "--version", ""], [url_of(key)]):
        again = json.loads(load(*arguments, "--json").stdout)
        assert again["replayed"] and again["batch"] == receipt["batch"]
    assert batches(fairway) == before + 1


def test_a_new_version_is_a_new_batch(fairway, store, load):
    key = "incoming/acme/replaced.csv"
    first = put(store, key, csv(100))
    second = put(store, key, csv(200))
    before = batches(fairway)
    ids = [json.loads(load(url_of(key, version), "--json").stdout)["batch"]["batch_id"]
           for version in (second, first, second)]
    assert ids[0] == ids[2] != ids[1] and batches(fairway) == before + 2


def test_without_versions_the_etag_decides(fairway, store, load):
    bucket, key = store.make_bucket("plain-prices", versioned=False), "incoming/acme/a.csv"
    before = batches(fairway)
    for price, replayed in [(100, False), (100, True), (200, False)]:
        put(store, key, csv(price), bucket)
        assert json.loads(load(url_of(key, bucket=bucket), "--json").stdout)["replayed"] is replayed
    assert batches(fairway) == before + 2


@pytest.mark.parametrize("name", [
    "a b+c.csv", "ü/тариф 100%.csv", "x?y=1&z=2.csv", "%41%2F+.csv", "~'()*!@:,$;=[]#.csv"])
def test_keys_may_hold_anything(store, proxy, load, name):
    key = "incoming/acme/" + name
    version = put(store, key, csv(7))
    proxy.expect()
    load(url_of(key, version), url=proxy.url)
    # And what is copied, from and to.
    version = put(store, key, HEADING + "?\n")
    load(url_of(key, version), url=proxy.url, exit_code=5)
    assert store.read(BUCKET, "quarantine/" + key) == (HEADING + "?\n").encode()
    signed = [request for request in proxy.requests if b"\r\nAuthorization: " in request]
    assert len(signed) == 6, "two HEADs, two GETs, a copy and a report"
    for request in signed:
        stores.check_signature(request, stores.KEYS["AWS_SECRET_ACCESS_KEY"])


def test_wrong_keys_are_final(store, load):
    version = put(store, "incoming/acme/keys.csv", csv(1))
    with store.checking_signatures():
        wrong = load(url_of("incoming/acme/keys.csv", version), exit_code=5,
                     keys={**store.keys, "AWS_SECRET_ACCESS_KEY": "wrong"})
        assert "SignatureDoesNotMatch" in wrong.stderr and "credentials are not accepted" in wrong.stderr
        unknown = load(url_of("incoming/acme/keys.csv", version), exit_code=5, keys=stores.KEYS)
        assert "InvalidAccessKeyId" in unknown.stderr
        load(url_of("incoming/acme/keys.csv", version), keys=store.keys)
    none = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_REGION": "eu-central-1"}
    assert "AWS_ACCESS_KEY_ID" in load(url_of("incoming/acme/keys.csv"), exit_code=2, keys=none).stderr


def test_a_task_signs_with_its_role(store, load):
    """Keys with a session token, from an agent as ECS has it."""
    class Agent(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # pylint: disable=invalid-name
            assert self.headers["Authorization"] == "agent-token"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({
                "AccessKeyId": role["AccessKeyId"], "SecretAccessKey": role["SecretAccessKey"],
                "Token": role["SessionToken"], "Expiration": "2099-01-01T00:00:00Z"}).encode())

        def log_message(self, *_):
            pass

    version = put(store, "incoming/acme/role.csv", csv(1))
    role = store.assume_role()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Agent) as agent, store.checking_signatures():
        threading.Thread(target=agent.serve_forever, daemon=True).start()
        load(url_of("incoming/acme/role.csv", version), keys={
            "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_REGION": "eu-central-1",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://127.0.0.1:{agent.server_port}/role",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "agent-token"})
        agent.shutdown()


def test_what_is_not_there_is_final(store, load):
    version = put(store, "incoming/acme/gone.csv", csv(1))
    for url, words in [(url_of("incoming/acme/nothing.csv"), "no such object"),
                       (url_of("incoming/acme/gone.csv", bucket="no-such-bucket"), "no such bucket"),
                       (url_of("incoming/acme/gone.csv", "0" * 32), "no such")]:
        done = load(url, exit_code=5)
        assert words in done.stderr and "OBJECT_STORE" in done.stderr
    store.s3.delete_object(Bucket=BUCKET, Key="incoming/acme/gone.csv")
    load(url_of("incoming/acme/gone.csv"), exit_code=5)
    load(url_of("incoming/acme/gone.csv", version))


def test_wrong_usage(load):
    for arguments in ([], ["s3://prices"], ["s3://prices/q1.csv"], ["s3://prices/incoming/Acme/q1.csv"],
                      ["--bucket", BUCKET], ["a.csv", "--bucket", BUCKET, "--key", "a"], ["a.csv"],
                      ["-", "--partner", "acme"], ["s3://prices/quarantine/incoming/acme/q1.csv", "--partner", "acme"]):
        load(*arguments, exit_code=2, stdin=subprocess.DEVNULL)


def test_what_is_away_may_come_back(fairway, store, load):
    version = put(store, "incoming/acme/away.csv", csv(3))
    load(url_of("incoming/acme/away.csv", version), "--retry-for", 0, exit_code=4, url="http://127.0.0.1:1")
    processes_environment = {**os.environ, **stores.KEYS, "AWS_ENDPOINT_URL_S3": store.url}
    done = processes.run_cli("--ingest-address", "127.0.0.1:1", "load", url_of("incoming/acme/away.csv", version),
                             "--retry-for", 0, check=False, env=processes_environment)
    assert done.returncode == 4
    load(url_of("incoming/acme/away.csv", version))


def test_bad_rows_are_quarantined(store, load):
    key = "incoming/acme/bad.csv"
    content = HEADING + "CNSHA,NLRTM,2026-01-01,5\n\nXXXXX,NLRTM,2026-01-32,0\n" + "CNSHA,NLRTM,2026-01-01,0\n" * 40_000
    version = put(store, key, content)
    done = load(url_of(key, version), exit_code=3)
    assert "line 4, origin: UNKNOWN_PORT" in done.stderr
    assert f"errors in s3://{BUCKET}/quarantine/{key}.errors.csv" in done.stderr
    assert store.read(BUCKET, "quarantine/" + key) == store.read(BUCKET, key) == content.encode()
    report = store.read(BUCKET, f"quarantine/{key}.errors.csv").decode().splitlines()
    assert report[:5] == ["row_index,line,field,reason,value", "1,4,origin,UNKNOWN_PORT,XXXXX",
                          "1,4,day,BAD_DATE,2026-01-32", "1,4,price,PRICE_OUT_OF_RANGE,0",
                          "2,5,price,PRICE_OUT_OF_RANGE,0"]
    assert len(report) == 1 + 3 + 40_000 and report[-1] == "40001,40004,price,PRICE_OUT_OF_RANGE,0"


@pytest.mark.parametrize("name, content, line, words", [
    ("cut.csv.gz", gzip.compress(csv(5, 9_999).encode())[:-50], "", "cut off"),
    ("damaged.csv.gz", gzip.compress(csv(5, 9_999).encode())[:40] + b"garbage" * 99, "", "damaged"),
    ("price.csv", HEADING + "CNSHA,NLRTM,2026-01-01,12.50\n", "2", "12.50"),
    ("columns.csv", "from,to\n1,2\n", "1", "origin is missing"),
    ("empty.csv", "", "", "empty")])
def test_files_that_are_none_are_quarantined(fairway, store, load, name, content, line, words):
    key, before = f"incoming/acme/{name}", batches(fairway)
    version = put(store, key, content)
    done = load(url_of(key, version), exit_code=5)
    assert words in done.stderr
    assert store.read(BUCKET, "quarantine/" + key) == store.read(BUCKET, key)
    report = store.read(BUCKET, f"quarantine/{key}.errors.csv").decode().splitlines()
    assert len(report) == 2 and words in report[1] and "FILE_CONTENT" in report[1]
    assert not line or report[1].split(",")[1] == line
    assert batches(fairway) == before


def test_files_are_named_after_their_bytes(fairway, load, tmp_path):
    path, before = tmp_path / "Acme Q1.csv", batches(fairway)
    path.write_text(csv(1))
    receipt = json.loads(load(path, "--partner", "acme", "--json").stdout)
    assert receipt["batch"]["batch_id"] == "acme-q1-" + hashlib.sha256(path.read_bytes()).hexdigest()[:24]
    assert json.loads(load(path, "--partner", "acme", "--json").stdout)["replayed"]
    path.write_text(csv(2))
    assert not json.loads(load(path, "--json", keys={"FAIRWAY_LOAD_PARTNER": "acme"}).stdout)["replayed"]
    load("-", "--partner", "acme", "--batch-id", "from-a-pipe", input=csv(3))
    assert batches(fairway) == before + 3
    path.write_text(HEADING + "CNSHA,NLRTM,2026-01-01,0\n")
    load(path, "--partner", "acme", "--error-report", tmp_path / "errors.csv", exit_code=3)
    assert (tmp_path / "errors.csv").read_text().splitlines()[1:] == ["0,2,price,PRICE_OUT_OF_RANGE,0"]


def test_the_same_event_five_times_at_once(fairway, store, load):
    key, before = "incoming/acme/five.csv", batches(fairway)
    version = put(store, key, csv(5, 50_000))
    receipts = []
    threads = [threading.Thread(target=lambda: receipts.append(
        json.loads(load(url_of(key, version), "--json").stdout))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 5 and sum(not receipt["replayed"] for receipt in receipts) == 1
    assert len({json.dumps(receipt["batch"]) for receipt in receipts}) == 1
    assert batches(fairway) == before + 1


@pytest.fixture(scope="module")
def large(fairway, store, tmp_path_factory):
    """A multipart object of many ranges: its key, version, prices and bytes."""
    path = tmp_path_factory.mktemp("load") / "large.csv"
    fairway.cli("generate", "--locations", LOCATIONS, "--lanes", LANES, "--days", 200, "-o", path)
    from boto3.s3.transfer import TransferConfig
    key = "incoming/acme/large.csv"
    store.s3.upload_file(str(path), BUCKET, key, Config=TransferConfig(
        multipart_threshold=RANGE_BYTES, multipart_chunksize=5 << 20, max_concurrency=2))
    head = store.s3.head_object(Bucket=BUCKET, Key=key)
    assert head["ETag"].endswith(f"-{-(-head['ContentLength'] // (5 << 20))}\""), "uploaded in parts"
    with open(path, "rb") as file:
        rows = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")) - 1
    path.unlink()
    return {"key": key, "version": head["VersionId"], "rows": rows, "bytes": head["ContentLength"]}


def start(fairway, proxy, large, *more):
    environment = {**os.environ, **stores.KEYS, "AWS_ENDPOINT_URL_S3": proxy.url}
    return subprocess.Popen(
        [processes.CLI, "--ingest-address", fairway.ingest.address, "load", url_of(large["key"], large["version"]),
         "--json", *more], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=processes.die_with_parent)


def finish(process):
    """Its receipt, and the most memory it had, in MB."""
    output, log = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, log
    return json.loads(output), usage.ru_maxrss / 1024


def test_killed_twice_there_is_one_copy(fairway, store, proxy, large):
    ranges = -(-large["bytes"] // RANGE_BYTES)
    prices, batches_before = fairway.sql("SELECT count(*) FROM prices")[0][0], batches(fairway)
    for part in (1 / 3, 2 / 3):
        proxy.expect(hold_at=round(ranges * part))
        process = start(fairway, proxy, large)
        assert proxy.held.wait(300), "it is in the middle of the object"
        process.kill()
        process.communicate()
        proxy.release()
        assert fairway.sql("SELECT count(*) FROM prices") == [(prices,)], "nothing of it is to be seen"
    proxy.expect()
    began = time.monotonic()
    receipt, megabytes = finish(start(fairway, proxy, large))
    seconds = time.monotonic() - began
    print(f"{large['rows']} prices, {large['bytes'] / 1e6:.0f} MB: {seconds:.1f} s, "
          f"the loader took {megabytes:.0f} MB at most")
    assert proxy.ranges == ranges and not receipt["replayed"]
    assert int(receipt["batch"]["row_count"]) == large["rows"]
    assert fairway.sql("SELECT count(*) FROM prices") == [(prices + large["rows"],)], "one copy"
    assert batches(fairway) == batches_before + 1
    assert megabytes < LOADER_MEGABYTES_MAX
    # The event comes again, and again.
    for _ in range(5):
        proxy.expect()
        again, _ = finish(start(fairway, proxy, large))
        assert again["replayed"] and again["batch"] == receipt["batch"]
        assert proxy.ranges == 0, "not a byte was read"
    assert batches(fairway) == batches_before + 1


def test_cut_connections_cost_a_range_each(fairway, proxy, large):
    ranges = -(-large["bytes"] // RANGE_BYTES)
    proxy.expect(cut=lambda number: number % 2 == 1)
    receipt, _ = finish(start(fairway, proxy, large, "--partner", "cuts"))
    assert int(receipt["batch"]["row_count"]) == large["rows"] and not receipt["replayed"]
    assert proxy.ranges == 2 * ranges
