"""Many lanes at once: batches of lanes, exports, and the feed of commits."""

import datetime
import threading

import grpc
import pytest
from fairway.v1 import location_pb2

import clients
import prices

PORTS = [f"AA{number}" for number in range(100, 130)]
SPAN = {"first_date": "2026-01-01", "last_date": "2026-01-31"}


@pytest.fixture(scope="module", autouse=True)
def data(fairway):
    clients.import_ports(fairway, {"world": PORTS})
    receipt = upload(fairway, "streams-1", seed=5)
    clients.await_newest(fairway)
    return receipt


def upload(fairway, batch_id, seed, count=20_000):
    rows = prices.make_prices(count, PORTS, seed=seed)
    return fairway.stub_ingest.UploadBatch(prices.messages("acme", batch_id, rows, label="a label")).batch


def export(fairway, **more):
    return fairway.stub_query.ExportDailyRates(clients.query_pb2.ExportDailyRatesRequest(**SPAN, **more))


def lanes_of(replies):
    return [(lane.lane.origin, lane.lane.destination) for reply in replies for lane in reply.lanes]


class TestBatch:
    def test_answers_in_the_order_asked_at_one_version(self, fairway, data):
        pb = clients.query_pb2
        lanes = [pb.Lane(origin=PORTS[i], destination=PORTS[-1 - i]) for i in (7, 3, 3, 0)]
        reply = fairway.stub_query.BatchGetDailyRates(pb.BatchGetDailyRatesRequest(lanes=lanes, **SPAN))
        assert reply.dataset_version == data.committed_version
        assert [answer.lane for answer in reply.lanes] == lanes
        for answer in reply.lanes:
            alone = clients.daily_rates(fairway, answer.lane.origin, answer.lane.destination, *SPAN.values())
            assert list(answer.rates) == list(alone.rates)

    def test_one_bad_lane_fails_all_or_itself(self, fairway):
        pb = clients.query_pb2
        request = pb.BatchGetDailyRatesRequest(lanes=[pb.Lane(origin="XXXXX", destination="world"),
                                                      pb.Lane(origin="world", destination="world")], **SPAN)
        assert clients.failure_of(fairway.stub_query.BatchGetDailyRates, request).reason == "LOCATION_NOT_FOUND"
        request.return_partial_success = True
        bad, good = fairway.stub_query.BatchGetDailyRates(request).lanes
        assert bad.status.code == grpc.StatusCode.NOT_FOUND.value[0] and not bad.rates and bad.status.details
        assert len(good.rates) == 31 and not good.HasField("status")

    def test_is_bounded(self, fairway):
        pb = clients.query_pb2
        request = pb.BatchGetDailyRatesRequest(lanes=[pb.Lane(origin="world", destination="world")] * 101, **SPAN)
        assert clients.failure_of(fairway.stub_query.BatchGetDailyRates, request).reason == "TOO_MANY_LANES"


class TestExport:
    def test_every_lane_that_has_prices(self, fairway, data):
        replies = list(export(fairway))
        assert len(replies) > 1
        lanes = lanes_of(replies)
        assert len(lanes) == len(set(lanes)) == data.lane_count
        assert {reply.dataset_version for reply in replies} == {data.committed_version}
        total = sum(rate.price_count for reply in replies for lane in reply.lanes for rate in lane.rates)
        assert total == 20_000

    def test_goes_on_where_it_broke_off_at_the_same_version(self, fairway):
        whole = list(export(fairway))
        stream = export(fairway)
        first = next(stream)
        stream.cancel()
        upload(fairway, "streams-2", seed=6)
        clients.await_newest(fairway)
        rest = list(export(fairway, resume_token=first.resume_token))
        assert [first, *rest] == whole, "prices that came in between must not show"

    def test_named_lanes(self, fairway):
        pb = clients.query_pb2
        lanes = [pb.Lane(origin="world", destination=port) for port in PORTS]
        replies = list(export(fairway, lanes=lanes))
        assert lanes_of(replies) == [("world", port) for port in PORTS]
        failure = clients.failure_of(lambda: list(export(fairway, lanes=[*lanes, pb.Lane(origin="XXXXX")])))
        assert failure.reason in ("INVALID_LOCATION", "LOCATION_NOT_FOUND")

    def test_a_token_belongs_to_its_request(self, fairway):
        token = next(export(fairway)).resume_token
        failure = clients.failure_of(lambda: list(export(fairway, resume_token=token, min_price_count=5)))
        assert failure.reason == "INVALID_PAGE_TOKEN"

    def test_statistics(self, fairway):
        pb = clients.query_pb2
        reply = next(export(fairway, statistics=[pb.RATE_STATISTIC_MEDIAN],
                            lanes=[pb.Lane(origin="world", destination="world")]))
        assert all(rate.HasField("median") for rate in reply.lanes[0].rates)


class TestWatch:
    def watch(self, fairway, after):
        return fairway.stub_query.WatchCommits(clients.query_pb2.WatchCommitsRequest(after_version=after), timeout=60)

    def test_tells_what_happened_and_what_happens(self, fairway, data):
        pb = clients.query_pb2
        stream = self.watch(fairway, 0)
        first, second = next(stream).commit, next(stream).commit
        assert (first.version, first.kind) == (1, pb.Commit.KIND_LOCATIONS)
        assert (second.kind, second.partner, second.batch_id, second.label) == (
            pb.Commit.KIND_COMMIT, "acme", "streams-1", "a label")
        assert (second.row_count, second.lane_count, second.first_date, second.last_date) == (
            20_000, data.lane_count, "2026-01-01", "2026-01-31")
        assert {(lane.origin, lane.destination) for lane in second.lanes} == {
            (origin, destination) for origin in PORTS for destination in PORTS if origin != destination}
        assert second.commit_time == data.commit_time
        newest = fairway.sql("SELECT version FROM fairway.dataset")[0][0]
        while next(stream).version < newest:
            pass
        uploaded = []
        uploader = threading.Thread(target=lambda: uploaded.append(upload(fairway, "streams-watched", seed=8)))
        uploader.start()
        reported = next(stream).commit
        uploader.join()
        assert (reported.batch_id, reported.version) == ("streams-watched", uploaded[0].committed_version)
        assert clients.daily_rates(fairway, PORTS[0], PORTS[1], *SPAN.values(), consistency={
            "at_least": reported.version}).dataset_version >= reported.version
        stream.cancel()

    def test_a_heartbeat_comes_when_nothing_happens(self, fairway):
        newest = fairway.sql("SELECT version FROM fairway.dataset")[0][0]
        reply = next(self.watch(fairway, newest))
        assert not reply.HasField("commit") and reply.version == newest

    def test_versions_are_not_negative(self, fairway):
        assert clients.failure_of(lambda: next(self.watch(fairway, -1))).reason == "INVALID_REQUEST"


def test_no_reader_ever_sees_a_part_of_a_version(fairway):
    """Every batch adds as many prices to the one lane as to the other: an answer in which they differ is torn."""
    pb = clients.query_pb2
    lanes = [pb.Lane(origin=PORTS[0], destination=PORTS[1]), pb.Lane(origin=PORTS[2], destination=PORTS[3])]
    request = pb.BatchGetDailyRatesRequest(lanes=lanes, first_date="2027-01-01", last_date="2027-01-31")
    ended, reads, torn = threading.Event(), [], []

    def read():
        while not ended.is_set():
            reply = fairway.stub_query.BatchGetDailyRates(request)
            counts = [sum(rate.price_count for rate in lane.rates) for lane in reply.lanes]
            reads.append(counts[0])
            if counts[0] != counts[1]:
                torn.append((reply.dataset_version, counts))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    day = datetime.date(2027, 1, 1)
    for number in range(20):
        rows = [(lane.origin, lane.destination, day + datetime.timedelta(i % 31), 100 + i)
                for i in range(2000) for lane in lanes]
        fairway.stub_ingest.UploadBatch(prices.messages("acme", f"torn-{number}", rows))
    clients.await_newest(fairway)
    ended.set()
    for reader in readers:
        reader.join()
    assert not torn
    assert len(set(reads)) > 2, "versions came while they read"
    assert sum(rate.price_count for rate in fairway.stub_query.BatchGetDailyRates(request).lanes[0].rates) == 40_000


def test_a_watch_does_not_keep_a_service_from_stopping(fairway):
    import processes
    service = processes.Service("query", fairway.flags)
    with grpc.insecure_channel(service.address) as channel:
        stream = clients.query_grpc.RateQueryServiceStub(channel).WatchCommits(
            clients.query_pb2.WatchCommitsRequest())
        next(stream)
        start = datetime.datetime.now()
        service.stop()
        failure = clients.failure_of(lambda: list(stream))
    assert failure.reason == "DRAINING"
    assert datetime.datetime.now() - start < datetime.timedelta(seconds=8)
