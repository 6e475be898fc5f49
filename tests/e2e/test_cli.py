"""The fairway command as people and scripts use it."""

import concurrent.futures
import gzip
import json
import os
import re
import subprocess

import grpc
import pytest

import clients
import processes

LOCATIONS = processes.ROOT / "data/sample/locations.csv"


@pytest.fixture(scope="module", autouse=True)
def locations(fairway):
    assert "added" in fairway.cli("locations", "import", LOCATIONS).stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("cli")


def generate(fairway, path, **options):
    flags = [text for name, value in options.items() for text in (f"--{name.replace('_', '-')}", value)]
    fairway.cli("generate", "--locations", LOCATIONS, "-o", path, *flags)
    return path


def test_generated_prices_are_the_same_again(fairway, folder):
    first = generate(fairway, folder / "a.csv", lanes=50, days=10, seed=3).read_text()
    assert generate(fairway, folder / "b.csv", lanes=50, days=10, seed=3).read_text() == first
    assert generate(fairway, folder / "c.csv", lanes=50, days=10, seed=4).read_text() != first
    rows = [line.split(",") for line in first.splitlines()[1:]]
    assert len({(row[0], row[1]) for row in rows}) == 50
    assert len(rows) > 50 * 10 * 3


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "csv.zst"])
def test_uploads_of_every_kind_of_file(fairway, folder, suffix):
    path = generate(fairway, folder / f"prices.{suffix}", lanes=40, days=20, seed=5)
    arguments = ["upload", path, "--partner", "acme", "--batch-id", "acme-" + suffix.replace(".", "-"), "--json"]
    receipt = json.loads(fairway.cli(*arguments).stdout)
    again = json.loads(fairway.cli(*arguments).stdout)
    assert not receipt["replayed"] and again["replayed"]
    assert again["batch"] == receipt["batch"] and receipt["batch"]["lane_count"] == "40"


def test_a_pipe_is_uploaded(fairway):
    text = "price,day,destination,origin\r\n100,2026-03-01,NLRTM,CNSHA\r\n\r\n200,2026-03-01,NLRTM,\"CNSHA\"\r\n"
    done = fairway.cli("upload", "-", "--partner", "acme", "--batch-id", "piped", input=text)
    assert "2 prices on 1 lane," in done.stdout


def test_rates_in_all_forms(fairway):
    text = "origin,destination,day,price\n" + "CNTAO,DEHAM,2026-05-01,1000\n" * 3 + "CNTAO,DEHAM,2026-05-02,7\n"
    fairway.cli("upload", "-", "--partner", "acme", "--batch-id", "rates", input=text)
    clients.await_newest(fairway)
    question = ["rates", "CNTAO", "DEHAM", "--from", "2026-05-01", "--to", "2026-05-03"]
    table = fairway.cli(*question).stdout
    assert "1000.00" in table and "too few prices" in table and "no prices" in table
    month = json.loads(fairway.cli("rates", "CNTAO", "DEHAM", "--from", "2026-05-01", "--json").stdout)["rates"]
    assert (len(month), month[-1]["day"]) == (31, "2026-05-31"), "without --to"
    rates = json.loads(fairway.cli(*question, "--json").stdout)["rates"]
    assert [rate["availability"] for rate in rates] == [
        "AVAILABILITY_PUBLISHED", "AVAILABILITY_TOO_FEW_PRICES", "AVAILABILITY_NO_PRICES"]
    assert fairway.cli(*question, "--csv").stdout.splitlines()[1:] == [
        "2026-05-01,1000,3,PUBLISHED", "2026-05-02,,1,TOO_FEW_PRICES", "2026-05-03,,0,NO_PRICES"]


def test_bad_rows_are_reported_by_line(fairway, folder):
    path = folder / "bad.csv"
    path.write_text("origin,destination,day,price\nCNSHA,NLRTM,2026-01-01,5\n\nXXXXX,NLRTM,2026-01-32,0\n")
    done = fairway.cli("upload", path, "--partner", "acme", check=False)
    assert done.returncode == 3
    assert "line 4, origin: UNKNOWN_PORT" in done.stderr and "line 4, day: BAD_DATE" in done.stderr
    batch = re.search(r"^batch id: (bad-[0-9a-f]{24})$", done.stderr, re.MULTILINE)[1]
    assert f"all of them: fairway batches errors acme {batch}" in done.stderr and "1 bad row with 3 errors" in done.stderr
    assert "ListBatchErrors" not in done.stderr
    listed = fairway.cli("batches", "errors", "acme", batch).stdout.splitlines()
    assert listed == ["row_index,field,reason,value", "1,origin,UNKNOWN_PORT,XXXXX", "1,day,BAD_DATE,2026-01-32",
                      "1,price,PRICE_OUT_OF_RANGE,0"]
    shown = fairway.cli("batches", "show", "acme", batch).stdout
    assert "FAILED" in shown and f"correct the rows that fairway batches errors acme {batch} lists" in shown
    assert batch in fairway.cli("batches", "list", "--state", "failed").stdout


# What the client cannot read as a price and what the service does not take: one list, in order.
def test_every_bad_row_is_reported_whoever_finds_it(fairway, folder):
    path, report = folder / "six.csv", folder / "six.errors.csv"
    path.write_text("origin,destination,day,price\nCNSHA,NLRTM,2026-06-01,1250\nCNSHA,NLRTM,2026-06-01,1250.50\n"
                    "XXXXX,NLRTM,2026-06-01,1250\nCNSHA,NLRTM,2026-06-31,1250\nCNSHA,NLRTM,2026-06-01,n/a\n"
                    "CNSHA,NLRTM,2026-06-01,\nCNSHA,NLRTM,2026-06-01,0\n")
    errors = ["1,{}price,NOT_A_NUMBER,1250.50", "2,{}origin,UNKNOWN_PORT,XXXXX", "3,{}day,BAD_DATE,2026-06-31",
              "4,{}price,NOT_A_NUMBER,n/a", "5,{}price,MISSING_FIELD,", "6,{}price,PRICE_OUT_OF_RANGE,0"]
    for command in ["upload", "load"]:
        done = fairway.cli(command, path, "--partner", "acme", "--batch-id", "six-" + command,
                           "--error-report", report, check=False)
        assert done.returncode == 3, done.stderr
        assert "line 3, price: NOT_A_NUMBER" in done.stderr and "6 bad rows with 6 errors" in done.stderr
        assert "line 8, price: PRICE_OUT_OF_RANGE" in done.stderr
        assert report.read_text().splitlines() == ["row_index,line,field,reason,value"] + [
            error.format(f"{int(error[0]) + 2},") for error in errors]
        listed = fairway.cli("batches", "errors", "acme", "six-" + command).stdout.splitlines()
        assert listed == ["row_index,field,reason,value"] + [error.format("") for error in errors]
        report.unlink()


def test_more_bad_rows_than_are_kept_are_counted(fairway, folder):
    path, report = folder / "many.csv", folder / "many.errors.csv"
    path.write_text("origin,destination,day,price\n" + "CNSHA,NLRTM,2026-06-01,1,250\n" * 40_000 + "A,B\n")
    done = fairway.cli("upload", path, "--partner", "acme", "--batch-id", "many-bad", "--error-report", report,
                       check=False)
    assert done.returncode == 3 and "40,001 bad rows with 40,004 errors" in done.stderr
    assert "the first 1,000 of each reason: fairway batches errors acme many-bad" in done.stderr
    assert done.stderr.index("MALFORMED_ROW (40,000)") < done.stderr.index("MISSING_FIELD (2)"), "most frequent first"
    assert "1,004 of 40,004 errors were kept" in fairway.cli("batches", "errors", "acme", "many-bad").stderr
    rows = report.read_text().splitlines()[1:]
    assert len(rows) == 1_000 + 4 + 1 and rows[-1] == ",,,MALFORMED_ROW,\"and 39,000 more\""
    assert sorted(row for row in rows if row.startswith("40000,")) == [
        "40000,40002,day,MISSING_FIELD,", "40000,40002,destination,NOT_A_PORT,B",
        "40000,40002,origin,NOT_A_PORT,A", "40000,40002,price,MISSING_FIELD,"]


class Recorder(clients.ingest_grpc.PriceIngestServiceServicer):
    """Keeps what the last upload sent."""

    def UploadBatch(self, requests, context):
        self.requests = list(requests)
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "recorded")


@pytest.fixture(scope="module")
def recorder():
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(1))
    servicer = Recorder()
    clients.ingest_grpc.add_PriceIngestServiceServicer_to_server(servicer, server)
    servicer.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield servicer
    server.stop(None)


# The guarantee of the service needs an end, and the totals show that nothing was lost before it.
@pytest.mark.parametrize("command", ["upload", "load"])
def test_an_upload_ends_with_its_row_count(recorder, folder, command):
    path = folder / "ended.csv"
    row = "CNSHA,NLRTM,2026-01-01,"
    path.write_text("origin,destination,day,price\n" + f"{row}5\n" * 20_000 + f"{row}x\n")
    processes.run_cli(command, path, "--partner", "acme", "--batch-id", "ended", "--ingest-address", recorder.address,
                      check=False)
    kinds = [next(field.name for field, _ in request.ListFields()) for request in recorder.requests]
    assert kinds == ["header", "chunk", "chunk", "end"]
    assert recorder.requests[-1].end.row_count == 20_001


def test_a_file_that_cannot_be_read_commits_nothing(fairway, folder):
    cut = folder / "cut.csv.gz"
    # More rows than two messages hold come before the cut.
    rows = b"".join(b"CNSHA,NLRTM,2026-01-01,%d\n" % (1 + row * 7919 % 9_999_991) for row in range(60_000))
    cut.write_bytes(gzip.compress(b"origin,destination,day,price\n" + rows)[:-20_000])
    wrong = folder / "wrong.csv"
    wrong.write_text("origin,destination,day,price\nCNSHA,NLRTM,2026-01-01,12.50\nCNSHA,\"NLRTM,2026-01-01,12\n")
    columns = folder / "columns.csv"
    columns.write_text("from,to,day,price\nCNSHA,NLRTM,2026-01-01,12\n")
    for path, words in [(cut, "cut off"), (wrong, "wrong.csv:3: a quote is opened"), (columns, "origin is missing"),
                        (folder / "nothing.csv", "No such file")]:
        done = fairway.cli("upload", path, "--partner", "acme", "--batch-id", "unread", check=False)
        assert (done.returncode, words in done.stderr) == (5, True), done.stderr
    state = fairway.cli("batches", "show", "acme", "unread", check=False).stdout
    assert "COMMITTED" not in state


def test_exit_codes(fairway):
    assert fairway.cli("rates", "XXXXX", "NLRTM", "--from", "2026-01-01", check=False).returncode == 1
    assert fairway.cli("rates", "CNSHA", check=False).returncode == 2
    gone = subprocess.run([processes.CLI, "--query-address", "127.0.0.1:1", "--timeout", "5", "dataset"],
                          capture_output=True, text=True, timeout=60)
    assert gone.returncode == 4


def test_locations_and_dataset(fairway):
    tree = fairway.cli("locations", "tree", "north_europe").stdout
    assert "  north_europe_main  North Europe main ports (8 ports)" in tree and "    NLRTM  Rotterdam" in tree
    listed = fairway.cli("locations", "list", "--prefix", "NL", "--json").stdout
    assert json.loads(listed)["locations"][0]["ancestors"] == ["north_europe_main", "north_europe", "europe", "world"]
    assert "unchanged" in fairway.cli("locations", "import", LOCATIONS).stdout
    assert re.search(r"^ports +192$", fairway.cli("dataset").stdout, re.MULTILINE)


def test_migrate_is_safe_to_repeat(fairway):
    printed = processes.migrate(fairway.flags).stdout
    assert "up to date" in printed and "the login fairway_query_a is there, and keeps its password" in printed


def test_migrate_makes_logins_with_passwords(fairway, tmp_path):
    (tmp_path / "password").write_text("hunter2\n", encoding="utf-8")
    flags = [*fairway.flags, "--postgres-user", "postgres"]
    environment = {**os.environ, "FAIRWAY_QUERY_LOGIN": "fairway_query_cli",
                   "FAIRWAY_QUERY_LOGIN_PASSWORD_FILE": str(tmp_path / "password")}
    for printed in ("created the login fairway_query_cli", "set the password of the login fairway_query_cli"):
        done = processes.run_cli("migrate", *flags, env=environment)
        assert printed in done.stdout and "hunter2" not in done.stdout + done.stderr
    refused = processes.run_cli("migrate", *flags, "--query-login", "postgres", check=False)
    assert refused.returncode == 1 and "services need a login of their own" in refused.stderr, refused.stderr
    refused = processes.run_cli("migrate", *flags, check=False, env={**os.environ, "FAIRWAY_QUERY_LOGIN_PASSWORD": "hunter2"})
    assert refused.returncode == 2 and "is set, but not FAIRWAY_QUERY_LOGIN, whose it is" in refused.stderr, refused.stderr
    help_text = processes.run_cli("migrate", "--help").stdout
    assert "FAIRWAY_INGEST_LOGIN" in help_text and "without an outage" in help_text
