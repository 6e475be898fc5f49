"""Every answer over the reference data against an independent computation in SQL.

Needs FAIRWAY_REFERENCE_DUMP, the path of a plain pg_dump of the reference schema; skipped without it.
"""

import os
import subprocess

import pytest
from fairway.v1 import location_pb2

import clients

DUMP = os.environ.get("FAIRWAY_REFERENCE_DUMP")
FIRST, LAST = "2021-01-01", "2021-01-31"

pytestmark = pytest.mark.skipif(not DUMP, reason="FAIRWAY_REFERENCE_DUMP names no dump of the reference schema")

# Which ports a location means, computed from the original tables.
MEMBERS = """
WITH RECURSIVE below AS (
  SELECT slug AS region, slug FROM regions
  UNION ALL SELECT below.region, regions.slug FROM regions JOIN below ON regions.parent_slug = below.slug)
SELECT region, code FROM below JOIN ports ON ports.parent_slug = below.slug"""


@pytest.fixture(scope="module")
def reference(fairway):
    """Where the original dump is loaded as it is."""
    socket = ["--host", fairway.cluster.socket, "--port", fairway.cluster.port, "--username", "postgres"]
    subprocess.run(["psql", "--quiet", *socket, "postgres", "--command", "CREATE DATABASE reference"], check=True)
    subprocess.run(["psql", "--quiet", *socket, "reference", "--file", DUMP], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return fairway.cluster.dsn("reference")


@pytest.fixture(scope="module", autouse=True)
def imported(fairway):
    return fairway.cli("import-dump", DUMP, "--batch-id", "reference")


def compare(fairway, origin, destination, expected):
    """`expected`: day -> (count, average). Returns how many days were TOO_FEW_PRICES."""
    reply = clients.daily_rates(fairway, origin, destination, FIRST, LAST)
    assert len(reply.rates) == 31
    for rate in reply.rates:
        count, average = expected.get(rate.day, (0, None))
        where = f"{origin} {destination} {rate.day}"
        assert rate.price_count == count, where
        availability = clients.query_pb2.Availability.Name(rate.availability).removeprefix("AVAILABILITY_")
        assert availability == ("NO_PRICES" if count == 0 else "TOO_FEW_PRICES" if count < 3 else "PUBLISHED"), where
        assert rate.HasField("average") == (count >= 3), where
        if count >= 3:
            assert rate.average == pytest.approx(float(average), rel=1e-9), where
    return sum(0 < count < 3 for count, _ in expected.values())


def expectations(rows):
    expected = {}
    for origin, destination, day, count, average in rows:
        expected.setdefault((origin, destination), {})[str(day)] = (count, average)
    return expected


def test_all_prices_are_one_batch(fairway, imported):
    assert "56,689 prices on 725 lanes" in imported.stdout
    assert fairway.sql("SELECT count(*) FROM prices") == [(56_689,)]
    assert fairway.sql("SELECT count(*) FROM fairway.batches") == [(1,)]


def test_the_views_show_the_original_tables(fairway, reference):
    for query in ("SELECT * FROM ports ORDER BY 1", "SELECT * FROM regions ORDER BY 1",
                  "SELECT orig_code, dest_code, day, price FROM prices ORDER BY 1, 2, 3, 4"):
        assert fairway.sql(query) == clients.sql(reference, query)


def test_every_lane_on_every_day(fairway, reference):
    expected = expectations(clients.sql(
        reference, "SELECT orig_code, dest_code, day, count(*), avg(price) FROM prices GROUP BY 1, 2, 3"))
    assert len(expected) == 725
    count, average = expected["CNGGZ", "EETLL"]["2021-01-01"]
    assert (count, float(average)) == (3, pytest.approx(1154.6666666666667, rel=1e-12))
    too_few = sum(compare(fairway, *lane, days) for lane, days in expected.items())
    assert too_few == 5_373
    print(f"compared {len(expected)} lanes, {len(expected) * 31} lane-days")


def test_every_pair_of_regions(fairway, reference):
    regions = [row[0] for row in clients.sql(reference, "SELECT slug FROM regions")]
    assert len(regions) == 20
    expected = expectations(clients.sql(reference, f"""
        SELECT o.region, d.region, day, count(*), avg(price) FROM prices
        JOIN ({MEMBERS}) AS o ON o.code = orig_code JOIN ({MEMBERS}) AS d ON d.code = dest_code
        WHERE day BETWEEN '{FIRST}' AND '{LAST}' GROUP BY 1, 2, 3"""))
    for origin in regions:
        for destination in regions:
            compare(fairway, origin, destination, expected.get((origin, destination), {}))
    print(f"compared {len(regions) ** 2} pairs of regions")


def test_ports_and_regions_mix(fairway, reference):
    expected = expectations(clients.sql(reference, f"""
        SELECT orig_code, d.region, day, count(*), avg(price) FROM prices
        JOIN ({MEMBERS}) AS d ON d.code = dest_code GROUP BY 1, 2, 3"""))
    for (origin, destination), days in expected.items():
        compare(fairway, origin, destination, days)


def test_locations_are_those_of_the_dump(fairway, reference):
    listed = fairway.stub_query.ListLocations(clients.query_pb2.ListLocationsRequest(
        page_size=1000, kind=location_pb2.LOCATION_KIND_REGION)).locations
    members = clients.sql(reference, MEMBERS)
    assert {region.code: region.port_count for region in listed} == {
        region.code: sum(member[0] == region.code for member in members) for region in listed}
