"""PostgreSQL goes away under load: queries go on from memory, say how old they are, and catch up by themselves."""

import os
import threading
import time

import grpc
import pytest

import clients
import prices
import processes

# A minute where there is time (see CONTRIBUTING.md).
OUTAGE_SECONDS = 60 if os.environ.get("FAIRWAY_TEST_LARGE") else 8
PORTS = ["AAAAA", "AAAAB", "BBBBA"]


class Load:
    """Queries one after the other while the context lasts."""

    def __init__(self, app):
        self.answers, self.failures, self.staleness = 0, [], []
        self._app, self._ended = app, False
        self._threads = [threading.Thread(target=self._ask) for _ in range(2)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def _ask(self):
        request = clients.query_pb2.GetDailyRatesRequest(origin="world", destination="world", first_date="2026-01-01",
                                                         last_date="2026-01-31")
        while not self._ended:
            try:
                reply, call = self._app.stub_query.GetDailyRates.with_call(request, timeout=10)
                assert sum(rate.price_count for rate in reply.rates) >= 1000
                self.answers += 1
                self.staleness += [int(entry.value) for entry in call.trailing_metadata()
                                   if entry.key == "x-fairway-staleness-ms"]
            except Exception as error:  # pylint: disable=broad-except
                self.failures.append(error)

    def __exit__(self, *_):
        self._ended = True
        for thread in self._threads:
            thread.join()


def test_an_outage_costs_no_query_and_no_restart(app):
    clients.import_ports(app, {"world": PORTS})
    rows = prices.make_prices(1000, PORTS, seed=1)
    app.stub_ingest.UploadBatch(prices.messages("acme", "before", rows))
    clients.await_newest(app)
    with Load(app) as load:
        app.cluster.stop()
        end_of_outage = time.monotonic() + OUTAGE_SECONDS
        dataset = clients.query_pb2.GetDatasetRequest()
        while (lag := app.stub_query.GetDataset(dataset).lag.ToTimedelta().total_seconds()) < OUTAGE_SECONDS - 2:
            assert time.monotonic() < end_of_outage + 10, f"the lag reported is {lag}"
            time.sleep(0.02)
        exported = app.stub_query.ExportDailyRates(clients.query_pb2.ExportDailyRatesRequest(
            lanes=[{"origin": "world", "destination": "world"}], first_date="2026-01-01", last_date="2026-01-02"))
        assert len(list(exported)) == 1
        reply, listed = app.stub_query.ListLocations.with_call(clients.query_pb2.ListLocationsRequest())
        assert reply.locations
        dataset_call = app.stub_query.GetDataset.with_call(dataset)[1]
        with pytest.raises(grpc.RpcError) as unknown:
            app.stub_query.GetLocation(clients.query_pb2.GetLocationRequest(code="XXXXX"))
        for call in (exported, listed, dataset_call, unknown.value):
            assert "x-fairway-staleness-ms" in dict(call.trailing_metadata()), "all that may be old says so"
        old = clients.failure_of(clients.daily_rates, app, "world", "world", "2026-01-01", "2026-01-02",
                                 consistency={"exact": 1})
        assert old.reason == "DATABASE_UNAVAILABLE", "only memory is left"
        app.cluster = processes.Cluster(app.folder)
        app.stub_ingest.UploadBatch(prices.messages("acme", "after", rows))
        clients.await_newest(app)
    assert not load.failures, load.failures[:3]
    assert load.answers > 100
    assert max(load.staleness) >= (OUTAGE_SECONDS - 3) * 1000
    reply = clients.daily_rates(app, "world", "world", "2026-01-01", "2026-01-31")
    assert sum(rate.price_count for rate in reply.rates) == 2000
    assert app.stub_query.GetDataset(dataset).lag.ToTimedelta().total_seconds() == 0
