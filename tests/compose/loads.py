"""What calls the stack while something is done to it: queries whose answers are looked at, and the load of a day with an
account."""

import json
import pathlib
import subprocess
import threading
import time
import urllib.request

import grpc
from fairway.v1 import rate_query_service_pb2 as query_pb2

ROOT = pathlib.Path(__file__).resolve().parents[2]
REQUEST = query_pb2.GetDailyRatesRequest(origin="CNSHA", destination="NLRTM", first_date="2026-01-01",
                                         last_date="2026-01-31")


def docker(*arguments):
    return subprocess.run(["docker", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


class Load:
    """Queries from several threads until it is left; counts answers, and keeps every error and wrong answer."""

    def __init__(self, stack, expected):
        self.stop, self.answers, self.errors, self.slowest = threading.Event(), 0, [], 0.0
        self._expected = expected
        self._threads = [threading.Thread(target=self._run, args=(stack,)) for _ in range(4)]

    def _run(self, stack):
        from fairway.v1 import rate_query_service_pb2_grpc as query_grpc
        options = [("grpc.use_local_subchannel_pool", 1)]  # A connection per thread.
        with grpc.insecure_channel(stack.query_address, options=options) as channel:
            stub = query_grpc.RateQueryServiceStub(channel)
            while not self.stop.is_set():
                start = time.monotonic()
                try:
                    reply = stub.GetDailyRates(REQUEST, timeout=10)
                    if [rate.price_count for rate in reply.rates] != self._expected:
                        self.errors.append("a wrong answer")
                except grpc.RpcError as error:
                    self.errors.append(f"{error.code()}: {error.details()}")
                self.answers += 1
                self.slowest = max(self.slowest, time.monotonic() - start)

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self._threads:
            thread.join()

    def await_answers(self, count):
        goal, until = self.answers + count, time.monotonic() + 120
        while self.answers < goal:
            assert time.monotonic() < until, f"{goal - self.answers} answers are missing; {self.errors[-3:]}"
            time.sleep(0.01)


def expected_counts(rows):
    days = [row[2].day for row in rows if row[:2] == ("CNSHA", "NLRTM")]
    return [days.count(day) for day in range(1, 32)]


def sessions(stack):
    """Answers each server has given, as HAProxy counts them."""
    text = urllib.request.urlopen(stack.statistics, timeout=5).read().decode()
    return {line.split('server="')[1].split('"')[0]: float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
            if line.startswith("haproxy_server_http_responses_total") and 'code="2xx"' in line and 'proxy="query"' in line}


def await_turns(stack):
    """Until both replicas answer again."""
    before, until = sessions(stack), time.monotonic() + 60
    while not all(count > before.get(server, 0) + 50 for server, count in sessions(stack).items()):
        assert time.monotonic() < until, sessions(stack)
        time.sleep(0.1)


class DayLoad:
    """ci/account_day/load in its image, beside the stack, until it is left; .counted is what it says."""

    def __init__(self, network, kind, seconds=600):
        self._network, self._arguments = network, (kind, seconds)

    @staticmethod
    def build():
        docker("build", "--file", ROOT / "ci" / "account_day" / "load.Dockerfile", "--tag", "fairway-load", ROOT)

    def __enter__(self):
        self._container = beside(self._network, "fairway-load", *self._arguments, options=("--detach",)).strip()
        return self

    def __exit__(self, *_):
        docker("stop", "--time", 120, self._container)
        self.counted = json.loads(docker("logs", self._container).splitlines()[-1])
        docker("rm", self._container)


def beside(network, image, *arguments, options=("--rm",)):
    """Runs an image as a one-off task is run on AWS: read-only, in the network of the services."""
    addresses = ("--env", "FAIRWAY_QUERY_ADDRESS=haproxy:50051", "--env", "FAIRWAY_INGEST_ADDRESS=haproxy:50052")
    return docker("run", "--read-only", "--cap-drop", "ALL", "--network", network, *addresses, *options, image,
                  *arguments)
