"""Which objects can be read: names, keys, roles."""

import http.server
import json
import threading

import pytest

import store as stores
from objects import BUCKET, HEADING, csv, put, url_of


@pytest.mark.parametrize("name", [
    "a b+c.csv", "ü/тариф 100%.csv", "x?y=1&z=2.csv", "%41%2F+.csv", "~'()*!@:,$;=[]#.csv"])
def test_keys_may_hold_anything(store, proxy, load, name):
    key = "incoming/acme/" + name
    version = put(store, key, csv(7))
    proxy.expect()
    load(url_of(key, version), url=proxy.url)
    # And what is copied, from and to.
    version = put(store, key, HEADING + "?\n")
    load(url_of(key, version), url=proxy.url, exit_code=3)
    assert store.read(BUCKET, "quarantine/" + key) == (HEADING + "?\n").encode()
    signed = [request for request in proxy.requests if b"\r\nAuthorization: " in request]
    assert len(signed) == 6, "two HEADs, two GETs, a copy and a report"
    for request in signed:
        stores.check_signature(request, stores.KEYS["AWS_SECRET_ACCESS_KEY"])


def test_wrong_keys_are_final(store, load):
    version = put(store, "incoming/acme/keys.csv", csv(1))
    with store.checking_signatures():
        wrong = load(url_of("incoming/acme/keys.csv", version), exit_code=5,
                     keys={**store.keys, "AWS_SECRET_ACCESS_KEY": "wrong"})
        assert "SignatureDoesNotMatch" in wrong.stderr and "credentials are not accepted" in wrong.stderr
        unknown = load(url_of("incoming/acme/keys.csv", version), exit_code=5, keys=stores.KEYS)
        assert "InvalidAccessKeyId" in unknown.stderr
        load(url_of("incoming/acme/keys.csv", version), keys=store.keys)
    none = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_REGION": "eu-central-1"}
    assert "AWS_ACCESS_KEY_ID" in load(url_of("incoming/acme/keys.csv"), exit_code=2, keys=none).stderr


def test_a_task_signs_with_its_role(store, load):
    """Keys with a session token, from an agent as ECS has it."""
    class Agent(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # pylint: disable=invalid-name
            assert self.headers["Authorization"] == "agent-token"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({
                "AccessKeyId": role["AccessKeyId"], "SecretAccessKey": role["SecretAccessKey"],
                "Token": role["SessionToken"], "Expiration": "2099-01-01T00:00:00Z"}).encode())

        def log_message(self, *_):
            pass

    version = put(store, "incoming/acme/role.csv", csv(1))
    role = store.assume_role()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Agent) as agent, store.checking_signatures():
        threading.Thread(target=agent.serve_forever, daemon=True).start()
        load(url_of("incoming/acme/role.csv", version), keys={
            "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_REGION": "eu-central-1",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://127.0.0.1:{agent.server_port}/role",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "agent-token"})
        agent.shutdown()


def test_what_is_not_there_is_final(store, load):
    version = put(store, "incoming/acme/gone.csv", csv(1))
    for url, words in [(url_of("incoming/acme/nothing.csv"), "no such object"),
                       (url_of("incoming/acme/gone.csv", bucket="no-such-bucket"), "no such bucket"),
                       (url_of("incoming/acme/gone.csv", "0" * 32), "no such")]:
        done = load(url, exit_code=5)
        assert words in done.stderr and "OBJECT_STORE" in done.stderr
    store.s3.delete_object(Bucket=BUCKET, Key="incoming/acme/gone.csv")
    load(url_of("incoming/acme/gone.csv"), exit_code=5)
    load(url_of("incoming/acme/gone.csv", version))
