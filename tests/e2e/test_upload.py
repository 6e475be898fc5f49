"""Uploads: whole or not at all, exactly once, and reported plainly."""

import datetime
import threading

import grpc
import pytest
from fairway.v1 import batch_pb2

import clients
import prices

PORTS = ["CNSHA", "CNNGB", "NLRTM", "DEHAM", "USLAX"]


@pytest.fixture(scope="module", autouse=True)
def locations(fairway):
    clients.import_ports(fairway, {"asia": PORTS[:2], "europe": PORTS[2:4], "america": PORTS[4:]})


def stored(fairway, batch_id):
    return fairway.sql("SELECT coalesce(sum(price_count), 0) FROM fairway.price_series WHERE batch IN "
                       "(SELECT id FROM fairway.batches WHERE batch_id = %s)", batch_id)[0][0]


def upload(fairway, batch_id, rows, **options):
    return fairway.stub_ingest.UploadBatch(prices.messages("acme", batch_id, rows, **options))


@pytest.mark.parametrize("form", [prices.row_chunk, prices.column_chunk], ids=["rows", "columns"])
def test_what_was_uploaded_is_read_back(fairway, form):
    rows = prices.make_prices(5_000, PORTS, seed=form.__name__, days=10)
    before = fairway.sql("SELECT count(*) FROM prices")[0][0]
    receipt = upload(fairway, "batch-" + form.__name__.replace("_", "-"), rows, form=form, label="a label").batch
    assert (receipt.row_count, receipt.digest, receipt.label) == (5_000, prices.digest(rows), "a label")
    assert receipt.lane_count == len({row[:2] for row in rows})
    assert (receipt.first_date, receipt.last_date) == ("2026-01-01", "2026-01-10")
    assert fairway.sql("SELECT count(*) FROM prices")[0][0] == before + 5_000
    expected = fairway.sql("SELECT day, count(*), avg(price)::float8 FROM prices WHERE orig_code = 'CNSHA' "
                           "AND dest_code = 'NLRTM' GROUP BY 1")
    reply = clients.daily_rates(fairway, "CNSHA", "NLRTM", "2026-01-01", "2026-01-10",
                                consistency={"at_least": receipt.committed_version})
    assert reply.dataset_version >= receipt.committed_version
    read = {rate.day: (rate.price_count, rate.average) for rate in reply.rates if rate.HasField("average")}
    assert read == {str(day): (count, pytest.approx(average, rel=1e-12))
                    for day, count, average in expected if count >= 3}


def test_form_order_and_chunking_do_not_change_a_batch(fairway):
    rows = prices.make_prices(3_000, PORTS, seed=7)
    first = upload(fairway, "same-1", rows)
    second = upload(fairway, "same-1", list(reversed(rows)), form=prices.row_chunk, chunk_rows=77)
    assert second.replayed and not first.replayed
    assert second.batch == first.batch
    assert stored(fairway, "same-1") == 3_000


def test_a_declared_digest_is_answered_without_rows(fairway):
    rows = prices.make_prices(100, PORTS, seed=8)
    first = upload(fairway, "declared", rows, declared_digest=prices.digest(rows), declared_row_count=100)
    again = upload(fairway, "declared", [], declared_digest=prices.digest(rows))
    assert again.replayed and again.batch == first.batch
    other = clients.failure_of(upload, fairway, "declared", [], declared_digest=prices.digest(rows), declared_row_count=99)
    assert other.reason == "CONTENT_INCOMPLETE" and list(other.fields) == ["header.declared_row_count"]


def test_the_same_id_with_other_content_is_refused_with_both_digests(fairway):
    rows = prices.make_prices(1_000, PORTS, seed=9)
    upload(fairway, "mismatch", rows)
    changed = rows[:-1] + [(*rows[-1][:3], rows[-1][3] + 1)]
    for header in ({}, {"declared_digest": prices.digest(changed)}):
        failure = clients.failure_of(upload, fairway, "mismatch", changed, **header)
        assert (failure.code, failure.reason) == (grpc.StatusCode.ALREADY_EXISTS, "BATCH_ID_CONTENT_MISMATCH")
        assert failure.metadata["committed_digest"] == prices.digest(rows)
        assert failure.metadata["sent_digest"] == prices.digest(changed)
    assert stored(fairway, "mismatch") == 1_000


def test_seven_bad_rows_of_fifty_thousand_are_all_reported(fairway):
    rows = prices.make_prices(50_000, PORTS, seed=10)
    day = datetime.date(2026, 1, 1)
    bad = {17: ("XXXXX", "NLRTM", day, 5), 4_000: ("CNSHA", "asia", day, 5), 9_999: ("CNSHA", "NLRTM", "2026-02-30", 5),
           10_000: ("CNSHA", "NLRTM", "1989-12-31", 5), 25_000: ("CNSHA", "NLRTM", day, 0),
           33_333: ("CNSHA", "NLRTM", day, 10_000_001), 49_999: ("", "NLRTM", day, 5)}
    bad_rows = [(17, "origin", "UNKNOWN_PORT", "XXXXX"), (4_000, "destination", "NOT_A_PORT", "asia"),
                (9_999, "day", "BAD_DATE", "2026-02-30"), (10_000, "day", "DATE_OUT_OF_RANGE", "1989-12-31"),
                (25_000, "price", "PRICE_OUT_OF_RANGE", "0"), (33_333, "price", "PRICE_OUT_OF_RANGE", "10000001"),
                (49_999, "origin", "MISSING_FIELD", "")]
    for index, row in bad.items():
        rows[index] = row
    failure = clients.failure_of(upload, fairway, "seven", rows, form=prices.row_chunk)
    assert (failure.code, failure.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "BATCH_HAS_INVALID_ROWS")
    assert failure.fields == {f"rows[{index}].{field}": f'{reason}: "{value}"' for index, field, reason, value in bad_rows}
    assert failure.metadata["bad_row_count"] == "7" and failure.metadata["PRICE_OUT_OF_RANGE"] == "2"
    assert stored(fairway, "seven") == 0
    page = fairway.stub_ingest.ListBatchErrors(clients.ingest_pb2.ListBatchErrorsRequest(
        partner="acme", batch_id="seven"))
    name = batch_pb2.RowErrorReason.Name
    assert [(error.row_index, error.field, name(error.reason).removeprefix("ROW_ERROR_REASON_"), error.value)
            for error in page.errors] == bad_rows
    good = prices.make_prices(10, PORTS, seed=11)
    assert upload(fairway, "seven", good).batch.row_count == 10, "the id is free for another attempt"


def test_a_million_bad_rows_are_counted_and_paged(fairway):
    chunk = [("ZZZZZ", "NLRTM", datetime.date(2026, 1, 1), 5)] * 50_000
    failure = clients.failure_of(upload, fairway, "million", chunk * 20, chunk_rows=50_000)
    assert failure.reason == "BATCH_HAS_INVALID_ROWS"
    assert failure.trailer_bytes <= 4096
    assert len(failure.fields) == 20
    assert failure.metadata["UNKNOWN_PORT"] == failure.metadata["bad_row_count"] == "1000000"
    request = clients.ingest_pb2.ListBatchErrorsRequest(partner="acme", batch_id="million", page_size=1000)
    indices = []
    while True:
        page = fairway.stub_ingest.ListBatchErrors(request)
        assert (page.error_count, page.bad_row_count, page.stored_error_count) == (1_000_000, 1_000_000, 1_000)
        indices += [error.row_index for error in page.errors]
        request.page_token = page.next_page_token
        if not page.next_page_token:
            break
    assert indices == list(range(1_000))


def test_one_of_many_uploads_of_an_id_commits(fairway):
    rows = prices.make_prices(20_000, PORTS, seed=12)
    outcomes = []

    def attempt():
        try:
            outcomes.append("replayed" if upload(fairway, "raced", rows).replayed else "committed")
        except grpc.RpcError as error:
            outcomes.append(clients.Failure(error).reason)

    threads = [threading.Thread(target=attempt) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("committed") == 1
    assert set(outcomes) <= {"committed", "replayed", "BATCH_IN_PROGRESS"}
    assert stored(fairway, "raced") == 20_000


@pytest.mark.parametrize("header, reason", [
    ({"batch_id": "No"}, "INVALID_BATCH_ID"), ({"partner": ""}, "INVALID_PARTNER"),
    ({"label": "x" * 129}, "INVALID_LABEL"), ({"declared_row_count": 0}, "INVALID_REQUEST"),
    ({"declared_digest": "md5"}, "INVALID_REQUEST"), ({"validate_only": True}, "NOT_IMPLEMENTED"),
    ({"supersedes": "batch-1"}, "NOT_IMPLEMENTED")])
def test_a_wrong_header_is_refused_before_rows_flow(fairway, header, reason):
    answered = threading.Event()

    def requests():
        yield clients.ingest_pb2.UploadBatchRequest(header={"partner": "acme", "batch_id": "header-test", **header})
        answered.wait(30)  # The answer must come while the client would still have rows to send.

    failure = clients.failure_of(fairway.stub_ingest.UploadBatch, requests(), timeout=20)
    answered.set()
    assert failure.reason == reason


def test_content_must_be_what_was_declared(fairway):
    rows = prices.make_prices(10, PORTS, seed=13)
    for header in ({"declared_row_count": 11}, {"declared_digest": prices.digest(rows[1:])}):
        failure = clients.failure_of(upload, fairway, "incomplete", rows, **header)
        assert (failure.code, failure.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "CONTENT_INCOMPLETE")
        assert list(failure.fields) == [f"header.{name}" for name in header]
    assert clients.failure_of(upload, fairway, "incomplete", []).reason == "INVALID_REQUEST"
    assert stored(fairway, "incomplete") == 0


def upload_bytes(fairway, requests):
    call = fairway.channel_ingest.stream_unary(
        "/fairway.v1.PriceIngestService/UploadBatch", request_serializer=lambda request: request,
        response_deserializer=clients.ingest_pb2.UploadBatchResponse.FromString)
    return call(iter(requests), timeout=20)


def serialized(batch_id, rows, **header):
    return [request.SerializeToString() for request in prices.messages("acme", batch_id, rows, chunk_rows=5, **header)]


@pytest.mark.parametrize("message, reason", [(b"\xff", "INVALID_REQUEST"), (bytes(5 << 20), None)], ids=["nonsense", "too large"])
def test_a_message_that_cannot_be_read_does_not_end_a_batch(fairway, message, reason):
    *requests, end = serialized("unreadable", prices.make_prices(10, PORTS, seed=15))
    failure = clients.failure_of(upload_bytes, fairway, [*requests, message, end])
    assert reason is None or failure.reason == reason
    assert stored(fairway, "unreadable") == 0


def test_an_upload_says_where_it_ends(fairway):
    rows = prices.make_prices(10, PORTS, seed=16)
    *requests, end = serialized("said", rows)
    for sent, reason in [(requests, "BATCH_END_MISSING"), (requests[:1], "BATCH_END_MISSING"),
                         ([*requests, end, requests[-1]], "INVALID_REQUEST"), ([*requests, end, end], "INVALID_REQUEST"),
                         ([*requests[:-1], end], "CONTENT_INCOMPLETE")]:
        failure = clients.failure_of(upload_bytes, fairway, sent)
        assert failure.reason == reason
        assert reason != "CONTENT_INCOMPLETE" or list(failure.fields) == ["end.row_count"]
        assert stored(fairway, "said") == 0
    for digest in (prices.digest(rows[1:]), prices.digest(rows)):
        said = clients.ingest_pb2.UploadBatchRequest(end=batch_pb2.BatchEnd(digest=digest)).SerializeToString()
        if digest != prices.digest(rows):
            failure = clients.failure_of(upload_bytes, fairway, [*requests, said])
            assert failure.reason == "CONTENT_INCOMPLETE" and list(failure.fields) == ["end.digest"]
    assert not upload_bytes(fairway, [*requests, said]).replayed
    *declared, _ = serialized("declared-count", rows, declared_row_count=10)
    assert upload_bytes(fairway, declared).batch.row_count == 10, "the header says what all is"


def test_batches_are_listed_and_shown(fairway):
    upload(fairway, "listed-1", prices.make_prices(5, PORTS, seed=14))
    batch = fairway.stub_ingest.GetBatch(clients.ingest_pb2.GetBatchRequest(partner="acme", batch_id="listed-1")).batch
    newest = fairway.stub_ingest.ListBatches(clients.ingest_pb2.ListBatchesRequest(page_size=1))
    assert newest.batches[0] == batch and newest.next_page_token
    failure = clients.failure_of(fairway.stub_ingest.ListBatches, clients.ingest_pb2.ListBatchesRequest(
        page_size=1, partner="acme", page_token=newest.next_page_token))
    assert failure.reason == "INVALID_PAGE_TOKEN", "a token belongs to its request"
    assert len(fairway.stub_ingest.ListBatches(clients.ingest_pb2.ListBatchesRequest(page_size=2**31 - 1)).batches) > 1
    failure = clients.failure_of(fairway.stub_ingest.ListBatches, clients.ingest_pb2.ListBatchesRequest(page_size=-1))
    assert failure.reason == "INVALID_REQUEST" and list(failure.fields) == ["page_size"]
    missing = clients.failure_of(fairway.stub_ingest.GetBatch, clients.ingest_pb2.GetBatchRequest(
        partner="acme", batch_id="never-seen"))
    assert (missing.code, missing.reason) == (grpc.StatusCode.NOT_FOUND, "BATCH_NOT_FOUND")


@pytest.mark.parametrize("field", ["created_from", "created_before"])
@pytest.mark.parametrize("seconds, nanos", [
    (0, -1), (0, 10**9), (-62_135_596_801, 0), (253_402_300_800, 0), (2**63 - 1, 0), (-2**63, 0)])
def test_a_filter_by_a_time_that_is_none_is_refused(fairway, field, seconds, nanos):
    request = clients.ingest_pb2.ListBatchesRequest(**{field: {"seconds": seconds, "nanos": nanos}})
    failure = clients.failure_of(fairway.stub_ingest.ListBatches, request)
    assert (failure.code, failure.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FILTER")
    assert list(failure.fields) == [field]
