"""An older backup is put in the place of the database while the services run. Numbers of versions and ports are given again."""

import contextlib
import datetime
import itertools
import os
import pathlib
import signal
import subprocess
import threading
import time

import grpc
import psycopg2
import pytest

import clients
import prices
import processes

POSTGRES = pathlib.Path(os.environ.get("FAIRWAY_POSTGRES_BIN", "/usr/lib/postgresql/15/bin"))
PORTS = ["AAAAA", "AAAAB", "BBBBA"]
DAY = datetime.date(2026, 1, 1)
LONG = {"first_date": "2026-01-01", "last_date": "2030-12-31"}
pb = clients.query_pb2
_numbers = itertools.count()


def upload(app, batch_id, price, origin="AAAAA", destination="AAAAB"):
    rows = [(origin, destination, DAY, price)] * 3
    deadline = time.monotonic() + 30
    while True:  # Sessions of the database before are found dead first.
        try:
            return app.stub_ingest.UploadBatch(prices.messages("acme", batch_id, rows)).batch
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.UNAVAILABLE and time.monotonic() < deadline, error


def import_port(app, code):
    deadline = time.monotonic() + 30
    while True:
        try:
            return clients.import_ports(app, {"world": [code]})
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.UNAVAILABLE and time.monotonic() < deadline, error


def backup(app):
    return subprocess.run([POSTGRES / "pg_dump", "--dbname", app.dsn], check=True, capture_output=True).stdout


def restore(app, dump):
    """As one would: into a new database, which then gets the name."""
    number = next(_numbers)
    with contextlib.closing(psycopg2.connect(app.cluster.dsn("postgres"))) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(f"CREATE DATABASE {app.database}_next")
        subprocess.run([POSTGRES / "psql", "--quiet", "--set=ON_ERROR_STOP=1", app.cluster.dsn(f"{app.database}_next")],
                       input=dump, check=True, capture_output=True)
        cursor.execute(f"ALTER DATABASE {app.database} ALLOW_CONNECTIONS false")
        cursor.execute(f"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{app.database}'")
        cursor.execute(f"ALTER DATABASE {app.database} RENAME TO {app.database}_lost_{number}")
        cursor.execute(f"ALTER DATABASE {app.database}_next RENAME TO {app.database}")


class Watch:
    """A watch that runs beside the test."""

    def __init__(self, app):
        self.versions, self.failure = [], None
        self._call = app.stub_query.WatchCommits(pb.WatchCommitsRequest())
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self):
        try:
            for message in self._call:
                self.versions.append(message.version)
        except grpc.RpcError as error:
            self.failure = clients.Failure(error)

    def await_version(self, version):
        deadline = time.monotonic() + 30
        while version not in self.versions:
            assert time.monotonic() < deadline and self.failure is None, self.versions

    def await_end(self):
        self._thread.join(30)
        self._call.cancel()
        self._thread.join()
        return self.failure


def begin_export(app, version):
    """The token of an export's first message."""
    request = pb.ExportDailyRatesRequest(lanes=[pb.Lane(origin="world", destination="world")] * 9, **LONG,
                                         consistency=pb.Consistency(exact=version.number, version_id=version.identity))
    call = app.stub_query.ExportDailyRates(request)
    request.resume_token = next(call).resume_token
    call.cancel()
    return request


class Version:
    def __init__(self, number, identity):
        self.number, self.identity = number, identity


def await_today(app):
    """Until the replica holds today's newest version, which SQL says."""
    deadline = time.monotonic() + 30
    while True:
        number, identity = app.sql("SELECT version, fairway.version_identity(version) FROM fairway.dataset")[0]
        dataset = app.stub_query.GetDataset(pb.GetDatasetRequest())
        if (dataset.held_version, dataset.held_version_id) == (number, identity % 2**64):
            assert dataset.newest_version == number and dataset.newest_version_id == dataset.held_version_id
            return dataset
        assert time.monotonic() < deadline, dataset


def counts(app, origin="world"):
    rates = app.stub_query.GetDailyRates(pb.GetDailyRatesRequest(
        origin=origin, destination="world", first_date=str(DAY), last_date=str(DAY)))
    return rates.rates[0].price_count, rates.rates[0].average


@pytest.fixture(scope="module", autouse=True)
def locations(fairway):
    clients.import_ports(fairway, {"world": PORTS})


# The replica looks again when today's history has stepped back, has come to the number it holds, or is further.
@pytest.mark.parametrize("commits_after", [0, 3, 5])
def test_a_restored_backup_is_followed(fairway, commits_after):
    name = f"after-{commits_after}"
    upload(fairway, f"{name}-kept", 100)
    await_today(fairway)
    kept_count, kept_average = counts(fairway)
    dump = backup(fairway)
    lost_port = f"NEWP{commits_after}"
    import_port(fairway, lost_port)
    upload(fairway, f"{name}-lost", 5000, origin=lost_port)
    receipt = upload(fairway, f"{name}-lost-too", 7000)
    lost = Version(receipt.committed_version, receipt.committed_version_id)
    held = await_today(fairway)
    assert (held.held_version, held.held_version_id) == (lost.number, lost.identity)
    watch = Watch(fairway)
    watch.await_version(lost.number)
    export = begin_export(fairway, lost)

    os.kill(fairway.query.pid, signal.SIGSTOP)  # It looks again when all this has happened.
    restore(fairway, dump)
    for number in range(commits_after):
        if number == 0:
            import_port(fairway, f"OTHE{commits_after}")
        else:
            upload(fairway, f"{name}-new-{number}", 100, origin=f"OTHE{commits_after}")
    os.kill(fairway.query.pid, signal.SIGCONT)

    dataset = await_today(fairway)
    assert dataset.held_version == lost.number - 3 + commits_after
    assert dataset.lag.ToTimedelta().total_seconds() == 0
    assert counts(fairway) == (kept_count + 3 * max(0, commits_after - 1), kept_average), "no price of 5000 or 7000"
    assert counts(fairway)[0] == fairway.sql("SELECT count(*) FROM prices")[0][0]
    for consistency in ({"at_least": lost.number}, {"exact": lost.number}):
        refusal = clients.failure_of(clients.daily_rates, fairway, "world", "world", str(DAY), str(DAY),
                                     consistency=pb.Consistency(version_id=lost.identity, **consistency))
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.OUT_OF_RANGE, "VERSION_PURGED"), consistency
    question = ["rates", "world", "world", "--from", DAY, "--at-least", lost.number, "--version-id", lost.identity]
    assert "history" in fairway.cli(*question, check=False).stderr
    assert watch.await_end().reason == "VERSION_PURGED"
    assert clients.failure_of(lambda: list(fairway.stub_query.ExportDailyRates(export))).reason == "VERSION_PURGED"
    after = pb.WatchCommitsRequest(after_version=lost.number, after_version_id=lost.identity)
    assert clients.failure_of(lambda: list(fairway.stub_query.WatchCommits(after))).reason == "VERSION_PURGED"
    unknown = clients.failure_of(clients.daily_rates, fairway, lost_port, "world", str(DAY), str(DAY), consistency=None)
    assert unknown.reason == "LOCATION_NOT_FOUND"


def test_a_port_of_a_lost_history_is_no_port_any_more(fairway):
    dump = backup(fairway)
    import_port(fairway, "NEWPO")
    upload(fairway, "port-lost", 5000, origin="NEWPO")
    lost_id = fairway.sql("SELECT id FROM fairway.ports WHERE code = 'NEWPO'")[0][0]
    restore(fairway, dump)
    import_port(fairway, "OTHER")
    assert fairway.sql("SELECT id FROM fairway.ports WHERE code = 'OTHER'")[0][0] == lost_id, "or this shows nothing"
    refusal = clients.failure_of(fairway.stub_ingest.UploadBatch,
                                 prices.messages("acme", "port-again", [("NEWPO", "AAAAB", DAY, 1)]))
    assert refusal.reason == "BATCH_HAS_INVALID_ROWS"
    upload(fairway, "port-other", 42, origin="OTHER")
    await_today(fairway)
    assert counts(fairway, "OTHER") == (3, 42)
    assert upload(fairway, "port-lost", 42, origin="OTHER").row_count == 3, "the lost batch's id is free"


def test_versions_that_do_not_exist(fairway):
    newest = await_today(fairway).newest_version
    def reason(**consistency):
        return clients.failure_of(clients.daily_rates, fairway, "world", "world", str(DAY), str(DAY),
                                  consistency=pb.Consistency(**consistency)).reason
    assert reason(at_least=newest + 1) == "VERSION_NOT_YET_VISIBLE"
    assert reason(exact=newest + 1) == "VERSION_NOT_YET_VISIBLE"
    assert reason(at_least=2**62) == "VERSION_UNKNOWN"
    assert reason(exact=2**63 - 1) == "VERSION_UNKNOWN"
    for after in (newest + 1, 2**62):
        refusal = clients.failure_of(
            lambda: list(fairway.stub_query.WatchCommits(pb.WatchCommitsRequest(after_version=after))))
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.OUT_OF_RANGE, "VERSION_UNKNOWN")
