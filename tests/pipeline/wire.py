"""How the stand-in talks: the forms in which the AWS command asks, and is answered."""

import http.server
import json
import threading
import urllib.parse
import xml.sax.saxutils

from account import Refused
from cloud import TOKEN

# Operations whose path is their name. The others are distinguished by a header or a field.
PATHS = {"/v1/describejobdefinitions": "DescribeJobDefinitions", "/v1/registerjobdefinition": "RegisterJobDefinition",
         "/v1/submitjob": "SubmitJob",
         "/policy/validation": "ValidatePolicy"}


def xml_of(value):
    if isinstance(value, dict):
        return "".join(f"<{name}>{xml_of(inner)}</{name}>" for name, inner in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{xml_of(inner)}</member>" for inner in value)
    return xml.sax.saxutils.escape(str(value))


def handler_of(cloud):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.headers["Authorization"].startswith("AWS4"):
                self._bucket()
                return
            # GitHub's side: the identity of a job.
            vouched = self.headers["Authorization"] == "Bearer job" and self.path.endswith("&audience=sts.amazonaws.com")
            self._reply(200 if vouched else 401, json.dumps({"value": TOKEN}), "application/json")

        def do_PUT(self):
            if self.headers.get("Expect"):  # It waits a second for this.
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._bucket()

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            target, path = self.headers.get("X-Amz-Target"), urllib.parse.urlparse(self.path).path
            if target:
                self._json(target.split(".")[-1], json.loads(body))
            elif path in PATHS:
                self._json(PATHS[path], json.loads(body))
            else:
                self._xml(dict(urllib.parse.parse_qsl(body)))

        def _answer(self, operation, request):
            cloud.calls.append((operation, request))
            if operation in cloud.unreachable:
                raise Refused("AccessDeniedException", f"not authorized to perform {operation}")
            return getattr(cloud, operation)(request)

        def _json(self, operation, request):
            try:
                self._reply(200, json.dumps(self._answer(operation, request)), "application/x-amz-json-1.1")
            except Refused as error:
                self._reply(400, json.dumps({"__type": error.args[0], "message": error.args[1]}),
                            "application/x-amz-json-1.1")

        def _xml(self, request):
            operation = request["Action"]
            try:
                inner = xml_of(self._answer(operation, request))
                if request["Version"] != "2016-11-15":  # EC2's; the others wrap what they say.
                    inner = f"<{operation}Result>{inner}</{operation}Result>"
                self._reply(200, f"<{operation}Response>{inner}</{operation}Response>", "text/xml")
            except Refused as error:
                self._reply(400, f"<ErrorResponse><Error>{self._error(error)}</Error></ErrorResponse>", "text/xml")

        def _bucket(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            url = urllib.parse.urlparse(self.path)
            cloud.calls.append((f"{self.command} bucket", self.path))
            try:
                self._reply(200, cloud.bucket(self.command, url, body), "text/xml")
            except Refused as error:
                self._reply(404 if error.args[0] == "NoSuchBucket" else 409, f"<Error>{self._error(error)}</Error>", "text/xml")

        def _error(self, error):
            return f"<Code>{error.args[0]}</Code><Message>{error.args[1]}</Message>"

        def _reply(self, code, text, kind):
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    return Handler


def serve(cloud):
    """The server, started, on a port of its own."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler_of(cloud))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
