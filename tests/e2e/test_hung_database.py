"""PostgreSQL hangs while TCP lives: calls end by their deadline, and SIGTERM is obeyed within its grace."""

import re
import signal
import tempfile
import threading
import time
import types
import urllib.request

import grpc
import psycopg2
import pytest

import clients
import prices
import processes

PORTS = ["AAAAA", "AAAAB", "BBBBA"]
GRACE_SECONDS = 1
# What the slowest of these machines needs besides.
SLACK_SECONDS = 6


@pytest.fixture(name="app")
def fixture_app():
    """As the `fairway` fixture, on a cluster that may be stopped, with services that end soon."""
    with tempfile.TemporaryDirectory(prefix="fairway-e2e-", ignore_cleanup_errors=True) as folder:
        cluster = processes.Cluster(folder)
        connection = psycopg2.connect(cluster.dsn("postgres"))
        connection.autocommit = True
        connection.cursor().execute("CREATE DATABASE fairway")
        connection.close()
        flags = cluster.flags("fairway")
        processes.run_cli("migrate", *flags)
        app = types.SimpleNamespace(cluster=cluster, flags=flags, dsn=cluster.dsn("fairway"))
        ends_soon = ["--drain", "0", "--shutdown", str(GRACE_SECONDS)]
        app.ingest = processes.Service("ingest", [*flags, *ends_soon])
        app.query = processes.Service("query", [*flags, *ends_soon])
        clients.attach(app)
        clients.import_ports(app, {"world": PORTS})
        yield app
        cluster.signal_all(signal.SIGKILL)
        app.ingest.kill()
        app.query.kill()
        cluster.stop()


def ended_calls(service, method):
    """How many calls of `method` the service says it has answered."""
    with urllib.request.urlopen(f"http://127.0.0.1:{service.admin_port}/metrics", timeout=10) as reply:
        text = reply.read().decode()
    return sum(float(value) for value in re.findall(
        r"^grpc_server_handled_total\{[^}]*grpc_method=\"" + method + r"\"[^}]*\} (\S+)$", text, re.MULTILINE))


def test_a_hung_database_holds_no_call_and_no_service(app):
    rows = prices.make_prices(1000, PORTS, seed=1)
    app.stub_ingest.UploadBatch(prices.messages("acme", "before", rows))
    clients.await_newest(app)
    ended = ended_calls(app.ingest, "GetBatch")
    app.cluster.signal_all(signal.SIGSTOP)
    get = clients.ingest_pb2.GetBatchRequest(partner="acme", batch_id="before")
    start = time.monotonic()
    calls = [app.stub_ingest.GetBatch.future(get, timeout=1) for _ in range(8)]
    assert {call.code() for call in calls} == {grpc.StatusCode.DEADLINE_EXCEEDED}
    while ended_calls(app.ingest, "GetBatch") < ended + len(calls):
        assert time.monotonic() < start + 1 + SLACK_SECONDS, "the service still works for callers that are gone"
        time.sleep(0.02)
    print(f"eight calls with a deadline of 1 s were over after {time.monotonic() - start:.2f} s")
    # These would go on for ten minutes.
    old = clients.query_pb2.GetDailyRatesRequest(origin="world", destination="world", first_date="2026-01-01",
                                                 last_date="2026-01-31", consistency={"exact": 1})
    waiting = [app.stub_ingest.GetBatch.future(get, timeout=600), app.stub_query.GetDailyRates.future(old, timeout=600),
               app.stub_ingest.UploadBatch.future(prices.messages("acme", "after", rows), timeout=600)]
    start = time.monotonic()
    stoppers = [threading.Thread(target=service.stop) for service in (app.ingest, app.query)]
    for thread in stoppers:
        thread.start()
    for thread in stoppers:
        thread.join(GRACE_SECONDS + SLACK_SECONDS)
        assert not thread.is_alive(), "SIGTERM is not obeyed"
    print(f"SIGTERM was obeyed after {time.monotonic() - start:.2f} s, with a grace of {GRACE_SECONDS} s")
    assert all(call.code() != grpc.StatusCode.OK for call in waiting)
