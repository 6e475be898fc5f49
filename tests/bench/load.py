"""Load on a query server, on loopback and bounded in time: as much as there can be, at an even pace, or in turns."""

import collections
import contextlib
import dataclasses
import re
import struct
import subprocess
import sys
import tempfile

from processes import BUILD, ROOT

METHOD = "/fairway.v1.RateQueryService/GetDailyRates"
FRAME = 5  # Bytes before each message.
WARM_UP = 0.5  # Seconds, whose calls do not count.


def rates_request(origin, destination, first="2026-01-01", last="2026-01-31"):
    """A GetDailyRates call as it goes over the wire: gRPC's frame around the message."""
    text = f'origin: "{origin}" destination: "{destination}" first_date: "{first}" last_date: "{last}"'
    message = subprocess.run(["protoc", f"-I{ROOT}/proto", "--encode=fairway.v1.GetDailyRatesRequest",
                              "fairway/v1/rate_query_service.proto"], input=text.encode(), capture_output=True,
                             check=True).stdout
    return frame(message)


def frame(message):
    """As gRPC sends it: not compressed, its length, the message."""
    return struct.pack(">BI", 0, len(message)) + message


@dataclasses.dataclass
class Outcome:
    """One run: calls per second, how many failed and, but of h2load() and wrk(), (seconds since 1970, milliseconds) of each."""
    rate: float
    failed: int
    calls: list = dataclasses.field(default_factory=list)

    def after(self, warm_up, seconds):
        """Without the calls of the first so many seconds, and their rate over the rest."""
        begin = self.calls[0][0] + warm_up
        calls = [call for call in self.calls if call[0] >= begin]
        return Outcome(rate=len(calls) / seconds, failed=self.failed, calls=calls)

    @property
    def p99(self):
        return percentile([took for _, took in self.calls], 0.99)


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def wrk(port, url, seconds, clients=8):
    """Load on a web server that closes its connections, as gunicorn's workers do."""
    out = subprocess.run(["wrk", "--threads=1", f"--connections={clients}", f"--duration={seconds}s", "--timeout=30s",
                          f"http://127.0.0.1:{port}{url}"], capture_output=True, text=True, check=True,
                         timeout=seconds + 60).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    return Outcome(rate=float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
                   failed=int(failed.group(1)) if failed else 0)


def h2load(port, request, seconds=None, calls=None, method=METHOD):
    """As many calls as there can be in so many seconds, or so many calls."""
    amount = [f"--requests={calls}"] if calls else [f"--duration={seconds}", f"--warm-up-time={WARM_UP * 1000:.0f}ms"]
    with _file(request) as body:
        out = subprocess.run(["h2load", "--clients=8", "--max-concurrent-streams=64", *amount, "--threads=1",
                              f"--data={body}", "--header", "content-type: application/grpc", "--header", "te: trailers",
                              f"http://127.0.0.1:{port}{method}"],
                             capture_output=True, text=True, check=True, timeout=(seconds or 0) + 120).stdout
    return Outcome(rate=float(re.search(r"([\d.]+) req/s", out).group(1)),
                   failed=sum(int(n) for n in re.search(r"(\d+) failed, (\d+) errored, (\d+) timeout", out).groups()))


def paced(port, request, seconds, rate, connections=8, method=METHOD):
    """`rate` calls a second, each sent at its turn whether those before are answered or not."""
    return _query_client(port, request, method, seconds + WARM_UP + 60, f"--rate={rate}", f"--seconds={seconds + WARM_UP}",
                         f"--connections={connections}").after(WARM_UP, seconds)


def in_turns(port, request, calls, method=METHOD):
    """Calls of which each is sent when the one before is answered."""
    return _query_client(port, request, method, 120, f"--calls={calls}", "--connections=1")


def _query_client(port, request, method, timeout, *options):
    with _file(request) as body:
        out = subprocess.run([BUILD / "tests/bench/query_client", str(port), method, body, *options],
                             capture_output=True, text=True, check=True, timeout=timeout).stdout
    lines = [tuple(map(int, line.split())) for line in out.splitlines()]
    calls = [(sent / 1e6, took / 1e3) for sent, _, _, took in lines]
    failed = collections.Counter(status for _, _, status, _ in lines if status != 0)
    if failed:
        print(f"gRPC's status of calls that failed: {dict(failed)}; -1: none came", file=sys.stderr)
    return Outcome(rate=None, failed=failed.total(), calls=calls)


@contextlib.contextmanager
def _file(content):
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        yield file.name
