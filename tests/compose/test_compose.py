"""The images and the stack: what is in them, an upload and queries through HAProxy, and replicas that come and go."""

import json
import os
import shutil
import subprocess
import threading
import time
import urllib.request

import grpc
import pytest
import yaml
from fairway.v1 import batch_pb2, location_pb2, price_ingest_service_pb2 as ingest_pb2, rate_query_service_pb2 as query_pb2
from google.protobuf import empty_pb2  # noqa: F401  (proves that Debian's protobuf and our stubs go together)

import prices
from conftest import COMPOSE, ROOT

PORTS = ["CNSHA", "NLRTM", "USNYC", "DEHAM"]
REQUEST = query_pb2.GetDailyRatesRequest(origin="CNSHA", destination="NLRTM", first_date="2026-01-01",
                                         last_date="2026-01-31")


def docker(*arguments):
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def rows(stack):
    """20,000 prices, uploaded through HAProxy and visible on both replicas."""
    stack.ingest.ImportLocations(ingest_pb2.ImportLocationsRequest(
        regions=[location_pb2.Region(slug="world", name="World")],
        ports=[location_pb2.Port(code=code, name=code, parent="world") for code in PORTS]), timeout=30)
    rows = prices.make_prices(20_000, PORTS, seed=11)
    version = stack.ingest.UploadBatch(iter(
        [ingest_pb2.UploadBatchRequest(header=batch_pb2.BatchHeader(partner="acme", batch_id="compose-1"))]
        + [ingest_pb2.UploadBatchRequest(chunk=prices.row_chunk(rows[i:i + 5000])) for i in range(0, len(rows), 5000)]
        + [prices.end(len(rows))]),
        timeout=60).batch.committed_version
    seen = 0
    while seen < 4:  # Requests take turns, so four in a row reach both.
        held = stack.query.GetDataset(query_pb2.GetDatasetRequest(), timeout=10).held_version
        seen = seen + 1 if held >= version else 0
    return rows


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


# What the service that Fairway replaces has in its .env, and nothing else.
FOUR_LINES = {"POSTGRES_USER": "rates", "POSTGRES_PASSWORD": "secret", "POSTGRES_DB": "prices", "POSTGRES_HOST": "postgresql"}


def test_four_lines_are_enough(tmp_path):
    """From the root, without a word on the file or the project, and without a variable that is missing."""
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in FOUR_LINES.items()))
    shutil.copy(ROOT / "docker-compose.yml", tmp_path)
    outside = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run([*COMPOSE, "config"], cwd=tmp_path, env=outside, capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    services = yaml.safe_load(done.stdout)["services"]
    for service in ("migrate", "query-1", "query-2", "ingest"):
        assert FOUR_LINES.items() <= services[service]["environment"].items()
    server = {name: value for name, value in FOUR_LINES.items() if name != "POSTGRES_HOST"}
    assert server.items() <= services[FOUR_LINES["POSTGRES_HOST"]]["environment"].items()


@pytest.mark.parametrize("service", ["query", "ingest", "cli"])
def test_image(service, stack):
    image = json.loads(docker("image", "inspect", f"fairway-{service}"))[0]
    config = image["Config"]
    print(f"\nfairway-{service}: {image['Size'] / 1e6:.0f} MB")
    assert config["User"] == "10001:10001"
    assert len(config["Entrypoint"]) == 1, "exec form, no shell"
    assert config["Labels"]["org.opencontainers.image.title"]
    assert ("--check-health" in config["Healthcheck"]["Test"]) == (service != "cli")
    assert image["Size"] < 200e6
    sbom = json.loads(docker("run", "--rm", "--entrypoint", "cat", f"fairway-{service}", "/usr/share/sbom.cdx.json"))
    assert sbom["metadata"]["component"]["version"] == os.environ["FAIRWAY_VERSION"]
    names = {component["name"] for component in sbom["components"]}
    assert {"libgrpc++1.51", "libc6"} <= names and not names & {"curl", "g++", "cmake"}


@pytest.mark.parametrize("service", ["query-1", "query-2", "ingest"])
def test_container_is_healthy_and_cannot_write(service, stack):
    container = stack.compose("ps", "-q", service).strip()
    until = time.monotonic() + 30
    while (state := json.loads(docker("inspect", container))[0])["State"]["Health"]["Status"] != "healthy":
        assert time.monotonic() < until, state["State"]
        time.sleep(0.2)
    assert state["HostConfig"]["ReadonlyRootfs"]
    assert "ALL" in state["HostConfig"]["CapDrop"]
    written = subprocess.run(["docker", "exec", container, "touch", "/tmp/x"], capture_output=True, text=True)
    assert written.returncode != 0 and "Read-only" in written.stderr


def test_services_have_logins_of_their_own(stack, rows):
    url = "postgresql://{POSTGRES_USER}:{POSTGRES_PASSWORD}@127.0.0.1/{POSTGRES_DB}".format(**os.environ)
    sessions = stack.compose("exec", "-T", "postgresql", "psql", "--no-align", "--tuples-only", url, "--command",
                             "SELECT DISTINCT application_name, usename FROM pg_stat_activity "
                             "WHERE application_name LIKE 'fairway-%' ORDER BY 1")
    assert sessions.split() == ["fairway-ingest|fairway_ingest_a", "fairway-query|fairway_query_a"]


def test_calls_take_turns(stack, rows):
    before = sessions(stack)
    with Load(stack, expected_counts(rows)) as load:
        load.await_answers(400)
    assert load.errors == []
    after = sessions(stack)
    shares = {server: after[server] - before[server] for server in after}
    assert set(shares) == {"query-1", "query-2"} and min(shares.values()) > 100, shares
    print(f"\nfirst answer {stack.seconds_to_answer:.1f} s after `up -d`; shares {shares}")


@pytest.mark.parametrize("how", ["restart", "kill"])
def test_no_query_is_lost_with_a_replica(stack, rows, how):
    with Load(stack, expected_counts(rows)) as load:
        load.await_answers(500)
        if how == "restart":
            stack.compose("restart", "--timeout", "30", "query-1")
        else:
            stack.compose("kill", "--signal", "KILL", "query-2")
            load.await_answers(500)
            stack.compose("start", "query-2")
        await_turns(stack)
        load.await_answers(500)
    print(f"\n{how}: {load.answers} answers, {len(load.errors)} errors, slowest {load.slowest * 1000:.0f} ms")
    assert load.errors == []


def await_turns(stack):
    """Until both replicas answer again."""
    before, until = sessions(stack), time.monotonic() + 60
    while not all(count > before.get(server, 0) + 50 for server, count in sessions(stack).items()):
        assert time.monotonic() < until, sessions(stack)
        time.sleep(0.1)


def test_the_command_in_its_image(stack, rows):
    shown = stack.compose("run", "--rm", "fairway", "rates", "CNSHA", "NLRTM", "--from", "2026-01-01", "--to", "2026-01-03")
    assert "2026-01-02" in shown


def test_prometheus_and_grafana_are_there_when_asked_for(stack):
    """Their images are not made here: what compose makes of the file is compared with what they read."""
    asked = stack.compose("--profile", "observability", "config")
    for mounted in ("/etc/prometheus", "/etc/grafana/provisioning", "/etc/grafana/dashboards"):
        assert mounted in asked
