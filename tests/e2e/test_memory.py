"""Memory does not grow with the length of a stream, and is mimalloc's where queries are answered.

The full size, 20,000,000 prices, with FAIRWAY_TEST_LARGE=1; a tenth of it otherwise.
"""

import os

from fairway.v1 import batch_pb2, price_ingest_service_pb2 as ingest_pb2

import clients

ROWS = 20_000_000 if os.environ.get("FAIRWAY_TEST_LARGE") else 2_000_000
MEGABYTES_MAX = 300
CHUNK_ROWS = 16_000
PORTS = [f"AA{number:03}" for number in range(160)]


def requests():
    yield ingest_pb2.UploadBatchRequest(header={"partner": "acme", "batch_id": "large"})
    # A chunk spans all ports; chunks differ by their days.
    origins = [row % 160 for row in range(CHUNK_ROWS)]
    destinations = [(row // 160 + 1 + row) % 160 for row in range(CHUNK_ROWS)]
    prices = [1 + row * 7919 % 9_999_991 for row in range(CHUNK_ROWS)]
    for chunk in range(ROWS // CHUNK_ROWS):
        yield ingest_pb2.UploadBatchRequest(chunk=batch_pb2.PriceChunk(columns=batch_pb2.PriceColumns(
            ports=PORTS, origins=origins, destinations=destinations,
            day_numbers=[20_000 + chunk % 400] * CHUNK_ROWS, prices=prices)))
    yield ingest_pb2.UploadBatchRequest(end=batch_pb2.BatchEnd(row_count=ROWS))


def test_ingest_stays_small(fairway):
    clients.import_ports(fairway, {"somewhere": PORTS})
    receipt = fairway.stub_ingest.UploadBatch(requests())
    assert receipt.batch.row_count == ROWS
    peak = clients.peak_megabytes(fairway.ingest.pid)
    print(f"{ROWS} prices: ingest took {peak:.0f} MB at most")
    assert peak < MEGABYTES_MAX
    assert fairway.sql("SELECT sum(price_count) FROM fairway.price_series") == [(ROWS,)]


def test_query_allocates_with_mimalloc(fairway):
    with open(f"/proc/{fairway.query.pid}/maps", encoding="ascii") as maps:
        assert "libmimalloc" in maps.read()
