"""fairway import-dump: all of a dump, or nothing; what dumps mean is tested in libs/sql_dump."""

import subprocess

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


@pytest.fixture
def dump(tmp_path):
    path = tmp_path / "rates.sql"
    path.write_text(DUMP)
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


def test_a_dry_run_imports_nothing(fairway, dump):
    done = import_dump(fairway, dump, "--dry-run")
    assert done.returncode == 0 and "2 regions, 2 ports and 3 prices" in done.stderr
    assert state(fairway) == [0, 0, 0]


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


def test_moves_are_reported_before(fairway, dump):
    dump.write_text(DUMP.replace("'Rotterdam', 'europe'", "'Rotterdam', 'asia'"))
    done = import_dump(fairway, dump, "--dry-run")
    assert "1 port and 0 regions that are here already move: NLRTM from europe to asia" in done.stderr
