"""Requests that never become whole: they end in time, their memory comes back, and nobody else notices."""

import contextlib
import select
import socket
import struct
import threading
import time

import grpc
import pytest

import clients
import http2
import processes

TIME_MAX = 5  # limits::kRequestTimeMax
CALLS = 128
PREFIX_BYTES = 5  # Of a message: not compressed, and how long it is.


class UnfinishedCalls:
    """A connection with calls, of whose messages it sends all but a byte, as far as the service lets it."""

    def __init__(self, port, path, message_bytes, count):
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + http2.frame(http2.SETTINGS, 0, 0))
        self._window, self._initial, self._received = 65_535, 65_535, b""
        self._streams = {}  # Stream: (bytes left to send, window beyond the initial one).
        self._path, self._message_bytes, self._left = path, message_bytes, list(range(1, 2 * count, 2))
        self._streams_max, self.ended = 100, 0

    def close(self):
        self._socket.close()

    def run(self, seconds):
        """Until the service has ended all calls, one by one or with the connection, or the time is up."""
        end = time.monotonic() + seconds
        with contextlib.suppress(ConnectionError):
            while (self._left or self._streams) and time.monotonic() < end:
                self._begin()
                sent = self._send()
                if select.select([self._socket], [], [], 0 if sent else 0.05)[0]:
                    self._receive()
            return
        print("the service has ended the connection")
        self.ended += len(self._left) + len(self._streams)

    def _begin(self):
        # Within the window of the connection: gRPC resets the stream that exceeds it.
        while self._left and len(self._streams) < self._streams_max and self._window >= PREFIX_BYTES:
            stream = self._left.pop(0)
            self._socket.sendall(http2.frame(http2.HEADERS, http2.END_HEADERS, stream, http2.header_block(self._path)) +
                                 http2.frame(http2.DATA, 0, stream, b"\0" + struct.pack(">I", self._message_bytes)))
            self._streams[stream] = [self._message_bytes - 1, -PREFIX_BYTES]
            self._window -= PREFIX_BYTES

    def _send(self):
        sent = False
        for stream, state in self._streams.items():
            size = min(state[0], self._window, self._initial + state[1], http2.MAX_FRAME)
            if size > 0:
                self._socket.sendall(http2.frame(http2.DATA, 0, stream, bytes(size)))
                self._window -= size
                self._streams[stream] = [state[0] - size, state[1] - size]
                sent = True
        return sent

    def _receive(self):
        head = http2.read_exactly(self._socket, 9)
        payload = http2.read_exactly(self._socket, struct.unpack(">I", b"\0" + head[:3])[0])
        kind, flags, stream = head[3], head[4], struct.unpack(">I", head[5:])[0]
        if kind == http2.SETTINGS and not flags & 1:
            for i in range(0, len(payload), 6):
                name, value = struct.unpack(">HI", payload[i:i + 6])
                self._initial = value if name == 4 else self._initial
                self._streams_max = value if name == 3 else self._streams_max
            self._socket.sendall(http2.frame(http2.SETTINGS, 1, 0))
        elif kind == 6 and not flags & 1:
            self._socket.sendall(http2.frame(6, 1, 0, payload))
        elif kind == http2.WINDOW_UPDATE:
            if stream == 0:
                self._window += struct.unpack(">I", payload)[0]
            elif stream in self._streams:
                self._streams[stream][1] += struct.unpack(">I", payload)[0]
        elif stream in self._streams and (kind == http2.RST_STREAM or flags & http2.END_STREAM):
            del self._streams[stream]
            self.ended += 1


def resident_megabytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


@pytest.mark.parametrize("name, path, message_bytes, seconds", [
    ("ingest", "/fairway.v1.PriceIngestService/ImportLocations", 4 << 20, TIME_MAX * 6),
    ("query", "/fairway.v1.RateQueryService/ExportDailyRates", 256 << 10, TIME_MAX + 1),
    # These have no time limit, but are small.
    ("query", "/fairway.v1.RateQueryService/GetDailyRates", 256 << 10, None)])
def test_messages_that_never_become_whole(fairway, name, path, message_bytes, seconds):
    service = getattr(fairway, name)
    before = resident_megabytes(service.pid)
    attack = UnfinishedCalls(service.port, path, message_bytes, CALLS)
    failures, answers, over = [], [], threading.Event()

    def call_on():
        with grpc.insecure_channel(service.address) as channel:
            health = channel.unary_unary("/grpc.health.v1.Health/Check", request_serializer=bytes,
                                         response_deserializer=bytes)
            while not over.is_set():
                try:
                    answers.append(health(b"", timeout=TIME_MAX + 5))
                except grpc.RpcError as error:
                    failures.append(error.details())
                time.sleep(0.02)

    innocent = threading.Thread(target=call_on)
    innocent.start()
    try:
        with contextlib.closing(attack):
            attack.run(seconds or TIME_MAX)
    finally:
        over.set()
        innocent.join()
    assert attack.ended == (CALLS if seconds else 0)
    assert answers and not failures
    # All of it was 512 MB on ingest. The allocator of ingest keeps some of what was given back.
    processes.wait_until(lambda: resident_megabytes(service.pid) < before + 160)


def test_an_unfinished_request_is_told_so(fairway):
    """As a client that can still listen sees it."""
    with grpc.insecure_channel(fairway.ingest.address) as channel:
        call = channel.stream_unary("/fairway.v1.PriceIngestService/GetBatch", request_serializer=bytes,
                                    response_deserializer=bytes)
        released = threading.Event()

        def nothing():
            released.wait(60)
            yield from ()

        failure = clients.failure_of(call, nothing())
        released.set()
    assert (failure.code, failure.reason) == (grpc.StatusCode.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED")
    assert failure.request_id
