"""The gate between the registry's scan and a release: what does not pass, and what may, for how long and why."""

import datetime
import json
import re

import pytest

from cloud import NEW
from conftest import RELEASE

ZLIB = ("CRITICAL", "CVE-2023-45853", ["zlib"])  # what Debian 12's zlib1g has had for years, without a fix
SSL = ("CRITICAL", "CVE-2022-0778", ["openssl"])
EXCEPTION = {"vulnerability": "CVE-2023-45853", "packages": ["zlib", "zlib1g"], "reason": "because", "until": "2027-06-30"}


@pytest.fixture
def scan(release):
    """scan(severity, exceptions=…, today=…) → the finished process."""
    def run(*severity, exceptions=(EXCEPTION,), today="2027-06-30"):
        path = release.folder / "exceptions.json"
        path.write_text(json.dumps(exceptions))
        return release.run("scan_images", "copy", release.images, *severity, SCAN_EXCEPTIONS=str(path), SCAN_TODAY=today)

    run.cloud = release.cloud
    return run


def test_what_is_as_bad_is_refused(scan):
    scan.cloud.scans_in_progress = 2
    scan.cloud.findings = {"copy/query": [("HIGH", "CVE-2024-1", ["tar"]), ("LOW", "CVE-2024-2", ["tar"])]}
    assert scan().returncode == 0
    assert {tuple(request["imageId"].items()) for request in scan.cloud.named("DescribeImageScanFindings")} == {
        (("imageDigest", NEW),)}
    assert scan("HIGH").returncode == 1
    scan.cloud.findings = {"copy/cli": [SSL]}
    refused = scan()
    assert refused.returncode == 1 and 'cli: {"CRITICAL":1}' in refused.stdout
    assert "CRITICAL CVE-2022-0778 in openssl: refused\n" in refused.stdout


@pytest.mark.parametrize("enhanced", [False, True])
def test_what_has_an_exception_passes(scan, enhanced):
    scan.cloud.enhanced = enhanced
    scan.cloud.findings = {"copy/query": [ZLIB], "copy/cli": [ZLIB]}
    passed = scan()
    assert passed.returncode == 0
    assert passed.stdout.count("CVE-2023-45853 in zlib: let pass until 2027-06-30. because\n") == 2


def test_an_exception_ends(scan):
    scan.cloud.findings = {"copy/query": [ZLIB]}
    ended = scan(today="2027-07-01")
    assert ended.returncode == 1 and "refused, its exception ended on 2027-06-30" in ended.stdout


@pytest.mark.parametrize("until", ["31/12/2030", "never", "2030-9-01", "203011-01", "20301101", "", None])
def test_an_exception_ends_on_a_day(scan, until):
    scan.cloud.findings = {"copy/query": [ZLIB]}
    refused = scan(exceptions=[{**EXCEPTION, "until": until}])
    assert refused.returncode == 1 and "no day like 2027-01-31 in the exceptions of CVE-2023-45853" in refused.stderr


@pytest.mark.parametrize("enhanced", [False, True])
@pytest.mark.parametrize("other", [
    SSL,  # another vulnerability
    ("CRITICAL", "CVE-2023-45853", ["minizip"]),  # the same, where it does harm
    ("CRITICAL", "CVE-2023-45853", ["zlib", "minizip"]),
    ("CRITICAL", "CVE-2023-45853", []),  # the same, nobody knows where
])
def test_an_exception_is_for_nothing_else(scan, other, enhanced):
    scan.cloud.enhanced = enhanced
    # On the second page of the list.
    scan.cloud.findings = {"copy/ingest": [ZLIB, ("LOW", "CVE-2024-2", ["tar"]), other]}
    assert scan().returncode == 1


def test_what_is_counted_and_not_listed_is_refused(scan):
    scan.cloud.findings = {"copy/query": [ZLIB]}
    scan.cloud.uncounted = {"copy/query": {"CRITICAL": 1}}
    refused = scan()
    assert refused.returncode == 1 and "2 findings are counted, and fewer are listed" in refused.stderr


def test_an_exception_that_nothing_needs_is_reported(scan):
    report = scan()
    assert report.returncode == 0 and "no image has CVE-2023-45853 any more: take its exception out" in report.stdout


def test_an_image_nobody_can_scan_is_not_released(scan):
    scan.cloud.DescribeImageScanFindings = lambda request: {"imageScanStatus": {"status": "FAILED"}}
    refused = scan()
    assert refused.returncode == 1 and "was not scanned" in refused.stderr


def test_exceptions_say_why_and_until_when(release):
    exceptions = json.loads((RELEASE / "scan_exceptions.json").read_text())
    for exception in exceptions:
        assert set(exception) == {"vulnerability", "packages", "reason", "until"}
        assert re.fullmatch(r"(CVE-\d{4}-\d{4,}|GHSA(-\w{4}){3})", exception["vulnerability"])
        assert exception["packages"] and all(re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", name) for name in exception["packages"])
        assert len(exception["reason"]) > 40, f"why does {exception['vulnerability']} do no harm here?"
        # Somebody looks again at least once a year; that a day has passed fails a release, not this test.
        until = datetime.datetime.strptime(exception["until"], "%Y-%m-%d").date()
        assert until <= datetime.date.today() + datetime.timedelta(days=366)
    names = [exception["vulnerability"] for exception in exceptions]
    assert len(names) == len(set(names))


def test_the_images_as_they_are_pass_today(release):
    """What Debian 12 ships, and the exceptions that are in force."""
    release.cloud.findings = {name: [ZLIB] for name in ("copy/query", "copy/ingest", "copy/cli")}
    assert release.run("scan_images", "copy", release.images, SCAN_TODAY="2026-11-27").returncode == 0
