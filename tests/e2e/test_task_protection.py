"""fairway-ingest beside an ECS agent, which is asked to keep the task while uploads run."""

import http.server
import json
import queue
import threading

import grpc
import pytest

import clients
import prices
import processes

PORTS = ["CNSHA", "NLRTM"]
ROWS = prices.make_prices(1_000, PORTS, seed=1)


class Agent(http.server.ThreadingHTTPServer):
    """Answers as the agent of ECS does, and reports what it was asked, and how many batches there were by then."""

    def __init__(self, count_batches):
        self.asked = queue.Queue()
        self.refuses = False

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_PUT(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.server.asked.put((self.path, body, count_batches()))
                answer = {"protection": {"ProtectionEnabled": body["ProtectionEnabled"], "TaskArn": "arn:aws:ecs:task"}}
                if self.server.refuses:
                    answer = {"failure": {"Arn": "arn:aws:ecs:task", "Reason": "DEPLOYMENT_BLOCKED"}}
                text = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *arguments):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}/api/task"
        threading.Thread(target=self.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def agent(fairway):
    clients.import_ports(fairway, {"world": PORTS})
    agent = Agent(lambda: fairway.sql("SELECT count(*) FROM fairway.batches")[0][0])
    yield agent
    agent.shutdown()
    agent.server_close()


@pytest.fixture(scope="module")
def upload(fairway, agent):
    service = processes.Service("ingest", [*fairway.flags, "--ecs-agent-uri", agent.url])
    with grpc.insecure_channel(service.address) as channel:
        stub = clients.ingest_grpc.PriceIngestServiceStub(channel)
        yield lambda batch_id: stub.UploadBatch(prices.messages("acme", batch_id, ROWS))
    service.stop()


def test_the_task_is_protected_before_a_batch_is_taken_and_until_the_last_has_ended(agent, upload):
    assert upload("batch-1").batch.row_count == len(ROWS)
    path, body, batches = agent.asked.get(timeout=60)
    assert (path, body) == ("/api/task/task-protection/v1/state", {"ProtectionEnabled": True, "ExpiresInMinutes": 40})
    assert batches == 0
    _, body, batches = agent.asked.get(timeout=60)
    assert (body, batches) == ({"ProtectionEnabled": False}, 1)


def test_a_task_that_is_to_go_sends_uploads_elsewhere(fairway, agent, upload):
    agent.refuses = True
    failure = clients.failure_of(upload, "batch-2")
    agent.refuses = False
    assert (failure.code, failure.reason) == (grpc.StatusCode.UNAVAILABLE, "DRAINING")
    assert failure.retry is not None
    assert fairway.sql("SELECT count(*) FROM fairway.batches WHERE batch_id = 'batch-2'")[0][0] == 0
    assert upload("batch-2").batch.row_count == len(ROWS)
