"""The stack of docker-compose.yml, started once as a user would, from the environment ci/compose_test gives."""

import os
import pathlib
import shutil
import subprocess
import sys
import time
import types

import grpc
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
import stubs  # noqa: E402,F401  (makes the stubs importable)
from fairway.v1 import batch_pb2, price_ingest_service_pb2 as ingest_pb2  # noqa: E402
from fairway.v1 import price_ingest_service_pb2_grpc as ingest_grpc  # noqa: E402
from fairway.v1 import rate_query_service_pb2 as query_pb2, rate_query_service_pb2_grpc as query_grpc  # noqa: E402

import prices  # noqa: E402
from loads import DayLoad, beside  # noqa: E402

PORTS = ["CNSHA", "NLRTM", "USNYC", "DEHAM"]

# 1.29 where there is one, else Compose v2.
COMPOSE = ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]


def compose(*arguments):
    return subprocess.run([*COMPOSE, *arguments], cwd=ROOT, check=True, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL).stdout


@pytest.fixture(scope="session")
def stack():
    """.query and .ingest stubs through HAProxy; .compose(); .seconds_to_answer from `up -d` on."""
    start = time.monotonic()
    compose("up", "-d")
    query_port, ingest_port = os.environ["FAIRWAY_QUERY_PORT"], os.environ["FAIRWAY_INGEST_PORT"]
    stack = types.SimpleNamespace(
        compose=compose, network=f"{os.environ['COMPOSE_PROJECT_NAME']}_default",
        statistics=f"http://127.0.0.1:{os.environ['FAIRWAY_STATISTICS_PORT']}/metrics",
        query_address=f"127.0.0.1:{query_port}", ingest_address=f"127.0.0.1:{ingest_port}")
    stack.query = query_grpc.RateQueryServiceStub(grpc.insecure_channel(stack.query_address))
    stack.ingest = ingest_grpc.PriceIngestServiceStub(grpc.insecure_channel(stack.ingest_address))
    while True:
        try:
            stack.query.GetDataset(query_pb2.GetDatasetRequest(), timeout=5)
            break
        except grpc.RpcError as error:
            assert time.monotonic() - start < 120, compose("logs", "--tail=20") + str(error)
            time.sleep(0.1)
    stack.seconds_to_answer = time.monotonic() - start
    yield stack
    compose("down", "--volumes", "--timeout", "5")


@pytest.fixture(scope="session")
def rows(stack):
    """20,000 prices, uploaded through HAProxy and visible on both replicas."""
    DayLoad.build()
    beside(stack.network, "fairway-load", "locations")
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
