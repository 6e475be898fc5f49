"""A version beyond --book-bytes-max is answered from the database, by whoever ran before and by who starts then."""

import contextlib
import urllib.request

import grpc

import clients
import prices
import processes

PORTS = ["AAAAA", "AAAAB", "BBBBA"]
BYTES_MAX = 100_000


@contextlib.contextmanager
def small_replica(fairway):
    service = processes.Service("query", [*fairway.flags, "--book-bytes-max", str(BYTES_MAX)])
    with grpc.insecure_channel(service.address) as channel:
        yield service, clients.query_grpc.RateQueryServiceStub(channel)
    service.stop()


def upload(fairway, batch_id, count):
    rows = prices.make_prices(count, PORTS, seed=count)
    return fairway.stub_ingest.UploadBatch(prices.messages("acme", batch_id, rows)).batch.committed_version


def ask(stub):
    return stub.GetDailyRates(clients.query_pb2.GetDailyRatesRequest(
        origin="world", destination="world", first_date="2026-01-01", last_date="2026-01-31"))


def check_answers_from_the_database(fairway, service, stub, version):
    answer = ask(stub)
    assert answer.dataset_version == version
    assert sum(day.price_count for day in answer.rates) == 30_100
    assert answer == ask(fairway.stub_query)
    assert stub.GetDataset(clients.query_pb2.GetDatasetRequest()).engine == "sql (the book exceeds --book-bytes-max)"
    admin = f"http://127.0.0.1:{service.admin_port}"
    assert urllib.request.urlopen(f"{admin}/readyz").status == 200
    assert "\nfairway_book_over_budget 1" in urllib.request.urlopen(f"{admin}/metrics").read().decode()


def test_beyond_its_memory_a_replica_answers_from_the_database(fairway):
    clients.import_ports(fairway, {"world": PORTS})
    upload(fairway, "small", 100)
    with small_replica(fairway) as (service, stub):
        assert stub.GetDataset(clients.query_pb2.GetDatasetRequest()).engine == "memory"
        version = upload(fairway, "large", 30_000)
        clients.await_newest(fairway)
        processes.wait_until(lambda: ask(stub).dataset_version >= version)
        check_answers_from_the_database(fairway, service, stub, version)
    with small_replica(fairway) as (service, stub):
        check_answers_from_the_database(fairway, service, stub, version)
