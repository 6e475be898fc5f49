"""An object of many ranges: 1,000,000 prices, and 10,000,000 with FAIRWAY_TEST_LARGE=1."""

import json
import os
import subprocess
import time

import pytest

import processes
import store as stores
from objects import BUCKET, LOCATIONS, batches, url_of

LANES = 13_300 if os.environ.get("FAIRWAY_TEST_LARGE") else 1_330
RANGE_BYTES = 8 << 20
LOADER_MEGABYTES_MAX = 150


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
