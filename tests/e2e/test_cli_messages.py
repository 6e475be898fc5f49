"""What the fairway command says when something is wrong, or not quite as it seems."""

import concurrent.futures
import gzip
import json
import subprocess

import grpc
import pytest
from fairway.v1 import rate_query_service_pb2 as query_pb2, rate_query_service_pb2_grpc as query_grpc

import processes

LOCATIONS = processes.ROOT / "data/sample/locations.csv"
HEADING = "origin,destination,day,price\n"
ROW = "CNSHA,NLRTM,2026-04-01,{}\n"
RATES = ["rates", "CNSHA", "NLRTM", "--from", "2026-04-01"]


@pytest.fixture(scope="module", autouse=True)
def locations(fairway):
    fairway.cli("locations", "import", LOCATIONS)


def upload(fairway, source, batch_id, *arguments, **options):
    return fairway.cli("upload", source, "--partner", "acme", "--batch-id", batch_id, *arguments, check=False, **options)


def state_of(fairway, batch_id):
    done = fairway.cli("batches", "show", "acme", batch_id, "--json", check=False)
    return json.loads(done.stdout)["state"] if done.returncode == 0 else None


# "1250" becomes "12" where a pipe is cut.
@pytest.mark.parametrize("command", ["upload", "load"])
def test_a_pipe_that_ends_within_a_line_is_refused(fairway, tmp_path, command):
    cut = (HEADING + ROW.format(1250) * 3)[:-3]
    piped = [command, "-", "--partner", "acme", "--batch-id", "cut-" + command]
    done = fairway.cli(*piped, input=cut, check=False)
    assert done.returncode == 5 and "standard input:4: the input ends without a line end" in done.stderr, done.stderr
    assert state_of(fairway, "cut-" + command) in (None, "BATCH_STATE_CANCELLED")
    # A count of rows does not show it: there are three.
    assert fairway.cli(*piped, "--rows", "3", input=cut, check=False).returncode == 5
    path = tmp_path / "whole.csv"
    path.write_text(HEADING + ROW.format(1250) * 3)
    done = fairway.cli(*piped, input=path.read_text(), check=False)
    assert done.returncode == 0 and "3 prices on 1 lane" in done.stdout


def test_files_may_end_without_a_line_end(fairway, tmp_path):
    path, fifo = tmp_path / "a.csv", tmp_path / "fifo"
    path.write_text(HEADING + ROW.format(1250).strip())
    assert upload(fairway, path, "no-line-end-1").returncode == 0
    with open(path, encoding="ascii") as file:  # Through standard input as well.
        assert upload(fairway, "-", "no-line-end-2", stdin=file).returncode == 0
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    piped = subprocess.run(["bash", "-c", f'cat {packed} | "$0" --ingest-address {fairway.ingest.address} upload - '
                            "--partner acme --batch-id no-line-end-3", processes.CLI], capture_output=True, text=True, timeout=60)
    assert piped.returncode == 0, piped.stderr
    subprocess.run(["mkfifo", fifo], check=True)
    with subprocess.Popen(["bash", "-c", f"cat {path} > {fifo}"]):
        assert upload(fairway, fifo, "no-line-end-4").returncode == 5


@pytest.mark.parametrize("command", ["upload", "load"])
def test_rows_that_are_missing_are_noticed(fairway, command):
    done = fairway.cli(command, "-", "--partner", "acme", "--batch-id", "rows-" + command, "--rows", "4",
                       input=HEADING + ROW.format(7) * 3, check=False)
    assert done.returncode == 1 and "--rows: declared 4, received 3" in done.stderr
    assert state_of(fairway, "rows-" + command) == "BATCH_STATE_FAILED"


def test_the_same_prices_under_another_name_are_noticed(fairway):
    rows = [ROW.format(price) for price in (31, 32, 33)]
    first = upload(fairway, "-", "march-1", input=HEADING + "".join(rows))
    assert first.returncode == 0 and "counts twice" not in first.stderr
    again = upload(fairway, "-", "march-2", input=HEADING + "".join(reversed(rows)))
    assert again.returncode == 0 and "warning: the same prices are committed as acme/march-1, too: each price counts twice now" in again.stderr
    replayed = upload(fairway, "-", "march-2", input=HEADING + "".join(rows))
    assert "already committed" in replayed.stdout and "counts twice" not in replayed.stderr
    other = fairway.cli("upload", "-", "--partner", "other", "--batch-id", "march-3", input=HEADING + "".join(rows))
    assert "counts twice" not in other.stderr


def test_lists_of_errors_are_recommended_where_there_are_any(fairway, tmp_path):
    report = tmp_path / "report.csv"
    assert upload(fairway, "-", "taken", input=HEADING + ROW.format(41)).returncode == 0
    done = upload(fairway, "-", "taken", "--error-report", report, input=HEADING + ROW.format("x") + ROW.format(0))
    assert done.returncode == 3 and "committed with other content" in done.stderr
    assert "fairway batches errors" not in done.stderr
    assert report.read_text().splitlines() == ["row_index,line,field,reason,value", ",2,price,NOT_A_NUMBER,x",
                                               ",3,price,PRICE_OUT_OF_RANGE,0"]


def test_an_error_report_is_of_the_last_run(fairway, tmp_path):
    path, report = tmp_path / "a.csv", tmp_path / "report.csv"
    path.write_text(HEADING + ROW.format("x"))
    assert upload(fairway, path, "report", "--error-report", report).returncode == 3
    assert "NOT_A_NUMBER" in report.read_text()
    path.write_text(HEADING + ROW.format(51))
    assert upload(fairway, path, "report", "--error-report", report).returncode == 0
    assert report.read_text() == "row_index,line,field,reason,value\n"
    # Where it cannot be written, nothing is sent.
    nowhere = upload(fairway, path, "report-2", "--error-report", tmp_path / "no/report.csv")
    assert nowhere.returncode == 5 and state_of(fairway, "report-2") is None
    itself = upload(fairway, path, "report-3", "--error-report", path)
    assert itself.returncode == 2 and path.read_text() == HEADING + ROW.format(51)


def test_a_receipt_that_cannot_be_written_is_no_failed_batch(fairway, tmp_path):
    path = tmp_path / "full.csv"
    path.write_text(HEADING + ROW.format(61))
    for command in ["upload", "load"]:
        with open("/dev/full", "wb") as full:
            done = subprocess.run([processes.CLI, "--ingest-address", fairway.ingest.address, command, path, "--partner", "acme"],
                                  stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        assert done.returncode == 5 and "No space left on device" in done.stderr
        assert "is committed at version" in done.stderr and "only the output could not be written" in done.stderr


WRONG = {
    "upload a.csv --partner acme --rows 0": "--rows: \"0\" is not a whole number of at least 1",
    "upload a.csv --partner acme --rows -1": "not a whole number of at least 1",
    "upload a.csv --partner acme --dry-run": "unknown option '--dry-run'",
    "upload a.csv b.csv": "--partner is required",
    "upload a.csv --prtner acme": "fairway: unknown option '--prtner'; did you mean '--partner'?",
    "upload - --partner acme": "--batch-id",
    "uplod a.csv": "fairway: unknown command 'uplod'; did you mean 'upload'?",
    "batches sho acme a": "unknown command 'sho'; did you mean 'show'?",
    "batches list --state done": "expected receiving, committed, reverted, failed, cancelled or expired",
    "batches list --limit 0": "--limit",
    "batches show acme A": "batch-id: \"A\"",
    "rates CNSHA NLRTM": "--from is required",
    "rates CNSHA NLRTM --from yesterday": "--from: \"yesterday\"",
    "rates CNSHA NLRTM --from yesterday --to 2026-01-01": "--from: \"yesterday\"",
    "rates CNSHA NLRTM --from 2026-02-01 --to 2026-01-01": "--to 2026-01-01 lies before --from 2026-02-01",
    "rates CNSHA NLRTM --from 2000-01-01 --to 2026-01-01": "may ask for 1830",
    "rates CN!SHA NLRTM --from 2026-01-01": "CN!SHA",
    "rates CNSHA NLRTM --from 2026-01-01 --at-least -1": "not a whole number of at least 1",
    "rates CNSHA NLRTM --from 2026-01-01 --at-least 0": "not a whole number of at least 1",
    "rates CNSHA NLRTM --from 2026-01-01 --exact 0": "not a whole number of at least 1",
    "rates CNSHA NLRTM --from 2026-01-01 --exact 1 --at-least 1": "excludes",
    "rates CNSHA NLRTM --from 2026-01-01 --version-id 7": "--at-least or --exact",
    "rates CNSHA NLRTM --from 2026-01-01 --exact 1 --version-id -7": "--version-id",
    "rates CNSHA NLRTM --from 2026-01-01 --min-price-count 2": "--min-price-count",
    "rates CNSHA NLRTM --from 2026-01-01 --json --csv": "excludes",
    "dataset --query-address localhost": "expected host:port",
    "dataset --query-address localhost:115587": "not a port from 1 to 65535",
    "dataset --timeout 0": "--timeout",
}


@pytest.mark.parametrize("command", WRONG)
def test_wrong_arguments_are_one_exit_status(fairway, command):
    done = fairway.cli(*command.split(), check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 2 and len(done.stderr) < 500, (done.returncode, done.stderr)
    assert any(words in done.stderr for words in WRONG[command].split("|")), done.stderr


DEEP = "".join(f"region,d{level},Deep,{f'd{level - 1}' if level > 1 else ''}\n" for level in range(1, 34))
BAD_LOCATIONS = {
    "shp,XXABC,A port,asia\n": [":2: the kind must be region or port"],
    "port,abcde,A port,asia\n": [":2: \"abcde\": a port code is 5 upper-case letters"],
    "port,XXABC,A port,\n": [":2: \"XXABC\": the parent is empty"],
    "region,new_one,New,\n\nregion,newreg,New,nope\nport,XXABC,A port,nowhere\n":
        [":4: \"nope\": no such region", ":5: \"nowhere\": no such region"],
    "region,new_a,A,new_b\nregion,new_b,B,new_a\n": [":2: \"new_b\": region new_a lies inside itself"],
    "region,new_a,A,\nregion,new_a,A,\n": [":3: the region new_a is given twice, first in line 2"],
    DEEP: [":34: \"d33\": the region lies on level 33"],
    f"region,{'a' * 64},A,\n": [":2: ", "it has 64 bytes; a region slug has at most 63"],
    "region,new_a,,\nregion,New,New,\n": [":2: the name of \"new_a\" is empty", ":3: \"New\": a region slug is"],
}


@pytest.mark.parametrize("rows", BAD_LOCATIONS, ids=lambda rows: rows[:20])
def test_bad_rows_of_locations_have_their_lines_whoever_finds_them(fairway, tmp_path, rows):
    path = tmp_path / "l.csv"
    path.write_text("kind,code,name,parent\n" + rows)
    done = fairway.cli("locations", "import", path, check=False)
    assert done.returncode == 3 and "(INVALID_ROWS)" in done.stderr, done.stderr
    for words in BAD_LOCATIONS[rows]:
        assert words in done.stderr, done.stderr
    assert str(path) + ":" in done.stderr


@pytest.mark.parametrize("text", ["code,name\nCNSHA,Shanghai\n", "kind,code,name,parent\n", "kind,code,name,parent\nport,\"CNSHA,a,b\n"])
def test_what_is_no_file_of_locations_is_another_exit_status(fairway, tmp_path, text):
    path = tmp_path / "l.csv"
    path.write_text(text)
    done = fairway.cli("locations", "import", path, check=False)
    assert done.returncode == 5 and "(FILE_CONTENT)" in done.stderr, done.stderr


def test_a_port_is_told_to_be_no_region(fairway):
    done = fairway.cli("locations", "list", "--region", "CNSHA", check=False)
    assert done.returncode == 1 and '"CNSHA" is a port, not a region (LOCATION_NOT_FOUND)' in done.stderr


def test_mistakes_come_with_advice(fairway):
    done = fairway.cli("rates", "cnsha", "nlrtm", "--from", "2026-04-01", check=False)
    assert done.returncode == 1 and "port codes are upper case: CNSHA; see fairway locations list" in done.stderr
    done = subprocess.run([processes.CLI, "dataset"], env={"FAIRWAY_TIMEOUT": "abc"}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and "FAIRWAY_TIMEOUT: Value abc" in done.stderr and "--timeout" not in done.stderr
    assert processes.run_cli("help").stdout == processes.run_cli("--help").stdout
    assert processes.run_cli("help", "rates").stdout == processes.run_cli("rates", "--help").stdout


def test_an_upload_that_gives_up_names_the_option(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(HEADING + ROW.format(1))
    done = processes.run_cli("--ingest-address", "127.0.0.1:1", "upload", path, "--partner", "acme", "--batch-id", "gone-1",
                             "--attempts", "1", check=False)
    assert done.returncode == 4 and "gave up after 1 attempt; --attempts allows more" in done.stderr, done.stderr


def test_a_directory_is_no_file(fairway, tmp_path):
    for command in ["upload", "load"]:
        done = fairway.cli(command, tmp_path, "--partner", "acme", check=False)
        assert done.returncode == 5 and "it is a directory" in done.stderr, done.stderr


def test_the_other_service_is_named(fairway):
    swapped = ["--query-address", fairway.ingest.address, "--ingest-address", fairway.query.address]
    for command, name in [(RATES, "fairway-query"), (["dataset"], "fairway-query"), (["batches", "list"], "fairway-ingest")]:
        done = processes.run_cli(*swapped, *command, check=False)
        assert done.returncode == 1 and f"is not {name}" in done.stderr, done.stderr
    done = processes.run_cli(*swapped, "upload", "-", "--partner", "acme", "--batch-id", "swapped", input=HEADING + ROW.format(1),
                             check=False)
    assert done.returncode == 1 and "is not fairway-ingest" in done.stderr, done.stderr
    admin = f"127.0.0.1:{fairway.query.admin_port}"
    done = processes.run_cli("--query-address", admin, "--timeout", "10", "dataset", check=False)
    assert done.returncode == 4 and f"cannot be reached at {admin}" in done.stderr, done.stderr


def test_a_service_that_is_away_is_named(fairway):
    for address, words in [("127.0.0.1:1", "connection refused"), ("no-such-host.invalid:50051", "unknown host name")]:
        done = processes.run_cli("--query-address", address, "--timeout", "10", "dataset", check=False)
        assert done.returncode == 4 and f"fairway-query cannot be reached at {address}: {words}" in done.stderr, done.stderr


def test_a_database_that_is_away_is_one_line(tmp_path):
    done = processes.run_cli("migrate", "--postgres-host", tmp_path, "--postgres-port", "1", check=False)
    assert done.returncode != 0 and "\\n" not in done.stderr and done.stderr.count("\n") == 1, done.stderr


class Stale(query_grpc.RateQueryServiceServicer):
    """A replica that has not seen its database for a while."""

    staleness_ms = "42500"

    def GetDailyRates(self, request, context):
        context.set_trailing_metadata([("x-fairway-staleness-ms", self.staleness_ms)])
        return query_pb2.GetDailyRatesResponse(dataset_version=3)

    def ListLocations(self, request, context):
        context.set_trailing_metadata([("x-fairway-staleness-ms", self.staleness_ms)])
        return query_pb2.ListLocationsResponse(next_page_token="" if request.page_token else "2")


@pytest.fixture(scope="module")
def stale():
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(2))
    servicer = Stale()
    query_grpc.add_RateQueryServiceServicer_to_server(servicer, server)
    servicer.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield servicer
    server.stop(None)


@pytest.mark.parametrize("command", [RATES, [*RATES, "--json"], [*RATES, "--csv"], ["locations", "list"]], ids=" ".join)
def test_an_answer_that_may_be_old_says_so(stale, command):
    done = processes.run_cli("--query-address", stale.address, *command)
    assert done.stderr.count("the answer may be 42 s old: fairway-query has not caught up with its database since 20") == 1
    assert "old" not in done.stdout


@pytest.mark.parametrize("staleness_ms", ["999", "0", "-5", "", "x"])
def test_an_answer_that_is_new_says_nothing(stale, monkeypatch, staleness_ms):
    monkeypatch.setattr(stale, "staleness_ms", staleness_ms)
    assert processes.run_cli("--query-address", stale.address, *RATES).stderr == ""
