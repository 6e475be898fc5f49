"""Debian's AWS command, loaded once: it takes a second to start, and a release calls it some thirty times.

warm_aws.py SOCKET serves. The `aws` that tests put on the PATH (CLIENT) hands its arguments, environment and streams over,
and a fork of the loaded command goes on from there."""

import json
import os
import signal
import socket
import sys

CLIENT = """#!/usr/bin/python3 -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
    server.connect(os.environ["TEST_AWS"])
    socket.send_fds(server, [json.dumps([sys.argv[1:], dict(os.environ)]).encode()], [0, 1, 2])
    sys.exit(int(server.recv(16)))
"""


def become_command(driver, connection):
    """In the fork. The answer is the exit code."""
    code = 255
    try:
        message, streams, _, _ = socket.recv_fds(connection, 1 << 18, 3)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        arguments, environment = json.loads(message)
        os.environ.clear()
        os.environ.update(environment)
        # It is too old to read the endpoint from the environment.
        code = driver.main(["--endpoint-url", environment["TEST_ENDPOINT"], *arguments])
        sys.stdout.flush()
    except SystemExit as end:
        code = end.code or 0
    finally:
        connection.send(str(code).encode())
        os._exit(0)


def serve(path):
    from awscli.clidriver import create_clidriver
    driver = create_clidriver()
    for service in ("ssm", "ecs", "ecr", "batch", "cloudwatch", "logs", "sts", "ec2", "rds", "service-quotas"):
        driver.session.get_service_model(service)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody waits for the forks.
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        listener.bind(path)
        listener.listen()
        print("ready", flush=True)
        while True:
            connection, _ = listener.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                become_command(driver, connection)
            connection.close()


if __name__ == "__main__":
    serve(sys.argv[1])
