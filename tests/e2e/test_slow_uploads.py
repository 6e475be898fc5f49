"""Uploads that send little or nothing: they keep no place from others, and end."""

import itertools
import re
import threading
import time

import grpc
import pytest
from fairway.v1 import price_ingest_service_pb2 as ingest_pb2

import clients
import http2
import prices
from test_surface import http

PORTS = ["CNSHA", "NLRTM", "DEHAM"]
ROWS = prices.make_prices(10, PORTS, seed=21)
PLACES = 8


@pytest.fixture(scope="module", autouse=True)
def locations(fairway):
    clients.import_ports(fairway, {"world": PORTS})


class Silent:
    """Streams that send so much and then wait."""

    def __init__(self, fairway, partners, *messages):
        self._over = False
        self._channel = grpc.insecure_channel(fairway.ingest.address, options=[("grpc.use_local_subchannel_pool", 1)])
        stub = clients.ingest_grpc.PriceIngestServiceStub(self._channel)
        self.calls = [stub.UploadBatch.future(self._requests(partner, number, messages))
                      for number, partner in enumerate(partners)]

    def _requests(self, partner, number, messages):
        for message in messages:
            yield message(partner, f"silent-{number}")
        while not self._over:
            time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for call in self.calls:
            call.cancel()
        self._over = True
        self._channel.close()


def header_message(partner, batch_id):
    return ingest_pb2.UploadBatchRequest(header={"partner": partner, "batch_id": batch_id})


def empty_chunk(_partner, _batch_id):
    return ingest_pb2.UploadBatchRequest(chunk={"rows": {}})


def in_flight(fairway):
    return int(float(re.search(r"^fairway_uploads_in_flight (\S+)", http(fairway.ingest.admin_port, "/metrics")[1], re.M)[1]))


def await_in_flight(fairway, count):
    deadline = time.monotonic() + 10
    while in_flight(fairway) != count:
        assert time.monotonic() < deadline, in_flight(fairway)
        time.sleep(0.02)


@pytest.mark.parametrize("messages, places", [((), 0), ((header_message,), 6), ((header_message, empty_chunk), 6)],
                         ids=["nothing", "a header", "an empty chunk"])
def test_streams_that_send_nothing_do_not_block_others(fairway, messages, places):
    with Silent(fairway, ["greedy"] * PLACES, *messages):
        await_in_flight(fairway, places)
        start = time.monotonic()
        batch_id = f"beside-{len(messages)}"
        assert fairway.stub_ingest.UploadBatch(prices.messages("acme", batch_id, ROWS), timeout=10).batch.row_count == 10
        assert time.monotonic() - start < 3, "before any upload has to yield"
    await_in_flight(fairway, 0)


def test_an_upload_without_progress_yields_its_place(fairway):
    with Silent(fairway, [f"greedy-{number}" for number in range(PLACES - 1)], header_message) as silent:
        await_in_flight(fairway, PLACES - 1)  # The last is kept for other addresses.
        receipt = fairway.stub_ingest.UploadBatch(prices.messages("acme", "patient", ROWS), timeout=20)
        assert receipt.batch.row_count == 10
        assert [clients.Failure(call.exception()).reason for call in silent.calls if call.done()] == ["OVERLOADED"]


class Trickle:
    """Uploads of two partners from two addresses, which take all places and then send a bit of each now and then."""

    def __init__(self, fairway, name, bits, pause):
        self._calls = []
        for number in range(PLACES):
            call = http2.OpenCall(fairway.ingest.port, source=f"127.0.0.{1 + number % 2}")
            header = header_message(f"slow-{number % 2}", f"{name}-{number}").SerializeToString()
            call.send(http2.grpc_message(header))
            self._calls.append(call)
        self._bits, self._pause, self._over = bits, pause, threading.Event()
        self._sender = threading.Thread(target=self._send)

    def _send(self):
        for bit in self._bits:
            for call in self._calls:
                call.send(bit)
            if self._over.wait(self._pause):
                return

    def __enter__(self):
        self._sender.start()

    def __exit__(self, *_):
        self._over.set()
        self._sender.join()
        for call in self._calls:
            call.close()


ONE_ROW = http2.grpc_message(ingest_pb2.UploadBatchRequest(chunk=prices.row_chunk(ROWS[:1])).SerializeToString())
THOUSAND_ROWS = http2.grpc_message(ingest_pb2.UploadBatchRequest(
    chunk=prices.column_chunk(ROWS * 100)).SerializeToString())
TRICKLES = {
    "rows": (itertools.repeat(ONE_ROW), 3),
    "burst": (itertools.chain([THOUSAND_ROWS], itertools.repeat(ONE_ROW)), 3),
    "bytes": (itertools.chain([http2.grpc_message(b"", length=1_000)], itertools.repeat(b"\x12")), 0.5)}


@pytest.mark.parametrize("name", TRICKLES)
def test_a_trickle_yields_its_place_to_an_upload_that_waits(fairway, name):
    with Trickle(fairway, name, *TRICKLES[name]):
        await_in_flight(fairway, PLACES)
        receipt = fairway.stub_ingest.UploadBatch(prices.messages("acme", f"beside-{name}", ROWS), timeout=20)
        assert receipt.batch.row_count == 10
    await_in_flight(fairway, 0)


def test_a_stream_without_a_header_is_timed_out(fairway):
    with Silent(fairway, ["late"]) as silent:
        failure = clients.Failure(silent.calls[0].exception(timeout=10))
    assert (failure.code, failure.reason) == (grpc.StatusCode.DEADLINE_EXCEEDED, "UPLOAD_TIMED_OUT")
