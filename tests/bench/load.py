"""Load on a query server: h2load on loopback, bounded in time, and what it measured."""

import dataclasses
import pathlib
import re
import struct
import subprocess
import tempfile

from processes import ROOT

METHOD = "/fairway.v1.RateQueryService/GetDailyRates"


def rates_request(origin, destination, first="2026-01-01", last="2026-01-31"):
    """A GetDailyRates call as it goes over the wire: gRPC's frame around the message."""
    text = f'origin: "{origin}" destination: "{destination}" first_date: "{first}" last_date: "{last}"'
    message = subprocess.run(["protoc", f"-I{ROOT}/proto", "--encode=fairway.v1.GetDailyRatesRequest",
                              "fairway/v1/rate_query_service.proto"], input=text.encode(), capture_output=True,
                             check=True).stdout
    return struct.pack(">BI", 0, len(message)) + message


@dataclasses.dataclass
class Outcome:
    """One run: calls per second, and the microseconds of each call when they were wanted, by start time."""
    rate: float
    failed: int
    calls: list = dataclasses.field(default_factory=list)

    def percentile(self, part):
        times = sorted(micros for _, micros in self.calls)
        return times[min(len(times) - 1, int(part * len(times)))]


def wrk(port, url, seconds, clients=8):
    """Load on a web server that closes its connections, as gunicorn's workers do."""
    out = subprocess.run(["wrk", "--threads=1", f"--connections={clients}", f"--duration={seconds}s", "--timeout=30s",
                          f"http://127.0.0.1:{port}{url}"], capture_output=True, text=True, check=True,
                         timeout=seconds + 60).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    return Outcome(rate=float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
                   failed=int(failed.group(1)) if failed else 0)


def h2load(port, request, seconds, clients=8, streams=64, rate=None, log=False):
    """`rate`: calls per second over all clients; None: as many as there can be. `log`: keep the time of every call."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["h2load", f"--clients={clients}", f"--max-concurrent-streams={streams}", f"--duration={seconds}",
                   "--warm-up-time=500ms", "--threads=1"]
        body = pathlib.Path(folder, "request")
        body.write_bytes(request)
        command.append(f"--data={body}")
        if rate is not None:
            command.append(f"--rps={rate / clients:g}")
        times = pathlib.Path(folder, "times")
        if log:
            command.append(f"--log-file={times}")
        for header in ["content-type: application/grpc", "te: trailers"]:
            command += ["--header", header]
        command.append(f"http://127.0.0.1:{port}{METHOD}")
        out = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60).stdout
        outcome = Outcome(rate=float(re.search(r"([\d.]+) req/s", out).group(1)),
                          failed=sum(int(n) for n in re.search(r"(\d+) failed, (\d+) errored, (\d+) timeout",
                                                               out).groups()))
        if log:
            with open(times, encoding="ascii") as lines:
                for line in lines:
                    start, _, micros = line.split("\t")[:3]
                    outcome.calls.append((int(start), int(micros)))
        return outcome
