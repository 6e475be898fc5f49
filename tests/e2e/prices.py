"""Prices, how they are sent, and their digest, computed apart from the service's own code."""

import datetime
import random
import struct

import xxhash
from fairway.v1 import batch_pb2, price_ingest_service_pb2 as ingest_pb2

EPOCH = datetime.date(1970, 1, 1)


def make_prices(count, ports, seed, first=datetime.date(2026, 1, 1), days=31):
    """`count` valid rows (origin, destination, day, price)."""
    rng = random.Random(seed)
    return [(*rng.sample(ports, 2), first + datetime.timedelta(rng.randrange(days)), rng.randrange(1, 10_000))
            for _ in range(count)]


def digest(rows):
    low = high = 0
    for origin, destination, day, price in rows:
        data = origin.encode() + destination.encode() + struct.pack("<ii", (day - EPOCH).days, price)
        value = xxhash.xxh3_128_intdigest(data)
        low = (low + value) % 2**64
        high = (high + (value >> 64)) % 2**64
    return f"xxh3sum-{high:016x}{low:016x}"


def row_chunk(rows):
    return batch_pb2.PriceChunk(rows=batch_pb2.PriceRows(prices=[
        batch_pb2.Price(origin=origin, destination=destination, day=str(day), price=price)
        for origin, destination, day, price in rows]))


def column_chunk(rows):
    ports = sorted({port for row in rows for port in row[:2]})
    number = {port: index for index, port in enumerate(ports)}
    return batch_pb2.PriceChunk(columns=batch_pb2.PriceColumns(
        ports=ports, origins=[number[row[0]] for row in rows], destinations=[number[row[1]] for row in rows],
        day_numbers=[(row[2] - EPOCH).days for row in rows], prices=[row[3] for row in rows]))


def end(rows):
    """The last request of an upload of so many rows."""
    return ingest_pb2.UploadBatchRequest(end=batch_pb2.BatchEnd(row_count=rows))


def messages(partner, batch_id, rows, form=column_chunk, chunk_rows=10_000, **header):
    """The requests of an upload."""
    yield ingest_pb2.UploadBatchRequest(header=batch_pb2.BatchHeader(partner=partner, batch_id=batch_id, **header))
    for start in range(0, len(rows), chunk_rows):
        yield ingest_pb2.UploadBatchRequest(chunk=form(rows[start:start + chunk_rows]))
    yield end(len(rows))
