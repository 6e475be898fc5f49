"""Dead letters become jobs again, each once, and none is lost."""

import json
import time

import pytest

from cloud import DEPLOYMENT

ACME = {"bucket": "copy-incoming", "key": "incoming/acme/2026 q1.csv", "version": "v1"}


@pytest.fixture
def redrive(release):
    """redrive(arguments) → the finished process; .put(body, …); .jobs() → (name, key) of each; .left() → how many letters."""
    cloud, definitions = release.cloud, DEPLOYMENT["job_definitions"]
    cloud.deployment["job_definitions"] = {**definitions, "blue-anchor": definitions["acme"].replace("acme", "blue-anchor")}

    def run(*arguments):
        return release.run("redrive_loads", "copy", *arguments)

    def put(body, sent=1):
        cloud.letters[f"handle-{len(cloud.letters)}"] = (body if isinstance(body, str) else json.dumps(body), sent)

    run.put, run.cloud = put, cloud
    run.jobs = lambda: [(job["jobName"], job["parameters"]["key"]) for job in cloud.named("SubmitJob")]
    run.left = lambda: len(cloud.letters)
    return run


def failed(file):
    return {"source": "aws.batch", "detail": {"status": "FAILED", "parameters": file, "statusReason": "it exited"}}


def arrived(file):
    return {"source": "aws.s3", "detail": {"bucket": {"name": file["bucket"]},
                                           "object": {"key": file["key"], "version-id": file["version"], "size": 1}}}


def not_submitted(file):
    return {"partner": "acme", "share": "acme", "parameters": file, "error": {"Error": "Batch.ServerException"}}


def ended(file):
    return {"source": "aws.states", "detail": {"status": "FAILED", "input": json.dumps({"partner": "acme", "parameters": file})}}


@pytest.mark.parametrize("letter", [failed, arrived, not_submitted, ended])
def test_a_letter_is_a_job_again(redrive, letter):
    redrive.put(letter(ACME))
    done = redrive()
    assert done.returncode == 0 and redrive.left() == 0
    job, = redrive.cloud.named("SubmitJob")
    assert job == {"jobName": "load-acme", "jobQueue": DEPLOYMENT["loads"]["job_queue"], "shareIdentifier": "acme",
                   "jobDefinition": DEPLOYMENT["job_definitions"]["acme"], "parameters": ACME}
    assert "incoming/acme/2026 q1.csv, version v1: job job-1" in done.stdout


def test_only_one_partners(redrive):
    redrive.put(failed(ACME))
    redrive.put(failed({**ACME, "key": "incoming/blue-anchor/b.csv"}))
    assert redrive("blue-anchor").returncode == 0
    assert redrive.jobs() == [("load-blue-anchor", "incoming/blue-anchor/b.csv")] and redrive.left() == 1
    assert redrive.cloud.named("SubmitJob")[0]["shareIdentifier"] == "blueXanchor"
    assert redrive().returncode == 0 and redrive.left() == 0, "the others' are not hidden"


def test_no_such_partner(redrive):
    redrive.put(failed(ACME))
    refused = redrive("acmee")
    assert refused.returncode == 1 and "copy has no partner acmee" in refused.stderr and redrive.left() == 1


@pytest.mark.parametrize("body", [
    "no JSON", {"source": "aws.batch", "detail": {}}, failed({**ACME, "key": "incoming/stranger/a.csv"}),
    failed({**ACME, "key": "quarantine/acme/a.csv"}), failed({**ACME, "key": 'incoming/"]/a.csv'})])
def test_what_it_does_not_understand_stays(redrive, body):
    redrive.put(body)
    redrive.put(failed(ACME))
    done = redrive()
    assert done.returncode == 1 and "1 dead letters were left in the queue" in done.stderr
    assert redrive.jobs() == [("load-acme", ACME["key"])] and redrive.left() == 1
    assert redrive().returncode == 1, "another run finds it again"


def test_a_job_that_batch_does_not_take_stays(redrive):
    redrive.cloud.refused_jobs = {ACME["key"]}
    redrive.put(failed(ACME))
    redrive.put(failed({**ACME, "key": "incoming/acme/other.csv"}))
    assert redrive().returncode == 1 and redrive.left() == 1
    assert ("load-acme", "incoming/acme/other.csv") in redrive.jobs()


def test_what_fails_anew_waits_for_the_next_time(redrive):
    redrive.put(failed(ACME), sent=int(time.time() + 60) * 1000)
    assert redrive().returncode == 0 and redrive.jobs() == [] and redrive.left() == 1


def test_nothing_to_do(redrive):
    assert redrive().returncode == 0 and redrive.jobs() == []
