"""Fixtures: one cluster per run, one database and one pair of services per test module."""

import contextlib
import os
import pathlib
import signal
import sys
import tempfile
import types

import psycopg2
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import processes  # noqa: E402  (needs the path above)
import stubs  # noqa: E402,F401  (makes the stubs importable)


PHASE_SECONDS_MAX = 900 if os.environ.get("FAIRWAY_TEST_LARGE") else 300


def fail_slow_phase(*_):
    raise TimeoutError(f"not over after {PHASE_SECONDS_MAX} s")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call():
    """A test that hangs fails, with a stack trace, and the next one runs. So do fixtures."""
    signal.signal(signal.SIGALRM, fail_slow_phase)
    signal.alarm(PHASE_SECONDS_MAX)
    yield
    signal.alarm(0)


pytest_runtest_setup = pytest_runtest_teardown = pytest_runtest_call


@pytest.fixture(scope="session")
def cluster():
    with tempfile.TemporaryDirectory(prefix="fairway-e2e-", ignore_cleanup_errors=True) as folder:
        cluster = processes.Cluster(folder)
        yield cluster
        cluster.stop()


def start(cluster, name, more_flags=()):
    """A migrated database and both services: .ingest, .query, .stub_ingest, .stub_query, .sql()."""
    with contextlib.closing(psycopg2.connect(cluster.dsn("postgres"))) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
    flags = cluster.flags(name)
    processes.migrate(flags)
    app = types.SimpleNamespace(database=name, flags=flags, dsn=cluster.dsn(name), cluster=cluster)
    app.ingest = processes.Service("ingest", [*flags, *more_flags])
    app.query = processes.Service("query", [*flags, *more_flags])
    import clients
    clients.attach(app)
    return app


@pytest.fixture(scope="module")
def fairway(cluster, request):
    app = start(cluster, "e2e_" + request.module.__name__)
    yield app
    app.ingest.stop()
    app.query.stop()


@pytest.fixture
def app(request):
    """As `fairway`, on a cluster of the test's own, in .folder, which the test may stop and start again. SERVICE_FLAGS of the
    module are for both services."""
    with tempfile.TemporaryDirectory(prefix="fairway-e2e-", ignore_cleanup_errors=True) as folder:
        app = start(processes.Cluster(folder), "fairway", getattr(request.module, "SERVICE_FLAGS", ()))
        app.folder = folder
        yield app
        app.ingest.stop()
        app.query.stop()
        app.cluster.signal_all(signal.SIGKILL)  # Also when it hangs.
        app.cluster.stop()
