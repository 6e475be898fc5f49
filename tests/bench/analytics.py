"""What is asked of many prices at once, beside DuckDB over the same prices: both answer in memory, with all cores."""

import csv
import json
import math
import statistics
import time

import grpc
from fairway.v1 import rate_query_service_pb2 as query_pb2, rate_query_service_pb2_grpc as query_grpc

import duckdb_table as duckdb
from load import frame, in_turns
from processes import run_cli
from report import Row
from stack import LOCATIONS, seconds

FIRST, LAST = "2026-01-01", "2026-01-31"
STATISTICS = ("MIN", "P25", "MEDIAN", "P75", "MAX")
SERVICE = "/fairway.v1.RateQueryService/"
# Of one round: so many questions to each, each asked when the one before is answered.
CALLS, STATEMENTS = 200, 5


class Regions:
    """Which ports lie in which region."""

    def __init__(self):
        with open(LOCATIONS, encoding="utf-8") as file:
            locations = list(csv.DictReader(file))
        self._parents = {location["code"]: location["parent"] for location in locations}
        self._ports = [location["code"] for location in locations if location["kind"] == "port"]

    def ports(self, location):
        return [port for port in self._ports if self._lies_in(port, location)]

    def _lies_in(self, code, location):
        while code and code != location:
            code = self._parents[code]
        return bool(code)


def measure(stack, settings):
    file, count = stack.prices_file(*settings.analytics)
    duck = duckdb.DuckDb()
    try:
        row, query = _first_answer(stack, duck, file, count, settings)
        return [row] + _Questions(query, duck, settings).measure()
    finally:
        duck.close()


def _first_answer(stack, duck, file, count, settings):
    """From a CSV file to an answer about all of it: upload, follow and ask; read, order and ask. Fairway keeps it, too."""
    ours, theirs = [], []
    for number in range(settings.loads):
        statement = duckdb.averages(f"day BETWEEN '{FIRST}' AND '{LAST}'")
        theirs.append(duck.load(file) + duck.run(statement)[0])
        database = stack.database(f"analytics_{number}")
        query = database.query()
        ours.append(seconds(lambda: _upload_and_ask(database, query, file)))
        if number + 1 < settings.loads:
            query.stop()
            database.drop()
    fairway, other = statistics.median(ours), statistics.median(theirs)
    return Row(f"CSV file of {count:,} prices to the first answer", other / fairway, goal=2.5, fairway=f"{fairway:.2f} s",
               against=f"DuckDB, {other:.2f} s"), query


def _upload_and_ask(database, query, file):
    receipt = json.loads(run_cli("upload", file, "--partner", "bench", "--batch-id", "analytics", "--json",
                                 env=database.client).stdout)
    version = int(receipt["batch"]["committed_version"])
    stub = query_grpc.RateQueryServiceStub(grpc.insecure_channel(query.address))
    request = query_pb2.GetDailyRatesRequest(origin="world", destination="world", first_date=FIRST, last_date=LAST)
    # From memory: a query that requires the version would be answered by PostgreSQL as long as it is not there.
    while stub.GetDailyRates(request, wait_for_ready=True).dataset_version < version:
        time.sleep(0.002)


class _Questions:
    """Each question is put to both, in turns, and both must give the same answer."""

    def __init__(self, query, duck, settings):
        self._query, self._duck, self._settings = query, duck, settings
        self._stub = query_grpc.RateQueryServiceStub(grpc.insecure_channel(
            query.address, options=[("grpc.max_receive_message_length", 64 << 20)]))
        self._regions = Regions()

    def measure(self):
        lanes = self._duck.run("SELECT origin, destination FROM prices GROUP BY ALL ORDER BY count(*) DESC, origin, destination "
                              "LIMIT 100")[1]
        port = lanes[0]
        return [self._compare("averages port → port", port, 1),
                self._compare("averages region → region", ("east_asia", "north_europe"), 304),
                self._compare("averages world → world", ("world", "world"), 470),
                self._compare("percentiles port → port", port, 1, STATISTICS),
                self._compare("percentiles region → region", ("asia", "europe"), 50, STATISTICS),
                self._compare("percentiles world → world", ("world", "world"), 10, STATISTICS),
                self._batch(lanes), self._export()]

    def _where(self, origin, destination):
        return (f"{duckdb.among('origin', self._regions.ports(origin))} AND "
                f"{duckdb.among('destination', self._regions.ports(destination))} AND "
                f"day BETWEEN '{FIRST}' AND '{LAST}'")

    def _compare(self, what, lane, goal, wanted=()):
        request = query_pb2.GetDailyRatesRequest(origin=lane[0], destination=lane[1], first_date=FIRST, last_date=LAST,
                                                 statistics=[f"RATE_STATISTIC_{name}" for name in wanted])
        where = self._where(*lane)
        statement = duckdb.percentiles(where) if wanted else duckdb.averages(where)
        answer = self._stub.GetDailyRates(request)
        self._agree(answer, self._duck.run(statement)[1], wanted)
        # Of a request like this no reply is kept: each is computed.
        request.consistency.at_least = answer.dataset_version
        return self._row(f"{what}, 31 days", "GetDailyRates", request, statement, goal)

    @staticmethod
    def _agree(answer, rows, wanted):
        ours = {rate.day: rate for rate in answer.rates if rate.price_count}
        assert len(ours) == len(rows), (len(ours), len(rows))
        for day, *values, count in rows:
            rate = ours[day]
            assert rate.price_count == int(count), (rate, count)
            if rate.price_count < 3:
                continue
            found = [getattr(rate, name.lower()) for name in wanted] if wanted else [rate.average]
            assert all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(found, values, strict=True)), (found, values)

    def _batch(self, lanes):
        request = query_pb2.BatchGetDailyRatesRequest(
            lanes=[query_pb2.Lane(origin=origin, destination=destination) for origin, destination in lanes],
            first_date=FIRST, last_date=LAST)
        pairs = ", ".join(f"('{origin}', '{destination}')" for origin, destination in lanes)
        where = f"(origin, destination) IN ({pairs}) AND day BETWEEN '{FIRST}' AND '{LAST}'"
        return self._row("100 lanes × 31 days", "BatchGetDailyRates", request, duckdb.by_lane(where), 100)

    def _export(self):
        request = query_pb2.ExportDailyRatesRequest(first_date=FIRST, last_date=LAST)
        return self._row("all lanes × 31 days", "ExportDailyRates", request,
                         duckdb.by_lane(f"day BETWEEN '{FIRST}' AND '{LAST}'"), 5)

    def _row(self, what, method, request, statement, goal):
        """The median time of an answer, of each."""
        ours, theirs = [], []
        for _ in range(self._settings.rounds):
            theirs.append(statistics.median(self._duck.run(statement)[0] * 1000 for _ in range(STATEMENTS)))
            ours.append(self._milliseconds(method, request))
        fairway, duck = statistics.median(ours), statistics.median(theirs)
        return Row(what, duck / fairway, goal=goal, fairway=f"{fairway:.3g} ms", against=f"DuckDB, {duck:.3g} ms")

    def _milliseconds(self, method, request):
        outcome = in_turns(self._query.port, frame(request.SerializeToString()), CALLS, SERVICE + method)
        assert outcome.failed == 0
        return statistics.median(took for _, took in outcome.calls)
