"""Exports have few places, which callers share: whoever opens many and reads none leaves room for the others."""

import contextlib
import re
import socket
import threading

import grpc
import pytest

import clients
import http2
import prices
import processes
from test_surface import http

PORTS = [f"AA{number}" for number in range(100, 130)]
PATH = "/fairway.v1.RateQueryService/ExportDailyRates"
REQUEST = clients.query_pb2.ExportDailyRatesRequest(first_date="2026-01-01", last_date="2026-01-31")
PER_ADDRESS, PER_CONNECTION = 96, 32


@pytest.fixture(scope="module", autouse=True)
def data(fairway):
    clients.import_ports(fairway, {"world": PORTS})
    fairway.stub_ingest.UploadBatch(prices.messages("acme", "shares", prices.make_prices(20_000, PORTS, seed=5)))
    clients.await_newest(fairway)


def open_unread_exports(port, source, count):
    """A connection from `source` that begins so many exports and reads nothing of them."""
    connection = socket.create_connection(("127.0.0.1", port), source_address=(source, 0))
    connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + http2.frame(http2.SETTINGS, 0, 0))
    for stream in range(1, 2 * count, 2):
        connection.sendall(http2.frame(http2.HEADERS, http2.END_HEADERS, stream, http2.header_block(PATH)) +
                           http2.frame(http2.DATA, http2.END_STREAM, stream,
                                       http2.grpc_message(REQUEST.SerializeToString())))
    return connection


def pump(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def channel_from(source, port):
    """A gRPC channel to the service whose connections come from `source`."""
    def serve():
        with contextlib.suppress(OSError):
            while True:
                client = listener.accept()[0]
                server = socket.create_connection(("127.0.0.1", port), source_address=(source, 0))
                for ends in ((client, server), (server, client)):
                    threading.Thread(target=pump, args=ends, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        with grpc.insecure_channel(f"127.0.0.1:{listener.getsockname()[1]}") as channel:
            yield channel
        listener.shutdown(socket.SHUT_RDWR)


def exports(service, counter):
    metrics = http(service.admin_port, "/metrics")[1]
    return sum(int(value) for value in
               re.findall(rf'^{counter}\{{[^}}]*grpc_method="ExportDailyRates"[^}}]*\}} (\d+)', metrics, re.M))


def export(channel):
    return list(clients.query_grpc.RateQueryServiceStub(channel).ExportDailyRates(REQUEST, timeout=60))


def test_unread_exports_of_one_caller_leave_room_for_others(fairway):
    service = fairway.query
    with contextlib.ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(open_unread_exports(service.port, "127.0.0.1", PER_CONNECTION + 8))
        opened = 4 * (PER_CONNECTION + 8)
        processes.wait_until(lambda: exports(service, "grpc_server_started_total") == opened)
        processes.wait_until(lambda: exports(service, "grpc_server_handled_total") == opened - PER_ADDRESS)
        with channel_from("127.0.0.2", service.port) as channel:
            assert len(export(channel)) > 1, "another caller gets in at once"
        with channel_from("127.0.0.1", service.port) as channel:
            failure = clients.failure_of(export, channel)
            assert (failure.code, failure.reason) == (grpc.StatusCode.UNAVAILABLE, "OVERLOADED")
            assert failure.retry is not None
            # Before the minute is over after which they end anyway.
            processes.wait_until(lambda: is_answered(channel), seconds=30)


def is_answered(channel):
    try:
        return len(export(channel)) > 1
    except grpc.RpcError as error:
        assert clients.Failure(error).reason == "OVERLOADED"
        return False
