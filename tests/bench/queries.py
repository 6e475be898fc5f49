"""How many queries a second, and how quick each is: beside gRPC alone, a bare server and the reference service."""

import concurrent.futures
import contextlib
import os
import statistics
import subprocess
import time
import urllib.request

import grpc

from load import FRAME, METHOD, h2load, paced, rates_request, wrk
from processes import BUILD, ROOT, die_with_parent, run_cli
from report import Row
from stack import median_in_turns

BARE_METHOD = "/fairway.bench.BareRates/GetRates"
DAYS = ("2026-01-01", "2026-01-31")


@contextlib.contextmanager
def _server(name, *arguments):
    process = subprocess.Popen([BUILD / "tests/bench" / name, *map(str, arguments)], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    yield int(process.stdout.readline())
    process.stdin.close()
    process.wait(30)


def raw_server(query, request):
    """gRPC's transport alone: a server of a constant reply, as long as that to `request`."""
    call = grpc.insecure_channel(query.address).unary_unary(METHOD)
    return _server("raw_server", len(call(request[FRAME:])))


def bare_server():
    """What one would write first."""
    return _server("bare_server")


@contextlib.contextmanager
def reference_service(stack, database):
    """Two gunicorn workers on a port of their own."""
    environment = {**os.environ, "REFERENCE_DSN": stack.cluster.dsn(database), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        ["/usr/bin/python3", "-m", "gunicorn", "--workers", "2", "--bind", "127.0.0.1:0", "--chdir", ROOT / "tests/bench",
         "reference_service:app"], env=environment, stderr=subprocess.PIPE, text=True, preexec_fn=die_with_parent)
    for line in process.stderr:
        if "Listening at:" in line:
            port = int(line.split("127.0.0.1:")[1].split()[0])
            break
    yield port
    process.terminate()
    process.wait(30)


def alternate(runs, **loads):
    """The median rate of each load; no call may fail."""
    def rate(load):
        outcome = load()
        assert outcome.failed == 0, f"{outcome.failed} calls failed"
        return outcome.rate

    return median_in_turns(runs, **{name: lambda load=load: rate(load) for name, load in loads.items()})


def regions_to_ask(stack, database):
    """A database of the reference data, a pair of its regions and days; the sample's regions without it."""
    dump = os.environ.get("FAIRWAY_REFERENCE_DUMP")
    if not dump:
        return database, rates_request("east_asia", "north_europe", *DAYS)
    database = stack.database("reference_data")
    run_cli("import-dump", dump, "--batch-id", "reference", env=database.client)
    return database, rates_request("china_main", "north_europe_main", "2021-01-01", "2021-01-31")


def throughput(stack, database, settings):
    lane = rates_request(*database.busiest_lane(), *DAYS)
    regions_database, regions = regions_to_ask(stack, database)
    query = database.query()
    others = {"ageless": database.query("--connection-age", "0"), "regions": regions_database.query(),
              "ageless_regions": regions_database.query("--connection-age", "0")}

    def load(port, request, method=METHOD):
        return lambda: h2load(port, request, calls=settings.calls, method=method)

    with (raw_server(query, lane) as raw, raw_server(others["regions"], regions) as raw_regions, bare_server() as bare):
        rates = alternate(settings.rounds, raw=load(raw, lane), lane=load(query.port, lane),
                          ageless=load(others["ageless"].port, lane), bare=load(bare, lane, BARE_METHOD),
                          regions=load(others["regions"].port, regions),
                          ageless_regions=load(others["ageless_regions"].port, regions),
                          raw_regions=load(raw_regions, regions))
    for other in others.values():
        other.stop()
    return _throughput_rows(rates), query, lane, rates["lane"]


def _throughput_rows(rates):
    rows = []
    for what, ours, ageless, raw in (("port → port", "lane", "ageless", "raw"),
                                     ("region → region", "regions", "ageless_regions", "raw_regions")):
        for how, mine, against, name, goal in (("", ours, "raw gRPC server", raw, 0.92),
                                               (", --connection-age 0", ageless, "raw gRPC server", raw, 0.92),
                                               ("", ours, "three-field server", "bare", 1.4)):
            rows.append(Row(f"query {what}, 31 days{how}", rates[mine] / rates[name], goal=goal,
                            fairway=f"{rates[mine]:,.0f}/s", against=f"{against}, {rates[name]:,.0f}/s"))
    return rows


def beside_reference(stack, database, reference, query, lane, settings):
    """The same prices, lane and days, asked of the reference service."""
    reference.copy("prices", stack.prices_file(*settings.upload)[0])
    reference.index()
    origin, destination = database.busiest_lane()
    with reference_service(stack, reference.NAME) as port:
        url = f"/rates?date_from={DAYS[0]}&date_to={DAYS[1]}&orig_code={origin}&dest_code={destination}"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{url}", timeout=60) as reply:
            assert len(reply.read()) > 31 * 20
        rates = alternate(settings.runs,
                          reference=lambda: wrk(port, url, settings.seconds),
                          lane=lambda: h2load(query.port, lane, settings.seconds))
    return [Row("query port → port, 31 days", rates["lane"] / rates["reference"], goal=40, fairway=f"{rates['lane']:,.0f}/s",
                against=f"reference HTTP service, {rates['reference']:,.0f}/s")]


def latency(query, lane, settings):
    with raw_server(query, lane) as raw:
        ports = {"fairway": query.port, "raw": raw}
        idle = _idle(ports, lane, settings)
        half = [_half_of_peak(ports, lane, settings) for _ in range(settings.rounds)]
    p99 = {name: statistics.median(outcomes[name].p99 for outcomes in half) for name in ports}
    rate = statistics.median(outcomes["fairway"].rate for outcomes in half)
    return [Row("p99 of a query a second, after idleness", idle["fairway"].p99, "ms", 2, True,
                fairway=f"{len(idle['fairway'].calls)} calls", against=f"raw gRPC server, {idle['raw'].p99:.2f} ms"),
            Row("p99 of queries at half of the peak", p99["fairway"] / p99["raw"], goal=1.3, at_most=True,
                fairway=f"{rate:,.0f}/s, {p99['fairway']:.2f} ms", against=f"raw gRPC server, {p99['raw']:.2f} ms")]


def _idle(ports, lane, settings):
    """A call a second to each, side by side."""
    time.sleep(2)  # The idleness that is measured.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        running = {name: pool.submit(paced, port, lane, settings.idle_seconds, rate=1, connections=1)
                   for name, port in ports.items()}
        outcomes = {name: run.result() for name, run in running.items()}
    assert all(outcome.failed == 0 for outcome in outcomes.values())
    return outcomes


def _half_of_peak(ports, lane, settings):
    """One after the other at the same rate: half of what Fairway can do in this minute."""
    rate = h2load(ports["fairway"], lane, 1).rate / 2
    outcomes = {name: paced(port, lane, settings.seconds, rate) for name, port in ports.items()}
    assert all(outcome.failed == 0 for outcome in outcomes.values())
    return outcomes
