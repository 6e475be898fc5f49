"""A synchronous standby takes over, from a primary that is killed or that hangs: nothing acknowledged is lost or there twice.

Seeds come from FAIRWAY_TEST_SEED, or are 1 to 5; a failure names its own.
"""

import contextlib
import os
import pathlib
import random
import signal
import subprocess
import tempfile
import threading
import time
import types

import grpc
import psycopg2
import pytest

import clients
import prices
import processes

PORTS = ["AAAAA", "AAAAB", "BBBBA"]
ROWS = 20
SEEDS = [int(os.environ["FAIRWAY_TEST_SEED"])] if "FAIRWAY_TEST_SEED" in os.environ else [1, 2, 3, 4, 5]


@pytest.fixture(scope="module", name="template")
def fixture_template():
    """A folder, and in it the data of a migrated cluster that has stopped."""
    with tempfile.TemporaryDirectory(prefix="fairway-e2e-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # The clusters in it run as another user.
        cluster = processes.Cluster(folder + "/template")
        execute(cluster.dsn("postgres"), "CREATE DATABASE fairway")
        processes.migrate(cluster.flags("fairway"))
        cluster.stop()
        yield pathlib.Path(folder)


def execute(dsn, text):
    with contextlib.closing(psycopg2.connect(dsn)) as connection:
        connection.autocommit = True
        connection.cursor().execute(text)


def copy_of(template, name):
    folder = template / name
    folder.mkdir()
    subprocess.run(["cp", "-a", template / "template/data", folder / "data"], check=True)
    return folder


@contextlib.contextmanager
def replicated(template, seed):
    """A primary, a standby that follows it, and both services, which know both."""
    primary = processes.Cluster(copy_of(template, f"primary{seed}"))
    folder = copy_of(template, f"standby{seed}")
    (folder / "data/standby.signal").touch()
    with open(folder / "data/postgresql.auto.conf", "a", encoding="utf-8") as settings:
        settings.write(f"primary_conninfo = 'host={primary.socket} port={primary.port} user=postgres'\n")
    standby = processes.Cluster(folder)
    # Not in the files the standby has: it will be alone.
    execute(primary.dsn("postgres"), "ALTER SYSTEM SET synchronous_standby_names = '*'")
    execute(primary.dsn("postgres"), "SELECT pg_reload_conf()")
    while not clients.sql(primary.dsn("postgres"), "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"):
        time.sleep(0.01)
    flags = ["--postgres-host", f"{primary.socket},{standby.socket}", "--postgres-port", f"{primary.port},{standby.port}",
             "--postgres-db", "fairway"]
    app = types.SimpleNamespace(dsn=standby.dsn("fairway"), primary=primary, standby=standby)
    app.ingest, app.query = processes.Service("ingest", flags), processes.Service("query", flags)
    clients.attach(app)
    try:
        yield app
    finally:
        app.ingest.kill()
        app.query.kill()
        primary.signal_all(signal.SIGKILL)
        primary.stop()
        standby.stop()


class Uploads:
    """Small batches one after the other, each sent until it is acknowledged."""

    def __init__(self, app, seed):
        self.acknowledged, self.times, self.unexpected = {}, [], []
        self._app, self._ended = app, False
        self._threads = [threading.Thread(target=self._upload, args=(seed * 10 + i,)) for i in range(3)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._ended = True
        for thread in self._threads:
            thread.join()

    def _upload(self, seed):
        number = 0
        while not self._ended:
            number += 1
            rows = prices.make_prices(ROWS, PORTS, seed=seed * 100_000 + number)
            self.send(f"batch-{seed}-{number}", rows, timeout=1)

    def send(self, batch_id, rows, timeout):
        while not self._ended:
            try:
                receipt = self._app.stub_ingest.UploadBatch(prices.messages("acme", batch_id, rows), timeout=timeout)
                self.times.append(time.monotonic())
                self.acknowledged[batch_id] = receipt.batch.committed_version
                return
            except grpc.RpcError as error:
                if error.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED,
                                        grpc.StatusCode.ABORTED):
                    self.unexpected.append(error)
                    return


@pytest.mark.parametrize("seed", SEEDS)
def test_a_standby_takes_over(template, seed):
    rng = random.Random(seed)
    hangs = seed % 2 == 0
    with replicated(template, seed) as app:
        clients.import_ports(app, {"world": PORTS})
        with Uploads(app, seed) as uploads:
            before = rng.randrange(5, 40)
            while len(uploads.acknowledged) < before:
                time.sleep(0.005)
            time.sleep(rng.random() * 0.05)  # Anywhere in a commit.
            app.primary.signal_all(signal.SIGSTOP if hangs else signal.SIGKILL)
            time.sleep(rng.random() * 0.3)
            execute(app.standby.dsn("postgres"), "SELECT pg_promote()")
            promoted = time.monotonic()
            uploads.send(f"new-{seed}", prices.make_prices(ROWS, PORTS, seed=seed), timeout=30)
            new = time.monotonic() - promoted
            while len(uploads.acknowledged) < before + 10:
                time.sleep(0.005)
        first = min(when for when in uploads.times if when > promoted) - promoted
        print(f"seed {seed}: the primary {'hangs' if hangs else 'is killed'}, first acknowledgement after {first:.2f} s, "
              f"of a new batch after {new:.2f} s, {len(uploads.acknowledged)} in all")
        assert not uploads.unexpected, uploads.unexpected[:3]
        assert first <= 2 and new <= 2
        committed = dict(app_sql(app, "SELECT batch_id, committed_version FROM fairway.batches WHERE state = 'COMMITTED'"))
        assert {batch: committed.get(batch) for batch in uploads.acknowledged} == uploads.acknowledged
        versions = [row[0] for row in app_sql(app, "SELECT version FROM fairway.commits WHERE version > 0 ORDER BY 1")]
        assert versions == list(range(1, len(versions) + 1))
        assert app_sql(app, "SELECT count(*) FROM prices") == [(ROWS * len(committed),)]
        assert_books_equal_sql(app)


def app_sql(app, text):
    return clients.sql(app.dsn, text)


def assert_books_equal_sql(app):
    clients.await_newest(app)
    expected = {str(day): (count, average) for day, count, average in app_sql(
        app, "SELECT day, count(*), round(avg(price), 6)::float8 FROM prices GROUP BY day")}
    reply = clients.daily_rates(app, "world", "world", "2026-01-01", "2026-01-31")
    answered = {rate.day: (rate.price_count, round(rate.average, 6)) for rate in reply.rates if rate.price_count >= 3}
    assert answered == {day: value for day, value in expected.items() if value[0] >= 3}
