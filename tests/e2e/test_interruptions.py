"""The client goes away, or the ingest process is killed, at random points of an upload."""

import random
import threading
import time

import grpc
import pytest

import clients
import prices
import processes

PORTS = ["CNSHA", "CNNGB", "NLRTM", "DEHAM", "USLAX"]
ROUNDS = 25
ROWS = prices.make_prices(100_000, PORTS, seed=1)
CHUNK_ROWS = 5_000


@pytest.fixture(scope="module", autouse=True)
def locations(fairway):
    clients.import_ports(fairway, {"asia": PORTS[:2], "europe": PORTS[2:]})


@pytest.fixture(scope="module")
def rng():
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    return random.Random(seed)


def visible(fairway):
    """What the view prices counts, by its own rule; to count its rows would take seconds a round, and more each time."""
    return fairway.sql("SELECT coalesce(sum(price_count), 0)::bigint FROM fairway.price_series JOIN fairway.batches ON "
                       "batches.id = batch AND batches.state = 'COMMITTED'")[0][0]


def await_committed(fairway, batch_id):
    """Sends the batch until the answer is that it is committed."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return fairway.stub_ingest.UploadBatch(prices.messages("acme", batch_id, ROWS, chunk_rows=CHUNK_ROWS))
        except grpc.RpcError as error:
            assert error.code() in (grpc.StatusCode.ABORTED, grpc.StatusCode.UNAVAILABLE), error
            assert time.monotonic() < deadline, error


def interrupted_upload(fairway, batch_id, interrupt, chunks, pause):
    """Starts an upload and calls `interrupt` when so many chunks were sent, and a moment later."""
    def requests():
        yield from (message for message, _ in zip(
            prices.messages("acme", batch_id, ROWS, chunk_rows=CHUNK_ROWS), range(chunks + 1)))
        if chunks == len(ROWS) // CHUNK_ROWS:
            yield prices.end(len(ROWS))
        if chunks < len(ROWS) // CHUNK_ROWS:
            released.wait(30)

    released = threading.Event()
    call = fairway.stub_ingest.UploadBatch.future(requests())
    timer = threading.Timer(pause, lambda: (interrupt(call), released.set()))
    timer.start()
    try:
        call.result()
        return True
    except (grpc.RpcError, grpc.FutureCancelledError):
        return False
    finally:
        timer.join()


def check(fairway, before, told_committed, batch_id):
    after = visible(fairway)
    assert after in (before, before + len(ROWS)), "a part of a batch is visible"
    if told_committed:
        assert after == before + len(ROWS), "OK means committed"
    receipt = await_committed(fairway, batch_id)
    assert receipt.batch.row_count == len(ROWS)
    assert visible(fairway) == before + len(ROWS), "exactly one copy"


def random_point(rng):
    # Half of them with everything sent, where the commit is being made.
    chunks = len(ROWS) // CHUNK_ROWS
    return (rng.randrange(chunks), rng.uniform(0, 0.05)) if rng.random() < 0.5 else (chunks, rng.uniform(0, 0.4))


def test_a_client_that_goes_away(fairway, rng):
    for round_number in range(ROUNDS):
        batch_id, before = f"cancelled-{round_number}", visible(fairway)
        chunks, pause = random_point(rng)
        outcome = interrupted_upload(fairway, batch_id, lambda call: call.cancel(), chunks, pause)
        check(fairway, before, outcome, batch_id)


def test_an_ingest_process_that_is_killed(fairway, rng):
    for round_number in range(ROUNDS):
        batch_id, before = f"killed-{round_number}", visible(fairway)
        chunks, pause = random_point(rng)
        outcome = interrupted_upload(fairway, batch_id, lambda call: fairway.ingest.kill(), chunks, pause)
        fairway.ingest.kill()
        fairway.channel_ingest.close()
        fairway.ingest = processes.Service("ingest", fairway.flags)
        clients.connect_ingest(fairway)
        check(fairway, before, outcome, batch_id)


def test_nothing_is_left_behind(fairway):
    deadline = time.monotonic() + 90
    while fairway.sql("SELECT count(*) FROM fairway.batches WHERE state = 'RECEIVING'")[0][0] > 0:
        assert time.monotonic() < deadline, "the sweep ends what died"
        time.sleep(0.5)
    assert fairway.sql("SELECT count(*) FROM fairway.price_series WHERE batch NOT IN "
                       "(SELECT id FROM fairway.batches WHERE state = 'COMMITTED')") == [(0,)]
    assert fairway.sql("SELECT count(*) FROM prices") == [(2 * ROUNDS * len(ROWS),)]
    versions = [row[0] for row in fairway.sql("SELECT committed_version FROM fairway.batches ORDER BY 1")]
    assert versions == list(range(2, 2 + 2 * ROUNDS)), "one version per batch, without gaps"
