"""PostgreSQL hangs while TCP lives: calls end by their deadline, and SIGTERM is obeyed within its grace."""

import re
import signal
import threading
import time
import urllib.request

import grpc

import clients
import prices

PORTS = ["AAAAA", "AAAAB", "BBBBA"]
GRACE_SECONDS = 1
# What the slowest of these machines needs besides.
SLACK_SECONDS = 6
SERVICE_FLAGS = ["--drain", "0", "--shutdown", str(GRACE_SECONDS)]


def ended_calls(service, method):
    """How many calls of `method` the service says it has answered."""
    with urllib.request.urlopen(f"http://127.0.0.1:{service.admin_port}/metrics", timeout=10) as reply:
        text = reply.read().decode()
    return sum(float(value) for value in re.findall(
        r"^grpc_server_handled_total\{[^}]*grpc_method=\"" + method + r"\"[^}]*\} (\S+)$", text, re.MULTILINE))


def test_a_hung_database_holds_no_call_and_no_service(app):
    clients.import_ports(app, {"world": PORTS})
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
