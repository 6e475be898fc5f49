"""Clients that mean no good, or are broken: what they do to a service, and that it goes on for the others."""

import contextlib
import os
import queue
import re
import resource
import socket

import grpc
import pytest
from fairway.v1 import price_ingest_service_pb2 as ingest_pb2, price_ingest_service_pb2_grpc as ingest_grpc

import clients
import processes
from test_surface import http

DESCRIPTORS = 256


def few_descriptors():
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, DESCRIPTORS))  # The soft limit is raised by the service.


@pytest.fixture(scope="module", params=["query", "ingest"])
def small_service(fairway, request):
    service = processes.Service(request.param, fairway.flags, before_start=few_descriptors)
    yield service
    service.stop()


def is_served(service):
    """Whether a new connection gets an answer."""
    with grpc.insecure_channel(service.address) as channel:
        health = channel.unary_unary("/grpc.health.v1.Health/Check", request_serializer=bytes,
                                     response_deserializer=bytes)
        try:
            return health(b"", timeout=5) == b"\x08\x01"
        except grpc.RpcError:
            return False


def connections_refused(service):
    metrics = http(service.admin_port, "/metrics")[1]
    return int(re.search(r"^fairway_connections_refused_total (\d+)", metrics, re.M).group(1))


def test_a_service_survives_that_its_descriptors_are_used_up(small_service):
    with contextlib.ExitStack() as stack:
        for _ in range(2 * DESCRIPTORS):
            stack.enter_context(socket.create_connection(("127.0.0.1", small_service.port)))
        assert http(small_service.admin_port, "/readyz")[0] == 200, "the admin endpoint has descriptors of its own"
        processes.wait_until(lambda: connections_refused(small_service) > 0)
    # Once it has noticed that those connections are gone.
    processes.wait_until(lambda: is_served(small_service))


def test_the_soft_limit_of_descriptors_is_raised(small_service):
    with open(f"/proc/{small_service.pid}/limits", encoding="ascii") as limits:
        assert next(line for line in limits if line.startswith("Max open files")).split()[3] == str(DESCRIPTORS)


def test_a_compressed_message_is_refused_before_it_is_unpacked(fairway):
    before = clients.peak_megabytes(fairway.ingest.pid)
    request = ingest_pb2.ImportLocationsRequest(regions=[{"slug": "x", "name": "x" * (64 << 20)}])
    with grpc.insecure_channel(fairway.ingest.address, options=[("grpc.max_send_message_length", -1)]) as channel:
        with pytest.raises(grpc.RpcError) as error:
            ingest_grpc.PriceIngestServiceStub(channel).ImportLocations(request, compression=grpc.Compression.Gzip)
    assert error.value.code() == grpc.StatusCode.UNIMPLEMENTED
    assert clients.peak_megabytes(fairway.ingest.pid) - before < 40


def test_open_reflection_streams_take_few_threads(fairway):
    def threads():
        return len(os.listdir(f"/proc/{fairway.query.pid}/task"))

    def open_streams(channel, count):
        reflect = channel.stream_stream("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                                        request_serializer=bytes, response_deserializer=bytes)
        for _ in range(count):
            requests = queue.SimpleQueue()
            requests.put(b"\x3a\x00")  # list_services
            streams.append((reflect(iter(requests.get, None)), requests))

    before, streams = threads(), []
    with grpc.insecure_channel(fairway.query.address) as channel:
        open_streams(channel, 100)
        refused = 0
        for stream, _ in streams:
            try:
                next(stream)
            except grpc.RpcError as error:
                assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
                refused += 1
        assert 0 < refused < 100
        assert threads() < before + 40
        assert is_served(fairway.query)
        for _, requests in streams:
            requests.put(None)


@pytest.mark.parametrize("service, method, count, reason", [
    ("ingest", "fairway.v1.PriceIngestService/ImportLocations", 2_090_000, "TOO_MANY_LOCATIONS"),
    ("query", "fairway.v1.RateQueryService/BatchGetDailyRates", 131_000, "TOO_MANY_LANES"),
    ("query", "fairway.v1.RateQueryService/ExportDailyRates", 131_000, "INVALID_REQUEST")])
def test_empty_messages_are_counted_before_they_take_memory(fairway, service, method, count, reason):
    process = getattr(fairway, service)
    before = clients.peak_megabytes(process.pid)
    with grpc.insecure_channel(process.address) as channel:
        call = channel.unary_stream(f"/{method}", request_serializer=bytes, response_deserializer=bytes)
        failure = clients.failure_of(lambda: list(call(b"\x0a\x00" * count, timeout=20)))
    assert (failure.code, failure.reason) == (grpc.StatusCode.INVALID_ARGUMENT, reason)
    assert failure.request_id
    assert clients.peak_megabytes(process.pid) - before < 24


def test_states_of_a_filter_are_bounded(fairway):
    def listed(count):
        return fairway.stub_ingest.ListBatches(ingest_pb2.ListBatchesRequest(states=[1] * count))
    assert not listed(16).batches
    failure = clients.failure_of(listed, 20_000)
    assert (failure.code, failure.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FILTER")
    assert "20000 states; at most 16" in "".join(failure.fields.values()) + failure.message
