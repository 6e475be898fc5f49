"""How soon what was committed is read, and what a large commit does to queries that run meanwhile."""

import concurrent.futures
import time

import grpc
from fairway.v1 import (batch_pb2, price_ingest_service_pb2 as ingest_pb2, price_ingest_service_pb2_grpc as ingest_grpc,
                        rate_query_service_pb2 as query_pb2, rate_query_service_pb2_grpc as query_grpc)

from load import h2load
from report import Row

WINDOW = 0.25  # Seconds: how finely a disturbance is seen.


def visible(database, query, lane, settings):
    """Milliseconds from the receipt of a small upload to the replica holding its version."""
    ingest = ingest_grpc.PriceIngestServiceStub(grpc.insecure_channel(database.ingest.address))
    stub = query_grpc.RateQueryServiceStub(grpc.insecure_channel(query.address))
    times = []
    for number in range(settings.small_uploads):
        prices = [batch_pb2.Price(origin=lane[0], destination=lane[1], day=f"2026-01-{1 + i % 31:02}", price=1000 + i)
                  for i in range(1000)]
        messages = [ingest_pb2.UploadBatchRequest(header=batch_pb2.BatchHeader(partner="bench",
                                                                               batch_id=f"small-{number}")),
                    ingest_pb2.UploadBatchRequest(chunk=batch_pb2.PriceChunk(rows=batch_pb2.PriceRows(prices=prices)))]
        version = ingest.UploadBatch(iter(messages)).batch.committed_version
        start = time.monotonic()
        while stub.GetDataset(query_pb2.GetDatasetRequest()).held_version < version:
            pass
        times.append(time.monotonic() - start)
    times.sort()
    p99 = times[min(len(times) - 1, int(0.99 * len(times)))]
    return [Row("upload OK → visible, p99", p99 * 1000, "ms", 50, True,
                fairway=f"{len(times)} uploads, median {times[len(times) // 2] * 1000:.1f} ms")]


def windows(calls, begin, end):
    """p99 of the calls that started in each window of [begin, end), in microseconds."""
    found = {}
    for start, micros in calls:
        if begin <= start / 1e6 < end:
            found.setdefault(int((start / 1e6 - begin) / WINDOW), []).append(micros)
    return [sorted(times)[int(0.99 * len(times))] for _, times in sorted(found.items())]


def disturbance(database, query, request, peak, settings):
    """A commit of a million prices while queries come at half of the peak."""
    ready, calm, total = 4, 4, 9  # Seconds; the first are those it takes to make the prices.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        upload = pool.submit(database.upload, *settings.million, after=time.time() + ready + calm)
        time.sleep(ready)
        load = pool.submit(h2load, query.port, request, total, rate=peak / 2, log=True)
        receipt = upload.result()[0]
        outcome = load.result()
    assert outcome.failed == 0, f"{outcome.failed} queries failed"
    first = min(start for start, _ in outcome.calls) / 1e6
    began, ended = receipt["begin"], receipt["begin"] + receipt["seconds"]
    before = windows(outcome.calls, first + 1, began)
    after = windows(outcome.calls, began, ended + 2)
    usual = sorted(before)[len(before) // 2]
    disturbed = WINDOW * sum(p99 > 2 * usual for p99 in after)
    return [Row(f"time in which p99 more than doubles while {receipt['prices']:,} prices are committed", disturbed, "s", 1,
                True, fairway=f"p99 {usual / 1000:.2f} ms, at worst {max(after) / 1000:.2f} ms",
                against=f"half of the peak, {outcome.rate:,.0f}/s, none failed")]


def queries_while_uploading(database, query, request, peak, settings):
    """The peak while uploads follow each other without a pause."""
    ready = 4  # Seconds it takes to make the prices.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        upload = pool.submit(database.upload, *settings.million, uploads=settings.uploads_beside,
                             after=time.time() + ready)
        time.sleep(ready)
        outcome = h2load(query.port, request, settings.seconds)
        receipts = upload.result()
    assert outcome.failed == 0
    assert sum(receipt["seconds"] for receipt in receipts) > settings.seconds, "the uploads ended too early"
    return [Row("query rate while uploads run", outcome.rate / peak, fairway=f"{outcome.rate:,.0f}/s",
                against=f"without, {peak:,.0f}/s; {_rate(receipts):.1f} M prices/s go in")]


def _rate(receipts):
    return sum(receipt["prices"] for receipt in receipts) / sum(receipt["seconds"] for receipt in receipts) / 1e6
