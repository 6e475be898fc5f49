"""The bucket of Terraform's states: made once, and made safe however often one asks."""

import json
import re

import pytest

BUCKET = "fairway-terraform-state"


@pytest.fixture
def create(release):
    """create(environment) → the finished process; .buckets."""
    def run(environment="prod"):
        return release.run("create_state_bucket", environment)

    run.buckets = release.cloud.buckets
    return run


def is_safe(bucket):
    public = re.findall("<(BlockPublicAcls|IgnorePublicAcls|BlockPublicPolicy|RestrictPublicBuckets)>true<", bucket["publicAccessBlock"])
    statement, = json.loads(bucket["policy"])["Statement"]
    assert "<Status>Enabled</Status>" in bucket["versioning"]
    assert "<SSEAlgorithm>AES256</SSEAlgorithm>" in bucket["encryption"]
    assert len(public) == 4
    assert statement["Effect"] == "Deny" and statement["Principal"] == "*" and statement["Action"] == "s3:*"
    assert statement["Resource"] == [f"arn:aws:s3:::{BUCKET}", f"arn:aws:s3:::{BUCKET}/*"]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    return True


def test_it_is_made(create):
    assert create().returncode == 0
    assert "<LocationConstraint>eu-west-1</LocationConstraint>" in create.buckets[BUCKET]["location"]
    assert is_safe(create.buckets[BUCKET])


def test_it_may_be_asked_for_again(create):
    assert create("dev").returncode == 0
    before = dict(create.buckets[BUCKET])
    assert create("prod").returncode == 0 and create.buckets == {BUCKET: before}


def test_one_that_somebody_made_by_hand_is_set_right(create):
    create.buckets[BUCKET] = {}
    assert create().returncode == 0 and is_safe(create.buckets[BUCKET])


def test_one_of_another_account_is_left_alone(create):
    create.buckets[BUCKET] = None
    refused = create()
    assert refused.returncode == 1 and "names are unique in the world" in refused.stderr
    assert create.buckets == {BUCKET: None}


def test_an_environment_that_is_not_there(create):
    refused = create("other")
    assert refused.returncode == 1 and "there is no environment other" in refused.stderr and create.buckets == {}
