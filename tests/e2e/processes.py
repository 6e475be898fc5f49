"""The programs under test, as processes of their own that die with the tests."""

import contextlib
import ctypes
import json
import os
import pathlib
import signal
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("FAIRWAY_BUILD_DIR", ROOT / "build/dev"))
CLI = BUILD / "services/cli/fairway"

# Before anything imports grpc: its fork handlers, which nothing here needs because each child becomes another program at
# once, now and then wait for ever for a thread of gRPC's.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "false"

_libc = ctypes.CDLL(None)


def die_with_parent():
    pr_set_pdeathsig = 1
    _libc.prctl(pr_set_pdeathsig, signal.SIGTERM)


class Cluster:
    """A PostgreSQL cluster of these tests' own; a durable one keeps what it has committed when the machine fails."""

    def __init__(self, folder, durable=False):
        self._process = subprocess.Popen([ROOT / "ci/pg_cluster", "run", folder, *([] if durable else ["--throwaway"])],
                                         stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent)
        line = self._process.stdout.readline().split()
        assert line[:1] == ["ready"], "no cluster; see whether this works: ci/pg_cluster run $(mktemp -d) --throwaway"
        self.socket, self.port = line[1], line[2]

    def dsn(self, database):
        return f"host={self.socket} port={self.port} user=postgres dbname={database}"

    def flags(self, database):
        return ["--postgres-host", self.socket, "--postgres-port", self.port, "--postgres-db", database]

    def signal_all(self, number):
        """To the server and all its processes at once: as a power cut (SIGKILL), or a machine that hangs (SIGSTOP)."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            server = int(pathlib.Path(self.socket, "data/postmaster.pid").read_text(encoding="utf-8").split()[0])
            children = pathlib.Path(f"/proc/{server}/task/{server}/children").read_text(encoding="utf-8").split()
            for process in [server, *map(int, children)]:
                os.kill(process, number)

    def stop(self):
        self._process.terminate()
        self._process.wait(60)


def login_of(service):
    return f"fairway_{service}_a"


class Service:
    """fairway-query or fairway-ingest on ports of its own, with the login that migrate() makes, up and ready."""

    def __init__(self, name, flags, before_start=lambda: None):
        def prepare():
            die_with_parent()
            before_start()

        binary = BUILD / "services" / name / f"fairway-{name}"
        self._process = subprocess.Popen([binary, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", *flags,
                                          "--postgres-user", login_of(name)], stderr=subprocess.PIPE, text=True,
                                         preexec_fn=prepare)
        self.log = []
        for line in self._process.stderr:
            self.log.append(line)
            if line.startswith("{") and (entry := json.loads(line))["message"] == "serving":
                self.port, self.admin_port = entry["port"], entry["admin_port"]
                break
        else:
            raise AssertionError(f"{name} did not start:\n" + "".join(self.log))
        # A full pipe would stop the service.
        self._drain = threading.Thread(target=lambda: self.log.extend(self._process.stderr), daemon=True)
        self._drain.start()

    @property
    def pid(self):
        return self._process.pid

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def kill(self):
        self._process.kill()
        self._process.wait(60)

    def terminate(self):
        self._process.terminate()

    def stop(self):
        """Asks it to go, and sees that it goes well."""
        if self._process.poll() is None:
            self._process.terminate()
        assert self._process.wait(120) in (0, -signal.SIGKILL), "".join(self.log[-20:])


def run_cli(*arguments, check=True, **options):
    done = subprocess.run([CLI, *map(str, arguments)], capture_output=True, text=True, timeout=600, **options)
    if check:
        assert done.returncode == 0, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def migrate(flags):
    """As the superuser, and with the logins of the services."""
    return run_cli("migrate", *flags, "--postgres-user", "postgres", "--ingest-login", login_of("ingest"),
                   "--query-login", login_of("query"))


def wait_until(holds, seconds=20):
    """Waits until `holds()`, asking every few milliseconds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not so after {seconds} s"
        time.sleep(0.01)
