"""Daily rates, locations and the state of the data set."""

import datetime

import grpc
import pytest
from fairway.v1 import location_pb2
from google.protobuf import duration_pb2

import clients
import prices

DAY = datetime.date(2026, 1, 1)


@pytest.fixture(scope="module", autouse=True)
def data(fairway):
    fairway.stub_ingest.ImportLocations(clients.ingest_pb2.ImportLocationsRequest(
        regions=[location_pb2.Region(slug=slug, name=slug, parent=parent) for slug, parent in
                 [("world", ""), ("asia", "world"), ("china", "asia"), ("europe", "world"), ("empty", "europe")]],
        ports=[location_pb2.Port(code=code, name=f"Port of {code}", parent=parent) for code, parent in
               [("CNSHA", "china"), ("CNNGB", "china"), ("JPTYO", "asia"), ("NLRTM", "europe")]]))
    rows = [("CNSHA", "NLRTM", DAY, price) for price in (100, 100, 301)]
    rows += [("CNNGB", "NLRTM", DAY + datetime.timedelta(1), price) for price in (7, 8)]
    rows += [("JPTYO", "NLRTM", DAY + datetime.timedelta(1), 10_000_000)]
    return fairway.stub_ingest.UploadBatch(prices.messages("acme", "query-data", rows)).batch


def rates(fairway, origin, destination, **more):
    reply = clients.daily_rates(fairway, origin, destination, "2026-01-01", "2026-01-03", **more)
    names = clients.query_pb2.Availability.Name
    return [(rate.day, rate.price_count, names(rate.availability).removeprefix("AVAILABILITY_"),
             rate.average if rate.HasField("average") else None) for rate in reply.rates]


def test_the_three_cases_are_kept_apart(fairway):
    assert rates(fairway, "CNSHA", "NLRTM") == [
        ("2026-01-01", 3, "PUBLISHED", 167.0), ("2026-01-02", 0, "NO_PRICES", None), ("2026-01-03", 0, "NO_PRICES", None)]
    assert rates(fairway, "china", "europe")[1] == ("2026-01-02", 2, "TOO_FEW_PRICES", None)


def test_a_region_means_every_port_below(fairway):
    assert rates(fairway, "asia", "world")[1] == ("2026-01-02", 3, "PUBLISHED", (7 + 8 + 10_000_000) / 3)
    assert rates(fairway, "world", "world")[0][1] == 3
    assert rates(fairway, "empty", "world")[0][2] == "NO_PRICES"


def test_the_least_number_may_be_raised_and_not_lowered(fairway):
    assert rates(fairway, "CNSHA", "NLRTM", min_price_count=4)[0] == ("2026-01-01", 3, "TOO_FEW_PRICES", None)
    assert clients.failure_of(rates, fairway, "CNSHA", "NLRTM", min_price_count=2).reason == "INVALID_REQUEST"


@pytest.mark.parametrize("origin, first, last, code, reason, field", [
    ("XXXXX", "2026-01-01", "2026-01-02", "NOT_FOUND", "LOCATION_NOT_FOUND", None),
    ("atlantis", "2026-01-01", "2026-01-02", "NOT_FOUND", "LOCATION_NOT_FOUND", None),
    ("No Port", "2026-01-01", "2026-01-02", "INVALID_ARGUMENT", "INVALID_LOCATION", "origin"),
    ("", "2026-01-01", "2026-01-02", "INVALID_ARGUMENT", "INVALID_LOCATION", "origin"),
    ("CNSHA", "2026-02-30", "2026-03-02", "INVALID_ARGUMENT", "INVALID_DATE", "first_date"),
    ("CNSHA", "2026-01-01", "1.2.2026", "INVALID_ARGUMENT", "INVALID_DATE", "last_date"),
    ("CNSHA", "2026-01-02", "2026-01-01", "INVALID_ARGUMENT", "INVALID_RANGE", "last_date"),
    ("CNSHA", "2020-01-01", "2026-01-01", "INVALID_ARGUMENT", "RANGE_TOO_LARGE", "last_date")])
def test_errors_have_codes_reasons_and_fields(fairway, origin, first, last, code, reason, field):
    failure = clients.failure_of(clients.daily_rates, fairway, origin, "NLRTM", first, last)
    assert (failure.code.name, failure.reason, failure.domain) == (code, reason, "fairway")
    if field:
        assert field in failure.fields


def test_at_least_reads_ones_own_writes(fairway, data):
    assert rates(fairway, "CNSHA", "NLRTM", consistency={"at_least": data.committed_version})
    failure = clients.failure_of(rates, fairway, "CNSHA", "NLRTM",
                                 consistency={"at_least": data.committed_version + 1})
    assert (failure.code, failure.reason) == (grpc.StatusCode.UNAVAILABLE, "VERSION_NOT_YET_VISIBLE")
    assert failure.retry.seconds >= 1


def test_statistics_of_published_days(fairway):
    pb = clients.query_pb2
    reply = clients.daily_rates(fairway, "china", "europe", "2026-01-01", "2026-01-02",
                                statistics=[pb.RATE_STATISTIC_MIN, pb.RATE_STATISTIC_P75, pb.RATE_STATISTIC_MAX])
    day = reply.rates[0]
    assert (day.min, day.p75, day.max) == (100, 200.5, 301)
    assert not day.HasField("median"), "nobody asked for it"
    assert not reply.rates[1].HasField("min"), "two prices are too few"


def test_an_old_version_can_be_read_for_ever(fairway, data):
    assert rates(fairway, "CNSHA", "NLRTM", consistency={"exact": data.committed_version})[0][1] == 3
    assert rates(fairway, "CNSHA", "NLRTM", consistency={"exact": data.committed_version - 1})[0][1] == 0
    assert clients.failure_of(rates, fairway, "CNSHA", "NLRTM", consistency={
        "exact": data.committed_version + 1}).reason == "VERSION_NOT_YET_VISIBLE"


def test_staleness_can_be_bounded(fairway, data):
    assert rates(fairway, "CNSHA", "NLRTM", consistency={"max_staleness": duration_pb2.Duration(seconds=60)})[0][1] == 3
    assert rates(fairway, "CNSHA", "NLRTM", consistency={"max_staleness": duration_pb2.Duration()})[0][1] == 3


@pytest.mark.parametrize("seconds, nanos", [
    (-1, 0), (0, -1), (1, -1), (-1, 1), (0, 10**9), (315_576_000_001, 0), (2**63 - 1, 0), (-2**63, 0)])
def test_a_staleness_that_is_no_duration_is_refused(fairway, seconds, nanos):
    pb, span = clients.query_pb2, {"first_date": "2026-01-01", "last_date": "2026-01-02"}
    consistency = {"max_staleness": duration_pb2.Duration(seconds=seconds, nanos=nanos)}
    lane = {"origin": "CNSHA", "destination": "NLRTM"}
    for call in (lambda: fairway.stub_query.GetDailyRates(
                     pb.GetDailyRatesRequest(consistency=consistency, **lane, **span)),
                 lambda: fairway.stub_query.BatchGetDailyRates(
                     pb.BatchGetDailyRatesRequest(consistency=consistency, lanes=[lane], **span)),
                 lambda: list(fairway.stub_query.ExportDailyRates(
                     pb.ExportDailyRatesRequest(consistency=consistency, lanes=[lane], **span)))):
        failure = clients.failure_of(call)
        assert (failure.code, failure.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST")
        assert list(failure.fields) == ["consistency.max_staleness"]


def test_what_is_not_there_says_so(fairway):
    calls = [lambda: fairway.stub_ingest.CreateBatch(clients.ingest_pb2.CreateBatchRequest()),
             lambda: list(fairway.stub_ingest.AppendPrices(iter([]))),
             lambda: fairway.stub_ingest.CommitBatch(clients.ingest_pb2.CommitBatchRequest()),
             lambda: fairway.stub_ingest.CancelBatch(clients.ingest_pb2.CancelBatchRequest())]
    for call in calls:
        failure = clients.failure_of(call)
        assert (failure.code, failure.reason) == (grpc.StatusCode.UNIMPLEMENTED, "NOT_IMPLEMENTED")


def test_request_ids_come_back(fairway):
    _, call = fairway.stub_query.GetDataset.with_call(
        clients.query_pb2.GetDatasetRequest(), metadata=[("x-request-id", "mine-1")])
    assert ("x-request-id", "mine-1") in [(entry.key, entry.value) for entry in call.trailing_metadata()]


def test_the_dataset(fairway, data):
    clients.await_newest(fairway)
    dataset = fairway.stub_query.GetDataset(clients.query_pb2.GetDatasetRequest())
    assert dataset.newest_version == dataset.held_version == data.committed_version
    assert (dataset.price_count, dataset.lane_count, dataset.port_count, dataset.region_count) == (6, 3, 4, 5)
    assert dataset.newest_commit_time == data.commit_time
    assert dataset.engine == "memory"
    assert 0 < dataset.memory_bytes < 100_000
    assert dataset.lag.ToTimedelta() == datetime.timedelta(0)


def test_locations(fairway):
    clients.await_newest(fairway)
    pb, stub = clients.query_pb2, fairway.stub_query
    request, codes = pb.ListLocationsRequest(page_size=2), []
    while True:
        page = stub.ListLocations(request)
        codes += [location.code for location in page.locations]
        request.page_token = page.next_page_token
        if not page.next_page_token:
            break
    assert codes == ["CNNGB", "CNSHA", "JPTYO", "NLRTM", "asia", "china", "empty", "europe", "world"]
    below = stub.ListLocations(pb.ListLocationsRequest(region="asia", kind=location_pb2.LOCATION_KIND_PORT))
    assert [location.code for location in below.locations] == ["CNNGB", "CNSHA", "JPTYO"]
    prefixed = stub.ListLocations(pb.ListLocationsRequest(code_prefix="CN"))
    assert [location.code for location in prefixed.locations] == ["CNNGB", "CNSHA"]
    port = stub.GetLocation(pb.GetLocationRequest(code="CNSHA")).location
    assert (port.name, port.parent, list(port.ancestors), port.port_count) == (
        "Port of CNSHA", "china", ["china", "asia", "world"], 1)
    assert stub.GetLocation(pb.GetLocationRequest(code="asia")).location.port_count == 3
    assert clients.failure_of(stub.GetLocation, pb.GetLocationRequest(code="XXXXX")).reason == "LOCATION_NOT_FOUND"
