"""How soon what was committed is read, and what a large commit does to queries that run meanwhile."""

import collections
import concurrent.futures
import dataclasses
import statistics
import time

import grpc
from fairway.v1 import (batch_pb2, price_ingest_service_pb2 as ingest_pb2, price_ingest_service_pb2_grpc as ingest_grpc,
                        rate_query_service_pb2 as query_pb2, rate_query_service_pb2_grpc as query_grpc)

from load import WARM_UP, h2load, paced, percentile
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
                    ingest_pb2.UploadBatchRequest(chunk=batch_pb2.PriceChunk(rows=batch_pb2.PriceRows(prices=prices))),
                    ingest_pb2.UploadBatchRequest(end=batch_pb2.BatchEnd(row_count=len(prices)))]
        version = ingest.UploadBatch(iter(messages)).batch.committed_version
        start = time.monotonic()
        while stub.GetDataset(query_pb2.GetDatasetRequest()).held_version < version:
            pass
        times.append(time.monotonic() - start)
    return [Row("upload OK → visible, p99", percentile(times, 0.99) * 1000, "ms", 50, True,
                fairway=f"{len(times)} uploads, median {percentile(times, 0.5) * 1000:.1f} ms")]


def windows(calls, begin, end):
    """p99 of the calls that were sent in each window of [begin, end)."""
    found = collections.defaultdict(list)
    for sent, took in calls:
        if begin <= sent < end:
            found[int((sent - begin) / WINDOW)].append(took)
    return [percentile(times, 0.99) for times in found.values()]


@dataclasses.dataclass
class Disturbance:
    """Of one commit: milliseconds of p99 as usual and at worst; seconds in which it was more than twice as usual."""
    prices: int
    rate: float
    usual: float
    worst: float
    seconds: float


def disturb(database, query, request, settings):
    """A commit of a million prices into `database` while queries come at half of the peak."""
    calm, after = 5, 2  # Seconds.
    send = database.prepare(*settings.million)
    rate = h2load(query.port, request, 1).rate / 2
    with concurrent.futures.ThreadPoolExecutor() as pool:
        load = pool.submit(paced, query.port, request, 2 * calm, rate)
        time.sleep(WARM_UP + calm)
        receipt = send()[0]
        outcome = load.result()
    assert outcome.failed == 0, f"{outcome.failed} queries failed"
    began, ended = receipt["begin"], receipt["begin"] + receipt["seconds"]
    usual = statistics.median(windows(outcome.calls, began - calm, began))
    p99s = windows(outcome.calls, began, ended + after)
    return Disturbance(receipt["prices"], rate, usual, max(p99s), WINDOW * sum(p99 > 2 * usual for p99 in p99s))


def disturbance(database, query, request, settings):
    """Beside it, the same commit next door, of which the query service learns nothing: what the cores are short of."""
    next_door = database.stack.database("next_door")
    runs = [(disturb(database, query, request, settings), disturb(next_door, query, request, settings))
            for _ in range(settings.runs)]
    run = sorted((ours for ours, _ in runs), key=lambda run: run.seconds)[len(runs) // 2]
    without = statistics.median(theirs.seconds for _, theirs in runs)
    return [Row(f"time in which p99 more than doubles while {run.prices:,} prices are committed", run.seconds, "s", 1,
                True, fairway=f"{run.rate:,.0f}/s, none failed; p99 {run.usual:.1f} ms, at worst {run.worst:.0f} ms",
                against=f"a commit it need not follow, {without:.2f} s")]


def queries_while_uploading(database, query, request, peak, settings):
    """The peak while uploads follow each other without a pause."""
    send = database.prepare(*settings.million, uploads=settings.uploads_beside)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        upload = pool.submit(send)
        outcome = h2load(query.port, request, settings.seconds)
        receipts = upload.result()
    assert outcome.failed == 0
    assert sum(receipt["seconds"] for receipt in receipts) > settings.seconds, "the uploads ended too early"
    return [Row("query rate while uploads run", outcome.rate / peak, fairway=f"{outcome.rate:,.0f}/s",
                against=f"without, {peak:,.0f}/s; {_rate(receipts):.1f} M prices/s go in")]


def _rate(receipts):
    return sum(receipt["prices"] for receipt in receipts) / sum(receipt["seconds"] for receipt in receipts) / 1e6
