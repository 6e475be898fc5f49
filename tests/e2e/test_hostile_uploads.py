"""Uploads that are cut, unreadable or larger than they look: never OK, and no memory spent on them."""

import random

import grpc
import pytest
from fairway.v1 import batch_pb2, price_ingest_service_pb2 as ingest_pb2

import clients
import http2
import prices

PORTS = ["CNSHA", "NLRTM", "DEHAM"]
ROWS = prices.make_prices(10, PORTS, seed=21)


@pytest.fixture(scope="module", autouse=True)
def locations(fairway):
    clients.import_ports(fairway, {"world": PORTS})


def serialized(batch_id, **header):
    """Header, two chunks of five rows, end."""
    return [request.SerializeToString()
            for request in prices.messages("acme", batch_id, ROWS, form=prices.row_chunk, chunk_rows=5, **header)]


def upload_bytes(fairway, requests):
    call = fairway.channel_ingest.stream_unary(
        "/fairway.v1.PriceIngestService/UploadBatch", request_serializer=lambda request: request,
        response_deserializer=ingest_pb2.UploadBatchResponse.FromString)
    return call(iter(requests), timeout=20)


def stored(fairway, batch_id):
    return fairway.sql("SELECT coalesce(sum(price_count), 0) FROM fairway.price_series WHERE batch IN "
                       "(SELECT id FROM fairway.batches WHERE batch_id = %s)", batch_id)[0][0]


def chunk_of(*fields):
    """A message with a chunk of rows, of which the first is spoilt."""
    chunk = prices.row_chunk(ROWS[:2])
    for field, value in fields:
        setattr(chunk.rows.prices[0], field, value)
    return ingest_pb2.UploadBatchRequest(chunk=chunk).SerializeToString()


SPOILT = {
    "unknown field": b"\x18\x01",
    "unknown field, then nonsense": b"\x18\x01\xff\xff\xff",
    "unknown field, then a chunk that is cut": b"\x18\x01" + chunk_of()[:-3],
    "unknown field, then text that is not UTF-8": b"\x18\x01" + chunk_of(("origin", "NLRTX")).replace(b"NLRTX", b"NLRT\xcd"),
    "text that is not UTF-8": chunk_of(("origin", "NLRTX")).replace(b"NLRTX", b"NLRT\xcd"),
    "unknown field at the end": chunk_of() + b"\xf8\x01\x01",
    "unknown field of a row": b"\x12\x06\x0a\x04\x0a\x02\x28\x01",
    "a group": b"\x23\x24",
    "another type": b"\x10\x01",
    "two parts": chunk_of() + chunk_of(),
    "nothing": b"",
    "an empty chunk": b"\x12\x00",
    "a second header": serialized("second-header")[0],
}


@pytest.mark.parametrize("message", SPOILT.values(), ids=SPOILT)
def test_what_cannot_be_taken_whole_is_refused(fairway, message):
    header, first, second, end = serialized("spoilt")
    for requests in ([header, first, message, second, end], [header, first, second, message, end],
                     [header, first, second, message], [header, first, second, end, message]):
        failure = clients.failure_of(upload_bytes, fairway, requests)
        assert (failure.code, failure.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST")
        assert stored(fairway, "spoilt") == 0
    if message != SPOILT["a second header"]:
        assert clients.failure_of(upload_bytes, fairway, [message, first, second, end]).reason == "INVALID_REQUEST"


def test_the_unknown_field_is_named(fairway):
    header, first, second, end = serialized("named")
    for message, words in [(b"\x18\x01", "UploadBatchRequest: field 3"), (chunk_of() + b"\xf8\x01\x01", "field 31 is unknown"),
                           (SPOILT["unknown field of a row"], "fairway.v1.Price: field 5 is unknown")]:
        assert words in clients.failure_of(upload_bytes, fairway, [header, first, message, second, end]).message


def state_of(fairway, batch_id):
    try:
        batch = fairway.stub_ingest.GetBatch(ingest_pb2.GetBatchRequest(partner="acme", batch_id=batch_id)).batch
    except grpc.RpcError:
        return None
    return batch_pb2.BatchState.Name(batch.state).removeprefix("BATCH_STATE_")


def test_a_body_that_is_cut_is_never_taken_for_a_whole_one(fairway):
    body = b"".join(map(http2.grpc_message, serialized("cut-upload")))
    end = len(http2.grpc_message(serialized("cut-upload")[-1]))
    for length in [*range(len(body) - end - 12, len(body)), 3, 40, len(body) - 100, len(body) - 200]:
        http2.call(fairway.ingest.port, body[:length])
        assert state_of(fairway, "cut-upload") in (None, "FAILED", "CANCELLED"), length
    assert stored(fairway, "cut-upload") == 0
    http2.call(fairway.ingest.port, body)
    assert state_of(fairway, "cut-upload") == "COMMITTED"


@pytest.mark.parametrize("name, count", [("after-end", None), ("after-count", 10)])
def test_what_is_cut_behind_the_end_is_no_part_of_the_batch(fairway, name, count):
    """gRPC reports it as the end of the stream. Stored is what was declared: the complete messages up to there."""
    header, first, second, end = serialized(name, declared_row_count=count)
    body = b"".join(map(http2.grpc_message, [header, first, second, *([end] if count is None else [])]))
    behind = http2.grpc_message(first)
    for length in (3, 5, len(behind) - 1):
        http2.call(fairway.ingest.port, body + behind[:length])
        assert state_of(fairway, name) == "COMMITTED" and stored(fairway, name) == 10
        batch = fairway.stub_ingest.GetBatch(ingest_pb2.GetBatchRequest(partner="acme", batch_id=name)).batch
        assert (batch.row_count, batch.digest) == (10, prices.digest(ROWS))
    whole = serialized(f"{name}-whole", declared_row_count=count)
    http2.call(fairway.ingest.port, b"".join(map(http2.grpc_message, whole if count is None else whole[:-1])) + behind)
    assert state_of(fairway, f"{name}-whole") == "FAILED" and stored(fairway, f"{name}-whole") == 0


@pytest.mark.parametrize("name, cut", [
    ("flag", lambda message: http2.grpc_message(message, flag=7)),
    ("too-long", lambda message: http2.grpc_message(message, length=5 << 20)),
    ("unknown-then-cut", lambda message: http2.grpc_message(b"\x18\x01" + message)[:-3])])
def test_frames_that_grpc_takes_for_the_end(fairway, name, cut):
    header, first, second, end = map(http2.grpc_message, serialized(name))
    http2.call(fairway.ingest.port, header + first + cut(serialized(name)[2]))
    assert state_of(fairway, name) != "COMMITTED" and stored(fairway, name) == 0
    http2.call(fairway.ingest.port, header + first + cut(serialized(name)[2]) + end)
    assert state_of(fairway, name) != "COMMITTED" and stored(fairway, name) == 0


def test_bytes_changed_anywhere_never_store_what_was_not_sent(fairway):
    """The protobuf parser reads at most these ten rows, or others as a whole: never some of them."""
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    header, *rest = map(http2.grpc_message, serialized("changed"))
    for _ in range(100):
        body = bytearray(b"".join(rest))
        for _ in range(rng.randrange(1, 3)):
            at = rng.randrange(len(body))
            body[at:at + rng.choice([0, 1, 1, 4])] = rng.choice([b"", b"\0", b"\xff", b"\x18\x01", bytes([rng.randrange(256)])])
        http2.call(fairway.ingest.port, header + bytes(body[:rng.choice([len(body), rng.randrange(len(body))])]))
        if state_of(fairway, "changed") == "COMMITTED":
            assert stored(fairway, "changed") == 10
            return


def peak_megabytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def field(number, payload):
    """A field of `number` with such bytes."""
    length, size = b"", len(payload)
    while size > 127:
        length, size = length + bytes([size & 127 | 128]), size >> 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + payload


EMPTY = {
    "rows": field(1, b"\x0a\x00" * 2_000_000), "ports": field(2, b"\x0a\x00" * 2_000_000),
    "rejected-rows": b"\x1a\x00" * 2_000_000, "errors": field(3, b"\x1a\x00" * 2_000_000),
    "unknown-fields": b"\x30\x01" * 2_000_000, "rows-that-fit": field(1, b"\x0a\x00" * 1_000_000)}


@pytest.mark.parametrize("name", EMPTY)
def test_a_chunk_of_empty_things_takes_no_memory(fairway, name):
    header, first, *_ = serialized("empty")
    upload_bytes(fairway, serialized("warm-" + name))
    with open(f"/proc/{fairway.ingest.pid}/clear_refs", "w", encoding="ascii") as refs:
        refs.write("5")  # Forgets the peak.
    before = peak_megabytes(fairway.ingest.pid)
    failure = clients.failure_of(upload_bytes, fairway, [header, first, field(2, EMPTY[name]), b"\x1a\x00"])
    assert failure.reason == ("BATCH_HAS_INVALID_ROWS" if name == "rows-that-fit" else "INVALID_REQUEST")
    taken = peak_megabytes(fairway.ingest.pid) - before
    print(f"{name}: {taken:.1f} MB")
    assert taken <= 16
