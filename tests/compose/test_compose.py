"""The images and the stack: what is in them, and queries through HAProxy. Replicas come and go in test_account_day.py."""

import json
import os
import shutil
import subprocess
import time

import pytest
import yaml
from google.protobuf import empty_pb2  # noqa: F401  (proves that Debian's protobuf and our stubs go together)

from conftest import COMPOSE
from loads import ROOT, Load, docker, expected_counts, sessions

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
    logins = {"migrate": "rates", "query-1": "fairway_query_a", "query-2": "fairway_query_a", "ingest": "fairway_ingest_a"}
    for service, login in logins.items():
        assert {**FOUR_LINES, "POSTGRES_USER": login}.items() <= services[service]["environment"].items()
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


def test_the_command_in_its_image(stack, rows):
    shown = stack.compose("run", "--rm", "fairway", "rates", "CNSHA", "NLRTM", "--from", "2026-01-01", "--to", "2026-01-03")
    assert "2026-01-02" in shown


def test_prometheus_and_grafana_are_there_when_asked_for(stack):
    """Their images are not made here: what compose makes of the file is compared with what they read."""
    asked = stack.compose("--profile", "observability", "config")
    for mounted in ("/etc/prometheus", "/etc/grafana/provisioning", "/etc/grafana/dashboards"):
        assert mounted in asked
