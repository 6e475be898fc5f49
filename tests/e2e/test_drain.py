"""SIGTERM while work runs: it ends well, nothing new begins, and health checks and refused clients learn why."""

import grpc
import queue
from fairway.v1 import batch_pb2, price_ingest_service_pb2 as ingest_pb2, price_ingest_service_pb2_grpc as ingest_grpc

import clients
import processes
from test_surface import http

NOT_SERVING = b"\x08\x02"


def health_check(channel):
    return channel.unary_unary("/grpc.health.v1.Health/Check", request_serializer=bytes, response_deserializer=bytes)


def test_queries_are_answered_while_their_service_drains(fairway):
    service = processes.Service("query", [*fairway.flags, "--drain", "2"])
    with grpc.insecure_channel(service.address) as channel:
        stub = clients.query_grpc.RateQueryServiceStub(channel)
        watch = stub.WatchCommits(clients.query_pb2.WatchCommitsRequest())
        next(watch)
        service.terminate()
        processes.wait_until(lambda: health_check(channel)(b"", timeout=20) == NOT_SERVING)
        assert "\nfairway_ready 0\n" in http(service.admin_port, "/metrics")[1]
        assert stub.GetDataset(clients.query_pb2.GetDatasetRequest(), timeout=20).held_version >= 0
        assert clients.failure_of(lambda: list(watch)).reason == "DRAINING"
    service.stop()


def test_an_upload_ends_and_others_are_turned_away(fairway):
    clients.import_ports(fairway, {"drain": ["CNSHA", "NLRTM"]})
    service = processes.Service("ingest", fairway.flags)
    with grpc.insecure_channel(service.address) as channel:
        stub = ingest_grpc.PriceIngestServiceStub(channel)
        health = health_check(channel)
        messages = queue.Queue()
        messages.put(ingest_pb2.UploadBatchRequest(header={"partner": "acme", "batch_id": "drained"}))
        upload = stub.UploadBatch.future(iter(messages.get, None))
        processes.wait_until(lambda: fairway.sql("SELECT 1 FROM fairway.batches WHERE batch_id = 'drained'"))
        service.terminate()
        processes.wait_until(lambda: health(b"", timeout=20) == NOT_SERVING)
        late = ingest_pb2.UploadBatchRequest(header={"partner": "acme", "batch_id": "too-late"})
        assert clients.failure_of(stub.UploadBatch, iter([late]), timeout=20).reason == "DRAINING"
        row = batch_pb2.Price(origin="CNSHA", destination="NLRTM", day="2026-01-01", price=1000)
        messages.put(ingest_pb2.UploadBatchRequest(chunk={"rows": {"prices": [row]}}))
        messages.put(ingest_pb2.UploadBatchRequest(end={"row_count": 1}))
        messages.put(None)
        assert upload.result(timeout=20).batch.row_count == 1
    service.stop()


def test_those_that_wait_for_a_place_are_refused_at_once(fairway):
    service = processes.Service("ingest", [*fairway.flags, "--uploads-max", "1"])
    with grpc.insecure_channel(service.address) as channel:
        stub = ingest_grpc.PriceIngestServiceStub(channel)
        messages = queue.Queue()
        messages.put(ingest_pb2.UploadBatchRequest(header={"partner": "acme", "batch_id": "slow-one"}))
        upload = stub.UploadBatch.future(iter(messages.get, None))
        processes.wait_until(lambda: fairway.sql("SELECT 1 FROM fairway.batches WHERE batch_id = 'slow-one'"))
        waiting = [stub.UploadBatch.future(iter([ingest_pb2.UploadBatchRequest(
            header={"partner": "other", "batch_id": f"waits-{number}"})]), timeout=20) for number in range(2)]
        service.terminate()
        try:
            for call in waiting:
                assert clients.Failure(call.exception(timeout=4)).reason == "DRAINING", "before it yields"
            assert not upload.done()
        finally:
            row = batch_pb2.Price(origin="CNSHA", destination="NLRTM", day="2026-01-01", price=1000)
            messages.put(ingest_pb2.UploadBatchRequest(chunk={"rows": {"prices": [row]}}))
            messages.put(ingest_pb2.UploadBatchRequest(end={"row_count": 1}))
            messages.put(None)
        assert upload.result(timeout=20).batch.row_count == 1
    service.stop()
