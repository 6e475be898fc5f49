"""Fixtures: one cluster per run, one database and one pair of services per test module."""

import pathlib
import sys
import tempfile
import types

import psycopg2
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import processes  # noqa: E402  (needs the path above)
import stubs  # noqa: E402,F401  (makes the stubs importable)


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
