"""What operators and tools see: reflection, health, metrics, readiness, a clean stop."""

import json
import subprocess
import urllib.error
import urllib.request

import grpc
import pytest

import processes


def raw_call(address, method, request):
    with grpc.insecure_channel(address) as channel:
        return channel.unary_unary(method, request_serializer=bytes, response_deserializer=bytes)(request, timeout=20)


def http(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.parametrize("service, name", [("query", "fairway.v1.RateQueryService"),
                                           ("ingest", "fairway.v1.PriceIngestService")])
class TestSurface:
    def test_reflection_lists_the_service(self, fairway, service, name):
        list_services = b"\x3a\x01*"  # ServerReflectionRequest{list_services: "*"}
        with grpc.insecure_channel(getattr(fairway, service).address) as channel:
            stream = channel.stream_stream("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                                           request_serializer=bytes, response_deserializer=bytes)
            reply = b"".join(stream(iter([list_services]), timeout=20))
        assert name.encode() in reply and b"grpc.health.v1.Health" in reply

    def test_reflection_has_the_reasons_of_errors(self, fairway, service, name):
        symbol = b"fairway.v1.ErrorReason"
        file_containing_symbol = b"\x22" + bytes([len(symbol)]) + symbol
        with grpc.insecure_channel(getattr(fairway, service).address) as channel:
            stream = channel.stream_stream("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                                           request_serializer=bytes, response_deserializer=bytes)
            reply = b"".join(stream(iter([file_containing_symbol]), timeout=20))
        assert b"ERROR_REASON_INVALID_DATE" in reply and b"ERROR_REASON_INTERNAL" in reply

    def test_health_says_serving(self, fairway, service, name):
        request = b"\x0a" + bytes([len(name)]) + name.encode()  # HealthCheckRequest{service: name}
        assert raw_call(getattr(fairway, service).address, "/grpc.health.v1.Health/Check", request) == b"\x08\x01"

    def test_admin_endpoint(self, fairway, service, name):
        port = getattr(fairway, service).admin_port
        assert http(port, "/livez")[0] == http(port, "/readyz")[0] == 200
        status, metrics = http(port, "/metrics")
        assert status == 200
        assert f'grpc_server_handled_total{{grpc_code="OK",grpc_method="' in metrics
        assert f'grpc_service="{name}"' in metrics
        assert "\nfairway_ready 1\n" in metrics

    def test_version_is_exported_and_printed(self, fairway, service, name):
        program = processes.BUILD / "services" / service / f"fairway-{service}"
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        assert version == processes.run_cli("--version").stdout.strip()
        metrics = http(getattr(fairway, service).admin_port, "/metrics")[1]
        assert 'fairway_build_info{commit="' in metrics and f'version="{version}"}} 1' in metrics

    def test_metrics_of_the_database(self, fairway, service, name):
        metrics = http(getattr(fairway, service).admin_port, "/metrics")[1]
        operation = {"query": "read_state", "ingest": "sweep_batches"}[service]
        for sample in (f'fairway_store_operation_seconds_count{{operation="{operation}"}}',
                       'fairway_pool_connections_max{pool="calls"}', 'fairway_pool_connections_in_use{pool="calls"}',
                       'fairway_pool_connections_idle{pool="calls"}', 'fairway_pool_waiting{pool="calls"}'):
            assert f"\n{sample} " in metrics
        errors = f'operation="{operation}"'
        assert any(line.startswith("fairway_store_operation_errors_total{") and errors in line
                   for line in metrics.splitlines())

    def test_runs_under_its_own_login(self, fairway, service, name):
        users = fairway.sql("SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = current_database() "
                            f"AND application_name = 'fairway-{service}'")
        assert users == [(processes.login_of(service),)]

    def test_waits_for_its_database_and_says_so(self, fairway, service, name):
        flags = fairway.cluster.flags("postgres")  # It has no schema of ours.
        process = subprocess.Popen(
            [processes.BUILD / "services" / service / f"fairway-{service}", "--listen", "127.0.0.1:0", "--admin",
             "127.0.0.1:0", "--postgres-user", processes.login_of(service), *flags], stderr=subprocess.PIPE, text=True)
        line = json.loads(process.stderr.readline())
        assert line["message"] == "waiting for the database" and "fairway migrate" in line["error"]
        process.terminate()
        assert process.wait(60) == 0


def test_help_names_every_option_with_its_variable():
    for service in ("query", "ingest"):
        text = subprocess.run([processes.BUILD / "services" / service / f"fairway-{service}", "--help"],
                              capture_output=True, text=True, check=True).stdout
        assert "FAIRWAY_LOG_LEVEL" in text and "POSTGRES_PASSWORD_FILE" in text
