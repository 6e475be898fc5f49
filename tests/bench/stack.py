"""What is measured: a private PostgreSQL, both services over it, and clients. Commits are not flushed to disk, so that
the work is compared and not the disk, unless it is durable."""

import contextlib
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time

import psycopg2
from processes import BUILD, Cluster, ROOT, Service, die_with_parent, migrate, run_cli

LOCATIONS = ROOT / "data/sample/locations.csv"
CLIENT = BUILD / "tests/bench/upload_client"


def seconds(action):
    start = time.monotonic()
    action()
    return time.monotonic() - start


def median_in_turns(runs, **measured):
    """The median of each, taken in turns so that a slow minute of the machine slows all of them."""
    values = {name: [] for name in measured}
    for _ in range(runs):
        for name, measure in measured.items():
            values[name].append(measure())
    return {name: statistics.median(found) for name, found in values.items()}


def generator(lanes, days, per_day=4, seed=7):
    return ["--lanes", lanes, "--days", days, "--prices-per-day", per_day, "--seed", seed]


class Stack:
    """One cluster; a database and an ingest service per name, query services as they are wanted."""

    def __init__(self, durable=False):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fairway-bench-"))
        self.folder.chmod(0o755)  # The cluster in it runs as another user.
        self.cluster = Cluster(self.folder / "postgres", durable)
        self._services = []

    def close(self):
        for service in self._services:
            service.stop()
        self.cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self, name):
        self.psql("postgres", f"CREATE DATABASE {name}")
        return Database(self, name)

    def psql(self, database, *commands):
        options = ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1"]
        for command in commands:
            options += ["-c", command]
        subprocess.run(["psql", self.cluster.dsn(database), *options], check=True, stdout=subprocess.DEVNULL)

    def sql(self, database, text):
        with contextlib.closing(psycopg2.connect(self.cluster.dsn(database))) as connection:
            cursor = connection.cursor()
            cursor.execute(text)
            return cursor.fetchall()

    def start(self, name, flags):
        service = Service(name, flags)
        self._services.append(service)
        return service

    def prices_file(self, *arguments):
        """A CSV file of generated prices, and how many there are."""
        path = self.folder / ("-".join(map(str, arguments)) + ".csv")
        if not path.exists():
            run_cli("generate", "--locations", LOCATIONS, *generator(*arguments), "--output", path)
        with open(path, "rb") as file:
            return path, sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")) - 1


class Database:
    """A migrated database with the sample's locations, and an ingest service in front of it."""

    def __init__(self, stack, name):
        self.stack, self.name, self.flags = stack, name, stack.cluster.flags(name)
        migrate(self.flags)
        self.ingest = stack.start("ingest", self.flags)
        self.client = {**os.environ, "FAIRWAY_INGEST_ADDRESS": self.ingest.address}
        run_cli("locations", "import", LOCATIONS, env=self.client)
        self._batches = 0

    def upload(self, *arguments, rows=False):
        """Uploads generated prices as a new batch; what the client reports of it."""
        return self.prepare(*arguments, rows=rows)()[0]

    def prepare(self, *arguments, rows=False, uploads=1):
        """Makes the messages of so many uploads, each a new batch; returns what sends them and gives a dict for each."""
        self._batches += 1
        command = [CLIENT, self.ingest.address, "--locations", LOCATIONS, "--batch-id", f"bench-{self._batches}",
                   "--uploads", uploads, *generator(*arguments), *(["--rows"] if rows else [])]
        client = subprocess.Popen(list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                  preexec_fn=die_with_parent)
        assert client.stdout.readline() == "ready\n"

        def send():
            output, _ = client.communicate("now\n", timeout=900)
            assert client.returncode == 0
            return [json.loads(line) for line in output.splitlines()]

        return send

    def query(self, *flags):
        return self.stack.start("query", [*self.flags, *flags])

    def drop(self):
        """Ends its ingest service; query services must be stopped before."""
        self.ingest.stop()
        self.stack.psql("postgres", f"DROP DATABASE {self.name} WITH (FORCE)")

    def sql(self, text):
        return self.stack.sql(self.name, text)

    def busiest_lane(self):
        return self.sql("SELECT origin.code, destination.code FROM fairway.price_series JOIN fairway.ports AS origin "
                        "ON origin.id = origin JOIN fairway.ports AS destination ON destination.id = destination "
                        "ORDER BY price_count DESC, 1, 2 LIMIT 1")[0]


def resident_bytes(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) * 1024
