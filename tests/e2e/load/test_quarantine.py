"""What can never be loaded is put aside, with a report."""

import gzip

import pytest

from objects import BUCKET, HEADING, batches, csv, put, url_of


def test_bad_rows_are_quarantined(store, load):
    key = "incoming/acme/bad.csv"
    content = HEADING + "CNSHA,NLRTM,2026-01-01,5\n\nXXXXX,NLRTM,2026-01-32,0\n" + "CNSHA,NLRTM,2026-01-01,0\n" * 40_000
    version = put(store, key, content)
    done = load(url_of(key, version), exit_code=3)
    assert "line 4, origin: UNKNOWN_PORT" in done.stderr
    assert f"errors in s3://{BUCKET}/quarantine/{key}.errors.csv" in done.stderr
    assert store.read(BUCKET, "quarantine/" + key) == store.read(BUCKET, key) == content.encode()
    report = store.read(BUCKET, f"quarantine/{key}.errors.csv").decode().splitlines()
    assert report[:5] == ["row_index,line,field,reason,value", "1,4,origin,UNKNOWN_PORT,XXXXX",
                          "1,4,day,BAD_DATE,2026-01-32", "1,4,price,PRICE_OUT_OF_RANGE,0",
                          "2,5,price,PRICE_OUT_OF_RANGE,0"]
    assert len(report) == 1 + 2 + 1_000 + 1 and report[-1] == ',,,PRICE_OUT_OF_RANGE,"and 39,001 more"'


@pytest.mark.parametrize("name, content, error", [
    ("price.csv", HEADING + "CNSHA,NLRTM,2026-01-01,12.50\n", "0,2,price,NOT_A_NUMBER,12.50"),
    ("latin-1.csv", csv(5, 20_000).encode() + b"M\xfcNCH,NLRTM,2026-01-01,5\n",
     "20000,20002,origin,NOT_UTF8,M\\xfcNCH")], ids=lambda value: value if str(value).endswith(".csv") else "")
def test_rows_that_are_no_prices_are_bad_rows(fairway, store, load, name, content, error):
    key, before = f"incoming/acme/{name}", batches(fairway)
    load(url_of(key, put(store, key, content)), exit_code=3)
    assert store.read(BUCKET, f"quarantine/{key}.errors.csv").decode().splitlines()[1:] == [error]
    assert batches(fairway) == before


@pytest.mark.parametrize("name, content, line, words", [
    ("cut.csv.gz", gzip.compress(csv(5, 9_999).encode())[:-50], "", "cut off"),
    ("damaged.csv.gz", gzip.compress(csv(5, 9_999).encode())[:40] + b"garbage" * 99, "", "damaged"),
    ("columns.csv", "from,to\n1,2\n", "1", "origin is missing"),
    ("quote.csv", HEADING + "CNSHA,NLRTM,2026-01-01,\"12\n", "2", "a quote is opened"),
    ("heading.csv", HEADING, "", "no prices"),
    ("empty.csv", "", "", "empty")], ids=lambda value: value if str(value).endswith((".csv", ".gz")) else "")
def test_files_that_are_none_are_quarantined(fairway, store, load, name, content, line, words):
    key, before = f"incoming/acme/{name}", batches(fairway)
    version = put(store, key, content)
    done = load(url_of(key, version), exit_code=5)
    assert words in done.stderr
    assert store.read(BUCKET, "quarantine/" + key) == store.read(BUCKET, key)
    report = store.read(BUCKET, f"quarantine/{key}.errors.csv").decode().splitlines()
    assert len(report) == 2 and words in report[1] and "FILE_CONTENT" in report[1]
    assert not line or report[1].split(",")[1] == line
    assert batches(fairway) == before
