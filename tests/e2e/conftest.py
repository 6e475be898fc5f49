"""Fixtures: one cluster per run, one database and one pair of services per test module."""

import pathlib
import subprocess
import sys
import tempfile
import types

import psycopg2
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import processes  # noqa: E402  (needs the path above)

STUBS = tempfile.TemporaryDirectory(prefix="fairway-stubs-")


def _make_stubs():
    protos = processes.ROOT / "proto"
    files = sorted(str(path.relative_to(protos)) for path in protos.rglob("*.proto"))
    subprocess.run(["protoc", f"-I{protos}", f"--python_out={STUBS.name}", f"--grpc_out={STUBS.name}",
                    "--plugin=protoc-gen-grpc=/usr/bin/grpc_python_plugin", *files], check=True)
    # google.rpc is ours here; google.protobuf is Debian's. One package, two places.
    import google.protobuf
    google.__path__ = [*google.__path__, str(pathlib.Path(STUBS.name) / "google")]
    sys.path.insert(0, STUBS.name)


_make_stubs()


@pytest.fixture(scope="session")
def cluster():
    with tempfile.TemporaryDirectory(prefix="fairway-e2e-", ignore_cleanup_errors=True) as folder:
        cluster = processes.Cluster(folder)
        yield cluster
        cluster.stop()


@pytest.fixture(scope="module")
def fairway(cluster, request):
    """A migrated database and both services: .ingest, .query, .stub_ingest, .stub_query, .sql()."""
    name = "e2e_" + request.module.__name__
    connection = psycopg2.connect(cluster.dsn("postgres"))
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {name}")
    connection.close()
    flags = cluster.flags(name)
    processes.run_cli("migrate", *flags)
    app = types.SimpleNamespace(database=name, flags=flags, dsn=cluster.dsn(name), cluster=cluster)
    app.ingest = processes.Service("ingest", flags)
    app.query = processes.Service("query", flags)
    import clients
    clients.attach(app)
    yield app
    app.ingest.stop()
    app.query.stop()
