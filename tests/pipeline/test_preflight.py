"""What would stop an environment is said before it begins: a test for each refusal, on this revision's environments."""

import json
import re
import shutil

import pytest

import account as accounts
from conftest import RELEASE

TERRAFORM = RELEASE.parents[1] / "terraform"
BUCKET = "fairway-terraform-state"
FARGATE, VPCS, ENDPOINTS, NATS = "L-3032A538", "L-F678F1CE", "L-29B6F2EB", "L-FE5A380F"
ADDRESSES, BALANCERS, DATABASES, CLUSTERS = "L-0263D0A3", "L-69A177A2", "L-7B6409FD", "L-952B80B8"

pytestmark = pytest.mark.skipif(not shutil.which("terraform"), reason="needs Terraform")


@pytest.fixture
def preflight(release):
    """preflight(environment, …) → the finished process; .cloud, in which prod fits; .edit(environment, pattern, text)."""
    root = release.folder / "terraform"
    for folder in ("needs", "environments"):
        shutil.copytree(TERRAFORM / folder, root / folder)
    (release.folder / "bin" / "terraform").symlink_to(shutil.which("terraform"))
    release.cloud.buckets[BUCKET] = {"versioning": "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"}

    def run(environment="prod", *arguments, **more):
        return release.run("preflight", environment, *arguments, RELEASE_TERRAFORM=str(root), CHECKPOINT_DISABLE="1", **more)

    def edit(environment, pattern, text):
        path = root / "environments" / f"{environment}.tfvars"
        changed, count = re.subn(pattern, text, path.read_text())
        assert count == 1
        path.write_text(changed)

    run.cloud, run.edit, run.folder = release.cloud, edit, release.folder
    return run


def refused(finished):
    """What was refused, a line each."""
    lines = [line.removeprefix("refused  ") for line in finished.stdout.splitlines() if line.startswith("refused")]
    assert finished.returncode == (1 if lines else 0)
    assert not lines or f"would be stopped by {len(lines)} of these" in finished.stderr
    return lines


def only(finished):
    line, = refused(finished)
    return line


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_what_fits(preflight, environment):
    done = preflight(environment)
    assert refused(done) == [] and f"{environment}, in account 123456789012, eu-west-1" in done.stdout
    assert done.stdout.count("\nok ") >= 8
    changes = [operation for operation, _ in preflight.cloud.calls if not re.match("Get|Describe|GET", operation)]
    assert changes == [], "it changes nothing"


def test_everything_at_once(preflight):
    cloud = preflight.cloud
    cloud.quotas, cloud.buckets, cloud.providers = {FARGATE: 6.0}, {}, {}
    cloud.versions["aurora-postgresql"] = ["15.12"]
    assert len(refused(preflight())) == 4


def test_an_account_that_is_new_has_six_cores(preflight):
    preflight.cloud.defaults[FARGATE] = 6.0
    assert only(preflight("dev")) == (
        "cores of Fargate: 7 needed, 0 used by others, 6 allowed: aws service-quotas request-service-quota-increase "
        "--region eu-west-1 --service-code fargate --quota-code L-3032A538 --desired-value 7")


def test_cores_that_are_needed(preflight):
    """12 tasks of 4 and 9 of 4, as many again while they are deployed, 16 for loads, and a command."""
    preflight.cloud.quotas[FARGATE] = 184.0
    assert only(preflight()).startswith("cores of Fargate: 185 needed")
    preflight.cloud.quotas[FARGATE] = 185.0
    assert refused(preflight()) == []


@pytest.mark.parametrize("code, what, needed", [
    (VPCS, "VPCs", 1), (ENDPOINTS, "interface endpoints of a VPC", 8), (BALANCERS, "network load balancers", 3),
    (DATABASES, "database instances", 2), (CLUSTERS, "database clusters", 1), (NATS, "NAT gateways of a zone", 1),
    (ADDRESSES, "elastic addresses", 3)])
def test_quotas(preflight, code, what, needed):
    preflight.edit("prod", r"\blog_days", "nat      = true\nlog_days")
    preflight.cloud.quotas[code] = float(needed)
    assert refused(preflight()) == []
    preflight.cloud.quotas[code] = needed - 1.0
    assert only(preflight()).startswith(f"{what}: {needed} needed, 0 used by others, {needed - 1} allowed")


@pytest.mark.parametrize("code, field, needed", [
    (VPCS, "vpcs", 1), (ADDRESSES, "addresses", 3), (DATABASES, "databases", 2), (CLUSTERS, "clusters", 1)])
def test_what_others_use(preflight, code, field, needed):
    """What an environment that grows has already is part of what it needs."""
    preflight.edit("prod", r"\blog_days", "nat      = true\nlog_days")
    preflight.cloud.quotas[code] = float(needed + 1)
    setattr(preflight.cloud, field, ["fairway-prod"] * needed + ["fairway-dev"])
    assert refused(preflight()) == []
    setattr(preflight.cloud, field, ["fairway-prod"] * needed + ["fairway-dev", None])
    assert only(preflight()).endswith(f"--desired-value {needed + 2}")


def test_load_balancers_of_others(preflight):
    preflight.edit("prod", "kind *= \"privatelink\"", 'kind = "public"')
    preflight.cloud.quotas[BALANCERS] = 4.0
    preflight.cloud.load_balancers = ["fairway-prod-query", "fairway-prod-ingest", "fairway-prod-ingest-public", "other"]
    assert refused(preflight()) == []
    preflight.cloud.load_balancers += ["fairway-prod-query-2"]
    assert "2 used by others" in only(preflight())


def test_a_version_that_new_clusters_may_not_have(preflight):
    preflight.cloud.versions["aurora-postgresql"] = ["15.12", "15.13", "16.1"]
    assert only(preflight()) == "AWS makes no new aurora-postgresql 15.10; database.engine_version may be of 15.12 15.13"


def test_an_instance_gets_the_newest_minor_version(preflight):
    preflight.cloud.offers[("postgres", "15.15", "db.m7g.large")] = []
    assert only(preflight("staging")).startswith("AWS has db.m7g.large for postgres 15.15 in 0 of these zones")
    preflight.cloud.versions["postgres"] = ["14.20", "16.4"]
    assert only(preflight("staging")).startswith("AWS makes no new postgres 15;")


@pytest.mark.parametrize("environment, version, takes", [
    ("staging", "15.14", "15 for postgres"), ("staging", "15.15", "15 for postgres"), ("staging", "16", "15 for postgres"),
    ("prod", "15", "15.x for aurora-postgresql"), ("prod", "16.4", "15.x for aurora-postgresql")])
def test_a_version_that_terraform_does_not_take(preflight, environment, version, takes):
    preflight.edit(environment, r"(?m)^database = \{", f'database = {{\n  engine_version = "{version}"')
    assert only(preflight(environment)) == (
        f"a value of {environment}: database.engine_version is {version}, and must be {takes}")


def test_a_class_that_two_zones_must_have(preflight):
    preflight.cloud.offers[("aurora-postgresql", "15.10", "db.r7g.xlarge")] = ["eu-west-1a", "eu-west-1d"]
    assert only(preflight()).startswith("AWS has db.r7g.xlarge for aurora-postgresql 15.10 in 1 of these zones, and 2 are needed")
    preflight.cloud.offers[("postgres", "15.15", "db.t4g.medium")] = ["eu-west-1c"]
    assert refused(preflight("dev")) == []


def test_zones(preflight):
    preflight.cloud.zones = {**preflight.cloud.zones, "eu-west-1c": "impaired", "eu-west-1d": "available"}
    assert only(preflight()) == (
        "no such zones in eu-west-1: eu-west-1c; availability_zones may be of eu-west-1a eu-west-1b eu-west-1d")


@pytest.mark.parametrize("bucket, says", [
    ({}, "there is no bucket fairway-terraform-state for the state: ci/release/create_state_bucket prod"),
    ({BUCKET: {}}, "keeps no versions: ci/release/create_state_bucket prod"), ({BUCKET: None}, "is it another account's?")])
def test_the_bucket_of_the_state(preflight, bucket, says):
    preflight.cloud.buckets = bucket
    assert says in only(preflight())


def test_the_bucket_that_is_made_will_do(preflight, release):
    preflight.cloud.buckets = {}
    assert release.run("create_state_bucket", "prod").returncode == 0
    assert refused(preflight()) == []


def test_githubs_provider(preflight):
    preflight.cloud.providers = {accounts.PROVIDER: ["sigstore"]}
    assert "add-client-id-to-open-id-connect-provider" in only(preflight())
    preflight.cloud.providers = {}
    assert "create-open-id-connect-provider --url https://token.actions.githubusercontent.com" in only(preflight())
    assert refused(preflight("dev")) == [], "which no pipeline deploys"


def test_the_form_of_githubs_subject(preflight):
    assert "warning  github.repository_ids is left out" in preflight().stdout
    preflight.edit("prod", "infrastructure = true", 'repository_ids = { owner = "12", repository = "34" }')
    assert "warning" not in preflight().stdout


def test_values_that_terraform_refuses(preflight):
    preflight.edit("prod", "multi_az *= true", "multi_az = false")
    assert only(preflight()) == "a value of prod: Production needs database.multi_az = true."


def test_values_that_cannot_be_read(preflight):
    preflight.edit("prod", "query = {", "query = ")
    done = preflight()
    assert done.returncode == 1 and "Terraform cannot read the values of prod" in done.stderr
    assert preflight.cloud.calls == []


def test_an_environment_that_is_not_there(preflight):
    done = preflight("other")
    assert done.returncode == 1 and "there is no environment other" in done.stderr


def test_images_of_another_account(preflight):
    images = {name: f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/fairway-prod/{name}@sha256:0"
              for name in ("query", "ingest", "cli", "collector")}
    assert refused(preflight(TF_VAR_images=json.dumps(images))) == []
    images["ingest"] = images["ingest"].replace("123456789012", "210987654321")
    assert only(preflight(TF_VAR_images=json.dumps(images))).startswith("images of another account or region")


def test_credentials(preflight):
    preflight.cloud.signed_in = False
    assert only(preflight()).startswith("no credentials that AWS takes: An error occurred (ExpiredToken)")
    assert [operation for operation, _ in preflight.cloud.calls] == ["GetCallerIdentity"]


@pytest.mark.parametrize("operation, what", [
    ("GetServiceQuota", "cores of Fargate"), ("DescribeVpcs", "VPCs"), ("DescribeAvailabilityZones", "zones"),
    ("DescribeDBEngineVersions", "database"), ("GetOpenIDConnectProvider", "GitHub"),
    ("DescribeOrderableDBInstanceOptions", "database"), ("DescribeLoadBalancers", "load balancers")])
def test_what_cannot_be_looked_at_does_not_fit(preflight, operation, what):
    preflight.cloud.unreachable = {operation}
    assert any(what in line and f"not authorized to perform {operation}" in line for line in refused(preflight()))


def resource(address, **values):
    return {"address": address, "mode": "managed", "type": address.split(".")[-2], "values": values}


def test_policies_of_a_plan(preflight):
    trust, reads, bucket = ('{"Statement": "trust"}', '{"Statement": "reads"}', '{"Statement": "bucket"}')
    resources = [resource("aws_iam_role.job", assume_role_policy=trust), resource("aws_iam_role.other", assume_role_policy=trust),
                 resource("aws_iam_role_policy.unknown")]
    inside = [resource("module.a.aws_iam_role_policy.job", policy=reads), resource("module.a.aws_s3_bucket_policy.this", policy=bucket),
              resource("module.a.aws_ecr_lifecycle_policy.this", policy="{}")]
    plan = {"planned_values": {"root_module": {"resources": resources, "child_modules": [{"resources": inside}]}}}
    (preflight.folder / "plan.json").write_text(json.dumps(plan))
    done = preflight("prod", preflight.folder)
    assert refused(done) == [] and "policies of the plan that were judged: 3" in done.stdout
    asked = {(one["policyType"], one.get("validatePolicyResourceType"), one["policyDocument"])
             for one in preflight.cloud.named("ValidatePolicy")}
    assert asked == {("RESOURCE_POLICY", "AWS::IAM::AssumeRolePolicyDocument", trust), ("IDENTITY_POLICY", None, reads),
                     ("RESOURCE_POLICY", "AWS::S3::Bucket", bucket)}

    (preflight.folder / "broken").mkdir()
    (preflight.folder / "broken" / "plan.json").write_text("no plan")
    for folder in ("nowhere", "broken"):
        assert only(preflight("prod", preflight.folder / folder)).startswith(f"{preflight.folder / folder}: ")

    preflight.cloud.findings = {
        "reads": [("ERROR", "INVALID_ACTION"), ("SUGGESTION", "EMPTY_ARRAY_ACTION")],
        "bucket": [("SECURITY_WARNING", "PASS_ROLE_WITH_STAR_IN_RESOURCE"), ("WARNING", "MISSING_VERSION")]}
    done = preflight("prod", preflight.folder)
    assert sorted(line.split(":")[0] for line in refused(done)) == [
        "module.a.aws_iam_role_policy.job", "module.a.aws_s3_bucket_policy.this"]
    assert "warning  module.a.aws_s3_bucket_policy.this: MISSING_VERSION: because https://docs" in done.stdout
    assert "EMPTY_ARRAY_ACTION" not in done.stdout
