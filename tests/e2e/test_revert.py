"""Batches that are taken out again: whole, as one version, for every reader."""

import datetime
import threading

import grpc
import pytest

import clients
import prices

PORTS = ["CNSHA", "CNNGB", "NLRTM"]
pb = clients.query_pb2
RANGE = {"first_date": "2026-01-01", "last_date": "2026-01-31"}


@pytest.fixture(scope="module", autouse=True)
def locations(fairway):
    clients.import_ports(fairway, {"asia": PORTS[:2], "europe": PORTS[2:]})


def upload(fairway, batch_id, seed, count=2_000):
    rows = prices.make_prices(count, PORTS, seed=seed)
    return fairway.stub_ingest.UploadBatch(prices.messages("acme", batch_id, rows)).batch


def revert(fairway, batch_id):
    return fairway.stub_ingest.RevertBatch(clients.ingest_pb2.RevertBatchRequest(partner="acme", batch_id=batch_id))


def count_at(fairway, **consistency):
    """Prices that the version has, within the range."""
    reply = fairway.stub_query.GetDailyRates(pb.GetDailyRatesRequest(
        origin="asia", destination="europe", consistency=pb.Consistency(**consistency), **RANGE))
    return sum(day.price_count for day in reply.rates)


def test_its_prices_count_no_more_for_anybody(fairway):
    upload(fairway, "kept-1", seed=1)
    mistake = upload(fairway, "mistake-1", seed=2)
    both = count_at(fairway, at_least=mistake.committed_version)
    in_sql = fairway.sql("SELECT count(*) FROM prices")[0][0]
    reverted = revert(fairway, "mistake-1").batch
    assert reverted.reverted_version == mistake.committed_version + 1
    newest = {"at_least": reverted.reverted_version, "version_id": reverted.reverted_version_id}
    kept = count_at(fairway, exact=mistake.committed_version - 1)
    assert 0 < count_at(fairway, **newest) == kept < both
    assert fairway.sql("SELECT count(*) FROM prices")[0][0] == in_sql - mistake.row_count
    assert count_at(fairway, exact=mistake.committed_version) == both, "earlier versions stay as they were"


def test_it_is_taken_out_once_and_its_id_stays_taken(fairway):
    upload(fairway, "mistake-2", seed=3)
    first = revert(fairway, "mistake-2")
    again = revert(fairway, "mistake-2")
    assert (first.replayed, again.replayed) == (False, True) and again.batch == first.batch
    failure = clients.failure_of(upload, fairway, "mistake-2", 3)
    assert (failure.code, failure.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "BATCH_REVERTED")
    assert upload(fairway, "mistake-2b", seed=3).digest == first.batch.digest, "another id brings the prices back"


def test_many_at_once_make_one_version(fairway):
    committed = upload(fairway, "mistake-3", seed=4)
    replies = []
    callers = [threading.Thread(target=lambda: replies.append(revert(fairway, "mistake-3"))) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert [reply.replayed for reply in replies].count(False) == 1
    assert {reply.batch.reverted_version for reply in replies} == {committed.committed_version + 1}


def test_what_is_not_committed_cannot_be_reverted(fairway):
    failure = clients.failure_of(revert, fairway, "never-seen")
    assert (failure.code, failure.reason) == (grpc.StatusCode.NOT_FOUND, "BATCH_NOT_FOUND")
    unknown_port = [("CNSHA", "XXXXX", datetime.date(2026, 1, 1), 1)]
    clients.failure_of(fairway.stub_ingest.UploadBatch, prices.messages("acme", "failed-1", unknown_port))
    failure = clients.failure_of(revert, fairway, "failed-1")
    assert (failure.code, failure.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "BATCH_NOT_COMMITTED")


def test_the_command(fairway):
    upload(fairway, "mistake-4", seed=5, count=1_234)
    done = fairway.cli("batches", "revert", "acme", "mistake-4").stdout
    assert done.startswith("reverted acme/mistake-4: 1,234 prices over 6 lanes, without them since version ")
    assert "had been reverted before: acme/mistake-4" in fairway.cli("batches", "revert", "acme", "mistake-4").stdout
    assert "upload them under another id" in fairway.cli("batches", "show", "acme", "mistake-4").stdout
    assert "mistake-4" in fairway.cli("batches", "list", "--state", "reverted").stdout
    refused = fairway.cli("batches", "revert", "acme", "never-seen", check=False)
    assert refused.returncode == 1 and "acme/never-seen" in refused.stderr
