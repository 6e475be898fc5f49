"""What becomes one batch, and when a load is to be tried again."""

import hashlib
import json
import os
import subprocess
import threading

import processes
import store as stores
from objects import BUCKET, HEADING, batches, csv, put, url_of


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


def test_wrong_usage(load):
    for arguments in ([], ["s3://prices"], ["s3://prices/q1.csv"], ["s3://prices/incoming/Acme/q1.csv"],
                      ["--bucket", BUCKET], ["a.csv", "--bucket", BUCKET, "--key", "a"], ["a.csv"],
                      ["s3://prices/incoming/acme/q1.csv", "--version", "v"], ["a.csv", "--partner", "acme", "--key", "a"],
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
