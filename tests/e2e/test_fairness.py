"""Nobody starves others: what computes for long leaves threads to the rest, stops when nobody waits, and is capped."""

import contextlib
import re
import time

import grpc
import psycopg2
import pytest

import clients
import prices
import processes
from test_surface import http

PORTS = [f"AA{number}" for number in range(100, 150)]
ROWS = 400_000
DAYS = {"first_date": "2026-01-01", "last_date": "2027-03-19"}  # As many as a batch of lanes may have.
EXPORTS_PER_CONNECTION_MAX = 32
pb = clients.query_pb2
ALL = [pb.RATE_STATISTIC_MEDIAN]


@pytest.fixture(scope="module", autouse=True)
def data(fairway):
    clients.import_ports(fairway, {"world": PORTS})
    rows = prices.make_prices(ROWS, PORTS, seed=1, days=443)
    fairway.stub_ingest.UploadBatch(prices.messages("acme", "fairness", rows, chunk_rows=16_384))
    clients.await_newest(fairway)


@contextlib.contextmanager
def connection(fairway):
    """Of its own, so that no other call waits for it on the client's side."""
    options = [("grpc.use_local_subchannel_pool", 1)]
    with grpc.insecure_channel(fairway.query.address, options=options) as channel:
        yield clients.query_grpc.RateQueryServiceStub(channel)


def handled(fairway, method):
    """How many calls of a method have ended, in whichever way."""
    pattern = rf'^grpc_server_handled_total\{{[^}}]*grpc_method="{method}"[^}}]*\}} (\d+)$'
    return sum(map(int, re.findall(pattern, http(fairway.query.admin_port, "/metrics")[1], re.MULTILINE)))


def begin_long_calls(stub, count):
    """Percentiles of all prices, a hundred times in each call."""
    request = pb.BatchGetDailyRatesRequest(lanes=[pb.Lane(origin="world", destination="world")] * 100,
                                           statistics=ALL, **DAYS)
    return [stub.BatchGetDailyRates.future(request, timeout=120) for _ in range(count)]


def short_questions(stub):
    world = pb.GetDailyRatesRequest(origin="world", destination="world", **DAYS)
    fan = pb.GetDailyRatesRequest(origin=PORTS[0], destination="world", **DAYS)
    return {"the dataset": lambda: stub.GetDataset(pb.GetDatasetRequest(), timeout=60),
            "locations": lambda: stub.ListLocations(pb.ListLocationsRequest(), timeout=60),
            "totals": lambda: stub.GetDailyRates(world, timeout=60),
            "a port to the world": lambda: stub.GetDailyRates(fan, timeout=60),
            "a watch": lambda: next(stub.WatchCommits(pb.WatchCommitsRequest(), timeout=60))}


def test_what_computes_for_long_holds_up_nobody(fairway):
    ended = handled(fairway, "BatchGetDailyRates")
    with connection(fairway) as busy, connection(fairway) as stub:
        calls = begin_long_calls(busy, 8)
        time.sleep(0.1)  # Until some of them run.
        for name, ask in short_questions(stub).items():
            start = time.monotonic()
            ask()
            print(f"{name}: {1000 * (time.monotonic() - start):.1f} ms beside eight long calls")
            assert not any(call.done() for call in calls[2:]), f"{name} waited for long calls"
        start = time.monotonic()
        for call in calls:
            call.cancel()
        processes.wait_until(lambda: handled(fairway, "BatchGetDailyRates") == ended + len(calls), seconds=5)
        print(f"all of them stopped within {1000 * (time.monotonic() - start):.0f} ms")


def test_wide_queries_do_not_run_on_the_threads_of_all(fairway):
    """What has no totals is computed elsewhere: who asks for totals is answered before many who do not."""
    wide = pb.GetDailyRatesRequest(origin="world", destination="world", statistics=ALL, **DAYS)
    totals = pb.GetDailyRatesRequest(origin="world", destination="world", **DAYS)
    with connection(fairway) as busy, connection(fairway) as stub:
        stub.GetDailyRates(totals)
        calls = [busy.GetDailyRates.future(wide, timeout=120) for _ in range(200)]
        for _ in range(20):
            stub.GetDailyRates(totals, timeout=60)
        outstanding = sum(not call.done() for call in calls)
        for call in calls:
            call.cancel()
    assert outstanding > len(calls) / 2, outstanding


def waiting_statements(fairway):
    return fairway.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                       "AND wait_event_type = 'Lock'")[0][0]


@pytest.mark.parametrize("name", ["a query", "an export", "a list of batches", "an upload"])
def test_statements_that_nobody_waits_for_end_in_postgresql_too(fairway, name):
    """They wait for a lock, as they would compute."""
    old = pb.Consistency(exact=1)  # Not in memory.
    lane = {"origin": PORTS[0], "destination": PORTS[1]}
    begin = {
        "a query": lambda: fairway.stub_query.GetDailyRates.future(
            pb.GetDailyRatesRequest(**lane, consistency=old, **DAYS)),
        "an export": lambda: fairway.stub_query.ExportDailyRates(pb.ExportDailyRatesRequest(consistency=old, **DAYS)),
        "a list of batches": lambda: fairway.stub_ingest.ListBatches.future(clients.ingest_pb2.ListBatchesRequest()),
        "an upload": lambda: fairway.stub_ingest.UploadBatch.future(
            prices.messages("acme", "given-up", prices.make_prices(10, PORTS, seed=2)))}
    with contextlib.closing(psycopg2.connect(fairway.dsn)) as holder:
        holder.cursor().execute("LOCK TABLE fairway.price_series, fairway.batches")
        call = begin[name]()
        processes.wait_until(lambda: waiting_statements(fairway) > 0)
        start = time.monotonic()
        call.cancel()
        processes.wait_until(lambda: waiting_statements(fairway) == 0, seconds=5)
        print(f"{name} ended within {1000 * (time.monotonic() - start):.0f} ms")


def test_exports_from_the_database_hold_up_no_watch(fairway):
    with contextlib.closing(psycopg2.connect(fairway.dsn)) as holder, connection(fairway) as busy:
        holder.cursor().execute("LOCK TABLE fairway.price_series")
        request = pb.ExportDailyRatesRequest(consistency=pb.Consistency(exact=1), **DAYS)
        exports = [busy.ExportDailyRates(request, timeout=120) for _ in range(20)]
        processes.wait_until(lambda: waiting_statements(fairway) > 0)
        assert next(fairway.stub_query.WatchCommits(pb.WatchCommitsRequest(), timeout=20)).version == 1
        for export in exports:
            export.cancel()


def test_exports_of_a_connection_are_capped(fairway):
    request = pb.ExportDailyRatesRequest(**DAYS)
    with connection(fairway) as stub:
        exports = [stub.ExportDailyRates(request, timeout=60) for _ in range(EXPORTS_PER_CONNECTION_MAX + 8)]
        processes.wait_until(lambda: sum(export.done() for export in exports) >= 8)
        refused = [clients.Failure(export) for export in exports if export.done()]
        assert {(failure.code, failure.reason) for failure in refused} == {(grpc.StatusCode.UNAVAILABLE, "OVERLOADED")}
        assert len(refused) == 8
        for export in exports:
            export.cancel()

    def is_taken():
        with connection(fairway) as stub:
            try:
                return next(stub.ExportDailyRates(request, timeout=60)).lanes
            except grpc.RpcError as error:
                assert clients.Failure(error).reason == "OVERLOADED"
                return False

    processes.wait_until(is_taken)
