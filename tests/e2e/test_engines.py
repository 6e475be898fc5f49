"""The memory engine answers what the SQL engine answers, whatever is asked."""

import random

import grpc
import pytest

import clients
import prices
import processes

PORTS = {"north": ["AAAAA", "AAAAB"], "south": ["BBBBA", "BBBBB", "BBBBC"]}


@pytest.fixture(scope="module")
def stubs(fairway):
    """Of both engines, by name."""
    clients.import_ports(fairway, PORTS)
    for number in range(3):
        rows = prices.make_prices(3000, sum(PORTS.values(), []), seed=number)
        fairway.stub_ingest.UploadBatch(prices.messages("acme", f"engines-{number}", rows))
    clients.await_newest(fairway)
    service = processes.Service("query", [*fairway.flags, "--engine", "sql"])
    with grpc.insecure_channel(service.address) as channel:
        yield {"memory": fairway.stub_query, "sql": clients.query_grpc.RateQueryServiceStub(channel)}
    service.stop()


def test_each_says_what_it_is(stubs):
    for engine, stub in stubs.items():
        dataset = stub.GetDataset(clients.query_pb2.GetDatasetRequest())
        assert (dataset.engine, dataset.price_count, dataset.held_version) == (engine, 9000, 4)
        assert (dataset.memory_bytes > 0) == (engine == "memory")


def test_both_answer_the_same(stubs):
    pb = clients.query_pb2
    places = [*PORTS, *sum(PORTS.values(), [])]
    seed = random.randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    for _ in range(150):
        first = rng.randrange(1, 31)
        request = pb.GetDailyRatesRequest(
            origin=rng.choice(places), destination=rng.choice(places), first_date=f"2026-01-{first:02}",
            last_date=f"2026-01-{rng.randrange(first, 32):02}", min_price_count=rng.choice([0, 5, 50]),
            statistics=rng.sample(range(1, 8), rng.randrange(8)),
            consistency=rng.choice([None, pb.Consistency(exact=rng.randrange(5)), pb.Consistency(at_least=2)]))
        memory, sql = (stub.GetDailyRates(request) for stub in stubs.values())
        assert memory == sql, request


def test_both_export_the_same(stubs):
    pb = clients.query_pb2
    for version in (2, 4):
        request = pb.ExportDailyRatesRequest(first_date="2026-01-01", last_date="2026-01-31",
                                             consistency=pb.Consistency(exact=version))
        memory, sql = (list(stub.ExportDailyRates(request)) for stub in stubs.values())
        assert memory == sql and len(memory) > 0
