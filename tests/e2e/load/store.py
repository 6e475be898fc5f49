"""An S3-compatible store on loopback (moto)."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import threading
import urllib.request

try:
    import boto3
except ImportError:
    boto3 = None

import processes

ALLOW_ALL = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
MOTO = shutil.which("moto_server")
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "eu-central-1"}


class Store:
    """moto, with versions, multipart uploads and, where asked, checks of every signature."""

    def __init__(self):
        environment = {**os.environ, "MOTO_IAM_LOAD_MANAGED_POLICIES": "false", "PYTHONUNBUFFERED": "1"}
        self._process = subprocess.Popen([MOTO, "-H", "127.0.0.1", "-p", "0"], stderr=subprocess.PIPE,
                                         stdout=subprocess.DEVNULL, text=True, env=environment,
                                         preexec_fn=processes.die_with_parent)
        for line in self._process.stderr:
            if found := re.search(r"Running on (http://127\.0\.0\.1:(\d+))", line):
                self.url, self.port = found[1], int(found[2])
                break
        else:
            raise AssertionError("moto_server did not start")
        # A full pipe would stop the store.
        threading.Thread(target=lambda: [None for _ in self._process.stderr], daemon=True).start()
        self.s3 = self.client("s3")
        self.keys = self._make_keys()

    def _make_keys(self):
        """Of a user that may do everything: what checked requests must be signed with."""
        iam = self.client("iam")
        iam.create_user(UserName="loader")
        iam.put_user_policy(UserName="loader", PolicyName="all", PolicyDocument=ALLOW_ALL)
        key = iam.create_access_key(UserName="loader")["AccessKey"]
        return {**KEYS, "AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    def assume_role(self):
        """Keys with a session token."""
        iam = self.client("iam")
        arn = iam.create_role(RoleName="task", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        iam.put_role_policy(RoleName="task", PolicyName="all", PolicyDocument=ALLOW_ALL)
        return self.client("sts").assume_role(RoleArn=arn, RoleSessionName="load")["Credentials"]

    def client(self, service):
        return boto3.client(service, endpoint_url=self.url, region_name="eu-central-1",
                                  aws_access_key_id="test", aws_secret_access_key="test")

    def make_bucket(self, name, versioned=True):
        self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        if versioned:
            self.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name

    def read(self, bucket, key):
        return self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    @contextlib.contextmanager  # The store's own clients have no keys that it accepts.
    def checking_signatures(self):
        self._check_after("0")
        try:
            yield
        finally:
            self._check_after("inf")

    def _check_after(self, actions):
        request = urllib.request.Request(self.url + "/moto-api/reset-auth", data=actions.encode(),
                                         headers={"Content-Type": "text/plain"})
        with urllib.request.urlopen(request, timeout=30) as reply:
            assert reply.status == 200

    def stop(self):
        self._process.terminate()
        self._process.wait(60)


def check_signature(request, secret):
    """Signs a request, as it came over the wire, with another implementation, botocore's, and compares."""
    from botocore.auth import S3SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
    start, *lines = request.decode("latin-1").partition("\r\n\r\n")[0].split("\r\n")
    method, target, _ = start.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    key, region, signed, signature = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=([^/]+)/\d+/([^/]+)/s3/aws4_request, SignedHeaders=(\S+), Signature=(\w+)",
        headers["authorization"]).groups()
    assert "host" in signed.split(";") and "x-amz-date" in signed.split(";")
    again = AWSRequest(method, f"http://{headers['host']}{target}",
                       headers={name: headers[name] for name in signed.split(";")})
    again.context["timestamp"] = headers["x-amz-date"]
    auth = S3SigV4Auth(Credentials(key, secret), "s3", region)
    # What these headers name is what was signed; botocore would leave some of them out.
    auth.headers_to_sign = lambda request: request.headers
    assert auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again) == signature, request
