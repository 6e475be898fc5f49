"""Row errors that are kept: the first of each reason, within a share of each partner, and for a month."""

import contextlib

import grpc
import psycopg2
import pytest
from fairway.v1 import batch_pb2, price_ingest_service_pb2 as ingest_pb2

import clients
import prices
import processes

PORTS = ["CNSHA", "NLRTM"]
REASONS = [value for value in batch_pb2.RowErrorReason.values() if value][:8]  # As many as a rejected row may have.
PER_REASON = 1_000
PER_PARTNER = 100_000


@pytest.fixture(scope="module", autouse=True)
def locations(fairway):
    clients.import_ports(fairway, {"world": PORTS})


def rejected(count):
    """Rows of which each has an error of each of REASONS."""
    errors = [batch_pb2.RowError(field="row", reason=reason, value="spoilt") for reason in REASONS]
    return batch_pb2.PriceChunk(rejected_rows=[
        batch_pb2.RejectedRow(position=position, errors=errors) for position in range(count)])


def refuse(fairway, partner, batch_id, rows):
    """An upload of so many rows, all of them bad."""
    messages = [ingest_pb2.UploadBatchRequest(header={"partner": partner, "batch_id": batch_id}),
                ingest_pb2.UploadBatchRequest(chunk=rejected(rows)), prices.end(rows)]
    failure = clients.failure_of(fairway.stub_ingest.UploadBatch, iter(messages), timeout=60)
    assert failure.reason == "BATCH_HAS_INVALID_ROWS"
    return failure


def page_of(fairway, partner, batch_id, **more):
    return fairway.stub_ingest.ListBatchErrors(ingest_pb2.ListBatchErrorsRequest(
        partner=partner, batch_id=batch_id, **more))


def kept(fairway, partner):
    return fairway.sql("SELECT count(*) FROM fairway.batch_errors WHERE batch IN "
                       "(SELECT id FROM fairway.batches WHERE partner = %s)", partner)[0][0]


def test_the_first_of_each_reason_are_kept_and_all_are_counted(fairway):
    failure = refuse(fairway, "counted", "batch-1", 1_500)
    names = [batch_pb2.RowErrorReason.Name(reason).removeprefix("ROW_ERROR_REASON_") for reason in REASONS]
    assert failure.metadata["bad_row_count"] == "1500" and failure.metadata["error_count"] == str(1_500 * len(REASONS))
    assert {name: failure.metadata[name] for name in names} == {name: "1500" for name in names}
    errors, token = [], ""
    while True:
        page = page_of(fairway, "counted", "batch-1", page_size=10_000, page_token=token)
        assert (page.error_count, page.bad_row_count, page.stored_error_count) == (
            1_500 * len(REASONS), 1_500, PER_REASON * len(REASONS))
        assert {count.reason: count.count for count in page.error_counts} == {reason: 1_500 for reason in REASONS}
        assert len(page.errors) <= 1_000, "a page size above the maximum is taken for the maximum"
        errors += page.errors
        token = page.next_page_token
        if not token:
            break
    assert [(error.row_index, error.reason) for error in errors] == [
        (row, reason) for row in range(PER_REASON) for reason in REASONS]
    assert kept(fairway, "counted") == PER_REASON * len(REASONS)


def test_another_attempt_replaces_the_errors_of_the_last_one(fairway):
    for rows in (30, 20):
        refuse(fairway, "again", "batch-1", rows)
        assert kept(fairway, "again") == rows * len(REASONS)
    fairway.stub_ingest.UploadBatch(prices.messages("again", "batch-1", prices.make_prices(10, PORTS, seed=1)))
    assert kept(fairway, "again") == 0


def test_a_partner_keeps_a_share_of_errors_and_its_oldest_go_first(fairway):
    refuse(fairway, "neighbour", "batch-1", 10)
    per_batch = PER_REASON * len(REASONS)
    batches = PER_PARTNER // per_batch + 2
    for number in range(batches):
        refuse(fairway, "clumsy", f"batch-{number}", PER_REASON)
        assert kept(fairway, "clumsy") == min(number + 1, PER_PARTNER // per_batch) * per_batch
    for number in range(batches):
        page = page_of(fairway, "clumsy", f"batch-{number}", page_size=1)
        assert (page.error_count, page.bad_row_count) == (per_batch, PER_REASON), "totals stay"
        assert page.stored_error_count == (0 if number < 2 else per_batch)
        assert len(page.errors) == (0 if number < 2 else 1)
    assert kept(fairway, "neighbour") == 10 * len(REASONS)


def test_attempts_that_failed_are_forgotten_after_a_month(fairway):
    for name in ("old-batch", "young-batch"):
        refuse(fairway, "monthly", name, 10)
    with contextlib.closing(psycopg2.connect(fairway.dsn)) as connection, connection:
        connection.cursor().execute(
            "UPDATE fairway.batches SET create_time = now() - CASE batch_id WHEN 'old-batch' THEN interval '31 days' "
            "ELSE interval '29 days' END WHERE partner = 'monthly'")
    sweeper = processes.Service("ingest", fairway.flags)  # Sweeps as it starts.
    processes.wait_until(lambda: kept(fairway, "monthly") == 10 * len(REASONS))
    sweeper.stop()
    assert len(page_of(fairway, "monthly", "young-batch").errors) == 10 * len(REASONS)
    failure = clients.failure_of(page_of, fairway, "monthly", "old-batch")
    assert (failure.code, failure.reason) == (grpc.StatusCode.NOT_FOUND, "BATCH_NOT_FOUND")
