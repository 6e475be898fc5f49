"""fairway import-dump: all of a dump, or nothing; what dumps mean is tested in libs/sql_dump."""

import queue
import subprocess

from fairway.v1 import batch_pb2, price_ingest_service_pb2 as ingest_pb2
import pytest

import processes

DUMP = """CREATE TABLE public.regions (slug text NOT NULL, name text NOT NULL, parent_slug text);
CREATE TABLE public.ports (code text NOT NULL, name text NOT NULL, parent_slug text NOT NULL);
CREATE TABLE public.prices (orig_code text, dest_code text, day date, price integer);
INSERT INTO public.regions VALUES ('asia', 'Asia', NULL), ('europe', 'Europe', NULL);
INSERT INTO public.ports VALUES ('CNSHA', 'Shanghai', 'asia'), ('NLRTM', 'Rotterdam', 'europe');
COPY public.prices (orig_code, dest_code, day, price) FROM stdin;
CNSHA\tNLRTM\t2026-01-01\t100
CNSHA\tNLRTM\t2026-01-01\t100
\\.
INSERT INTO public.prices VALUES ('NLRTM', 'CNSHA', '2026-01-02', 7);
"""
# One more port and price.
LARGER = DUMP + """INSERT INTO public.ports VALUES ('DEHAM', 'Hamburg', 'europe');
INSERT INTO public.prices VALUES ('CNSHA', 'DEHAM', '2026-01-03', 8);
"""


@pytest.fixture
def dump(tmp_path):
    path = tmp_path / "rates.sql"
    path.write_text(DUMP)
    return path


@pytest.fixture
def larger(tmp_path):
    path = tmp_path / "larger.sql"
    path.write_text(LARGER)
    return path


def import_dump(fairway, *arguments, **options):
    return fairway.cli("import-dump", *arguments, check=False, **options)


def state(fairway):
    return [fairway.sql(f"SELECT count(*) FROM {table}")[0][0] for table in ("regions", "ports", "prices")]


def test_nothing_is_imported_when_a_line_stands_in_the_way(fairway, tmp_path):
    bad = tmp_path / "bad.sql"
    for text, line in ((DUMP + "DELETE FROM public.prices WHERE price = 7;\n", ":11: "), (DUMP[:-60], ":10: "),
                       (DUMP.replace("\t100\n\\.", "\tn/a\n\\."), ":8: "),
                       (DUMP.replace("'Rotterdam'", "'R\udcf8'"), ":5: ")):
        bad.write_bytes(text.encode(errors="surrogateescape"))
        done = import_dump(fairway, bad)
        assert done.returncode == 5 and f"bad.sql{line}" in done.stderr, done.stderr
        assert state(fairway) == [0, 0, 0]


@pytest.mark.parametrize("content, words", [
    ("origin,destination,day,price\nCNSHA,NLRTM,2026-01-01,100\n", "CSV"),
    ("kind,code,name,parent\nregion,asia,Asia,\n", "CSV"),
    ("\x7fELF\x02\x01\x01", "no dump in SQL"),
    ("", "it is empty"),
    ("<html><body>Not found</body></html>\n", "no dump in SQL"),
    ('{"origin": "CNSHA"}\n', "no dump in SQL"),
], ids=["prices", "locations", "program", "nothing", "html", "json"])
def test_what_is_no_dump_is_refused_by_name(fairway, tmp_path, content, words):
    path = tmp_path / "input"
    path.write_text(content)
    done = import_dump(fairway, path)
    assert done.returncode == 5 and words in done.stderr, done.stderr
    assert state(fairway) == [0, 0, 0]


def test_what_is_no_file_is_refused_by_name(fairway, tmp_path):
    for path, words in ((tmp_path, "directory"), (tmp_path / "missing.sql", "No such file")):
        done = import_dump(fairway, path)
        assert done.returncode == 5 and words in done.stderr, done.stderr
    assert state(fairway) == [0, 0, 0]


def test_nothing_is_imported_under_a_name_that_is_none(fairway, dump):
    for arguments in (["--partner", "ACME"], ["--partner", ""], ["--batch-id", "x"], ["--batch-id", "a_b_c"]):
        done = import_dump(fairway, dump, *arguments)
        assert done.returncode == 2 and "[a-z0-9-]" in done.stderr, done.stderr
        assert state(fairway) == [0, 0, 0]


def test_a_dry_run_imports_nothing(fairway, dump):
    done = import_dump(fairway, dump, "--dry-run")
    assert done.returncode == 0 and "2 regions, 2 ports and 3 prices" in done.stderr
    assert state(fairway) == [0, 0, 0]


def test_a_dry_run_needs_no_service(dump):
    done = processes.run_cli("import-dump", "--dry-run", dump, "--ingest-address", "127.0.0.1:1", "--query-address",
                             "127.0.0.1:1")
    assert "2 regions, 2 ports and 3 prices" in done.stderr and "cannot determine" in done.stderr


def test_a_pipe_is_imported_whole_and_once(fairway, dump):
    done = import_dump(fairway, "-", input=DUMP)
    assert done.returncode == 0, done.stderr
    assert "3 prices on 2 lanes" in done.stdout
    assert state(fairway) == [2, 2, 3]
    # The same prices in another file, written in another way.
    dump.write_text("-- made later\n" + DUMP)
    again = subprocess.run(
        ["bash", "-c", f'"$0" import-dump --json <(cat {dump}) --ingest-address {fairway.ingest.address}', processes.CLI],
        capture_output=True, text=True, timeout=60)
    assert again.returncode == 0 and '"replayed": true' in again.stdout, again.stderr
    assert state(fairway) == [2, 2, 3]


def test_nothing_is_imported_under_an_id_that_is_taken(fairway, dump, larger):
    assert import_dump(fairway, dump, "--batch-id", "taken").returncode == 0
    before = state(fairway)
    for arguments in ([], ["--dry-run"]):
        done = import_dump(fairway, larger, "--batch-id", "taken", *arguments)
        assert done.returncode == 1 and "other content" in done.stderr, done.stderr
        assert state(fairway) == before
    again = import_dump(fairway, dump, "--batch-id", "taken")
    assert again.returncode == 0 and "already committed" in again.stdout


def test_an_id_that_is_being_uploaded_is_waited_for(fairway, larger):
    before = state(fairway)
    messages = queue.SimpleQueue()
    messages.put(ingest_pb2.UploadBatchRequest(header=batch_pb2.BatchHeader(partner="import", batch_id="busy")))
    other = fairway.stub_ingest.UploadBatch.future(iter(messages.get, None))
    processes.wait_until(lambda: fairway.sql("SELECT count(*) FROM fairway.batches WHERE batch_id = 'busy'")[0][0])
    waiting = subprocess.Popen([processes.CLI, "--query-address", fairway.query.address, "--ingest-address",
                                fairway.ingest.address, "import-dump", larger, "--batch-id", "busy"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line = next(line for line in waiting.stderr if "is being uploaded" in line)
    assert "attempt 2" in line
    assert state(fairway) == before
    other.cancel()
    messages.put(None)
    assert waiting.wait(60) == 0, waiting.stderr.read()
    assert state(fairway) == [before[0], before[1] + 1, before[2] + 4]


def test_what_is_in_is_said_when_the_prices_fail(fairway, tmp_path):
    path = tmp_path / "more.sql"
    path.write_text(LARGER.replace("DEHAM", "FRLEH").replace("'Hamburg'", "'Le Havre'"))
    before = state(fairway)
    execute(fairway, "ALTER TABLE fairway.price_series ADD CONSTRAINT none CHECK (false) NOT VALID")
    try:
        done = import_dump(fairway, path, "--batch-id", "late-failure")
    finally:
        execute(fairway, "ALTER TABLE fairway.price_series DROP CONSTRAINT none")
    assert done.returncode != 0
    assert "the regions and ports are imported, the prices are not" in done.stderr
    assert state(fairway) == [before[0], before[1] + 1, before[2]]
    again = import_dump(fairway, path, "--batch-id", "late-failure")
    assert again.returncode == 0, again.stderr
    assert state(fairway) == [before[0], before[1] + 1, before[2] + 4]


def execute(fairway, statement):
    fairway.sql(f"BEGIN; {statement}; COMMIT; SELECT 1")


def test_moves_are_reported_before(fairway, dump):
    dump.write_text(DUMP.replace("'CNSHA', 'Shanghai', 'asia'", "'CNSHA', 'Shanghai', 'europe'"))
    before = fairway.sql("SELECT * FROM ports ORDER BY code")
    done = import_dump(fairway, dump, "--dry-run")
    assert "1 port and 0 regions that exist already would move: CNSHA from asia to europe" in done.stderr
    assert "no ports remain in asia" in done.stderr
    assert fairway.sql("SELECT * FROM ports ORDER BY code") == before
    moved = import_dump(fairway, dump)
    assert moved.returncode == 0, moved.stderr
    assert moved.stderr.index("move: CNSHA") < moved.stderr.index("regions and ports: ")
