"""What the fairway command says where nobody can hear it, to terminals, and against its surroundings."""

import concurrent.futures
import os
import subprocess

import grpc
import pytest
from fairway.v1 import (batch_pb2, location_pb2, price_ingest_service_pb2 as ingest_pb2, price_ingest_service_pb2_grpc as ingest_grpc,
                        rate_query_service_pb2 as query_pb2, rate_query_service_pb2_grpc as query_grpc)

import processes

LOCATIONS = processes.ROOT / "data/sample/locations.csv"
COMMANDS = [["--version"], ["--help"], ["dataset"], ["dataset", "--json"], ["locations", "list"],
            ["locations", "list", "--json"], ["locations", "tree"], ["batches", "list"], ["batches", "list", "--json"],
            ["rates", "CNSHA", "NLRTM", "--from", "2026-01-01"], ["rates", "CNSHA", "NLRTM", "--from", "2026-01-01", "--json"],
            ["rates", "CNSHA", "NLRTM", "--from", "2026-01-01", "--csv"], ["locations", "import", LOCATIONS],
            ["generate", "--locations", LOCATIONS, "--lanes", "10", "--days", "1"],
            ["generate", "--locations", LOCATIONS, "--lanes", "10", "--days", "1", "-o", "/dev/full"]]


@pytest.fixture(scope="module", autouse=True)
def locations(fairway):
    fairway.cli("locations", "import", LOCATIONS)


def addresses(fairway):
    return ["--query-address", fairway.query.address, "--ingest-address", fairway.ingest.address]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(map(str, command)).replace(str(LOCATIONS), "FILE"))
def test_exit_0_means_written(fairway, command):
    command = [processes.CLI, *addresses(fairway), *map(str, command)]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 5 and "No space left on device" in done.stderr, (done.returncode, done.stderr)
    if "/dev/full" in command:
        return
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60)
    os.close(writing)
    assert done.returncode == 5 and "Broken pipe" in done.stderr, (done.returncode, done.stderr)
    closed = subprocess.run(["bash", "-c", '"$@" >&-', "bash", *command], stderr=subprocess.PIPE, text=True, timeout=60)
    assert closed.returncode == 5 and "Bad file descriptor" in closed.stderr, (closed.returncode, closed.stderr)


def test_a_port_is_a_tree_of_one(fairway):
    assert fairway.cli("locations", "tree", "NLRTM").stdout == "NLRTM  Rotterdam, a port in north_europe_main\n"
    nowhere = fairway.cli("locations", "tree", "nowhere", check=False)
    assert nowhere.returncode == 1 and "nowhere" in nowhere.stderr


def test_proxies_divert_nothing(fairway):
    proxies = {name: "http://127.0.0.1:9" for name in
               ("http_proxy", "https_proxy", "grpc_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}
    done = fairway.cli("dataset", env={**os.environ, **proxies, "no_proxy": "", "no_grpc_proxy": ""})
    assert "version" in done.stdout


def test_a_url_is_no_address(fairway):
    done = processes.run_cli("dataset", "--query-address", "https://query:50051", check=False)
    assert done.returncode == 2 and "without https://, such as query:50051; TLS is not supported yet" in done.stderr
    done = processes.run_cli("dataset", check=False, env={**os.environ, "FAIRWAY_QUERY_ADDRESS": "http://query:50051"})
    assert done.returncode == 2 and "without http://" in done.stderr + done.stdout


def test_an_error_is_never_without_words(fairway):
    done = subprocess.run([processes.CLI, *addresses(fairway), "rates", b"\xff", "NLRTM", "--from", "2026-01-01"],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and 'the argument "\\xff" is not UTF-8' in done.stderr, done.stderr


class Hostile(query_grpc.RateQueryServiceServicer, ingest_grpc.PriceIngestServiceServicer):
    """A server that sends whatever it likes."""

    def __init__(self):
        self.pages = 0

    def ListLocations(self, request, context):
        self.pages += 1
        location = location_pb2.Location(code="X\x1b[2J", name="a\u202eb\nfairway: all is well", parent="\x07")
        return query_pb2.ListLocationsResponse(locations=[location] * 1000, next_page_token=str(self.pages))

    def ListBatchErrors(self, request, context):
        error = batch_pb2.RowError(row_index=1, field="@day", value="=1+1\x1b[31m")
        return ingest_pb2.ListBatchErrorsResponse(errors=[error], error_count=1)

    def ListBatches(self, request, context):
        context.abort(grpc.StatusCode.DATA_LOSS, "")

    def GetDataset(self, request, context):
        context.abort(grpc.StatusCode.NOT_FOUND, "gone\x1b]0;owned\x07")


@pytest.fixture(scope="module")
def hostile():
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(2))
    servicer = Hostile()
    query_grpc.add_RateQueryServiceServicer_to_server(servicer, server)
    ingest_grpc.add_PriceIngestServiceServicer_to_server(servicer, server)
    servicer.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield servicer
    server.stop(None)


def hostile_cli(hostile, *arguments):
    return processes.run_cli("--query-address", hostile.address, "--ingest-address", hostile.address, *arguments, check=False)


def test_an_error_without_words_is_told_by_its_code(hostile):
    done = hostile_cli(hostile, "batches", "list")
    assert done.returncode == 1 and "fairway: DATA_LOSS, without a message" in done.stderr, done.stderr


def test_pages_without_end_are_an_error(hostile):
    done = hostile_cli(hostile, "locations", "list")
    assert done.returncode == 1 and "lists locations without end" in done.stderr, done.stderr
    assert hostile.pages < 1000


def test_nothing_a_server_sends_reaches_the_terminal_raw(hostile):
    for command in (["batches", "errors", "a", "b"], ["dataset"]):
        done = hostile_cli(hostile, *command)
        assert not set(done.stdout + done.stderr) & {"\x1b", "\x07", "\u202e"}, done
    assert hostile_cli(hostile, "batches", "errors", "a", "b").stdout.splitlines()[1] == \
        "1,'@day,UNSPECIFIED,'=1+1\\x1b[31m"
    assert "gone\\x1b]0;owned\\x07" in hostile_cli(hostile, "dataset").stderr
