"""gRPC stubs over python3-grpcio, and what tests ask of them again and again."""

import contextlib

import grpc
import psycopg2
from fairway.v1 import (location_pb2, price_ingest_service_pb2 as ingest_pb2, price_ingest_service_pb2_grpc as ingest_grpc,
                        rate_query_service_pb2 as query_pb2, rate_query_service_pb2_grpc as query_grpc)
from google.rpc import error_details_pb2, status_pb2

import processes


def peak_megabytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def attach(app):
    """Gives the fixture its stubs and helpers."""
    app.stub_query = query_grpc.RateQueryServiceStub(grpc.insecure_channel(app.query.address))
    connect_ingest(app)
    app.sql = lambda text, *values: sql(app.dsn, text, *values)
    app.cli = lambda *arguments, **options: processes.run_cli(
        "--query-address", app.query.address, "--ingest-address", app.ingest.address, *arguments, **options)


def connect_ingest(app):
    app.channel_ingest = grpc.insecure_channel(app.ingest.address)
    app.stub_ingest = ingest_grpc.PriceIngestServiceStub(app.channel_ingest)


def sql(dsn, text, *values):
    with contextlib.closing(psycopg2.connect(dsn)) as connection:
        cursor = connection.cursor()
        cursor.execute(text, values or None)
        return cursor.fetchall()


def import_ports(app, ports_by_region):
    """Regions without parent, and the ports in them."""
    return app.stub_ingest.ImportLocations(ingest_pb2.ImportLocationsRequest(
        regions=[location_pb2.Region(slug=slug, name=slug) for slug in ports_by_region],
        ports=[location_pb2.Port(code=code, name=code, parent=slug)
               for slug, codes in ports_by_region.items() for code in codes]))


def await_newest(app, seconds=20):
    """Waits until the query service holds everything that is committed now."""
    newest = app.sql("SELECT version FROM fairway.dataset")[0][0]
    request = query_pb2.GetDatasetRequest()
    processes.wait_until(lambda: app.stub_query.GetDataset(request, timeout=20).held_version >= newest,
                         seconds)


def daily_rates(app, origin, destination, first, last, **more):
    if "consistency" not in more:
        await_newest(app)
    return app.stub_query.GetDailyRates(query_pb2.GetDailyRatesRequest(
        origin=origin, destination=destination, first_date=first, last_date=last, **more))


class Failure:
    """What a failed call says: code, reason, metadata, fields, retry delay, size of its trailers."""

    def __init__(self, error):
        self.code, self.message = error.code(), error.details()
        trailers = error.trailing_metadata() or ()
        self.trailer_bytes = sum(len(entry.key) + len(entry.value) for entry in trailers)
        self.request_id = next((entry.value for entry in trailers if entry.key == "x-request-id"), None)
        self.reason, self.domain, self.metadata, self.fields, self.retry = None, None, {}, {}, None
        wire = status_pb2.Status()
        wire.ParseFromString(next((entry.value for entry in trailers if entry.key == "grpc-status-details-bin"), b""))
        for detail in wire.details:
            self._read(detail)

    def _read(self, detail):
        info, bad, retry = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
        if detail.Unpack(info):
            self.reason, self.domain, self.metadata = info.reason, info.domain, dict(info.metadata)
        elif detail.Unpack(bad):
            self.fields = {field.field: field.description for field in bad.field_violations}
        elif detail.Unpack(retry):
            self.retry = retry.retry_delay


def failure_of(call, *arguments, **options):
    """The Failure of a call that must fail."""
    try:
        reply = call(*arguments, **options)
    except grpc.RpcError as error:
        return Failure(error)
    raise AssertionError(f"it succeeded: {reply}")
