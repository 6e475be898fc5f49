"""What shows, applies and compares the infrastructure, with the real Terraform: its own resources need no cloud."""

import json
import re
import shutil

import pytest

MAIN = """
terraform {
  backend "local" {}
}
variable "size" { type = number }
variable "images" { type = object({ query = string }) }
resource "terraform_data" "database" { input = "size ${var.size}" }
output "size" { value = terraform_data.database.output }
"""

pytestmark = pytest.mark.skipif(not shutil.which("terraform"), reason="needs Terraform")


@pytest.fixture
def infrastructure(release):
    """.set(size) changes the environment's values; .run(script, …); .plan() → its outputs; .running() → what is there."""
    root = release.folder / "terraform"
    (root / "environments").mkdir(parents=True)
    (root / "main.tf").write_text(MAIN)
    (root / "environments" / "copy.s3.tfbackend").write_text(f'path = "{release.folder}/state"\n')
    (release.folder / "bin" / "terraform").symlink_to(shutil.which("terraform"))
    summary, outputs = release.folder / "summary", release.folder / "outputs"
    environment = {"RELEASE_TERRAFORM": str(root), "TF_VAR_images": json.dumps({"query": "query@sha256:0"}),
                   "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(outputs), "CHECKPOINT_DISABLE": "1"}

    class Infrastructure:
        def set(self, size):
            (root / "environments" / "copy.tfvars").write_text(f"size = {size}\n")

        def run(self, script, *arguments, **more):
            return release.run(script, *arguments, **{**environment, **more})

        def plan(self):
            outputs.write_text("")
            done = self.run("plan_changes", "copy", release.folder / "plan")
            assert done.returncode == 0
            return dict(line.split("=") for line in outputs.read_text().splitlines())

        def summary(self):
            return summary.read_text() if summary.exists() else ""

        def state(self):
            return release.folder / "state"

        def running(self):
            state = json.loads(self.state().read_text()) if self.state().exists() else {"outputs": {}}
            return state["outputs"].get("size", {}).get("value")

    one = Infrastructure()
    one.set(1)
    return one


def test_what_was_shown_is_what_is_done(infrastructure):
    plan = infrastructure.plan()
    assert plan["changes"] == "yes" and re.fullmatch("[0-9a-f]{64}", plan["digest"])
    assert 'input  = "size 1"' in infrastructure.summary(), "reviewers see it"
    assert infrastructure.running() is None, "a plan changes nothing"
    assert infrastructure.plan() == plan, "the same plan is known again"
    assert infrastructure.run("apply_changes", "copy", plan["digest"]).returncode == 0
    assert infrastructure.running() == "size 1"


def test_what_was_not_shown_is_not_done(infrastructure):
    digest = infrastructure.plan()["digest"]
    infrastructure.set(2)
    refused = infrastructure.run("apply_changes", "copy", digest)
    assert refused.returncode == 1 and "this is not what was approved" in refused.stderr
    assert infrastructure.running() is None


def test_what_somebody_else_did_meanwhile_is_noticed(infrastructure):
    digest = infrastructure.plan()["digest"]
    infrastructure.set(2)
    assert infrastructure.run("apply_changes", "copy", infrastructure.plan()["digest"]).returncode == 0
    infrastructure.set(1)
    refused = infrastructure.run("apply_changes", "copy", digest)
    assert refused.returncode == 1 and infrastructure.running() == "size 2"


def test_nothing_to_do(infrastructure):
    assert infrastructure.run("apply_changes", "copy", infrastructure.plan()["digest"]).returncode == 0
    plan = infrastructure.plan()
    assert plan["changes"] == "no"
    done = infrastructure.run("apply_changes", "copy", plan["digest"])
    assert done.returncode == 0 and "nothing to do" in done.stdout


def test_drift(infrastructure):
    infrastructure.run("apply_changes", "copy", infrastructure.plan()["digest"])
    same = infrastructure.run("check_drift", "copy")
    assert same.returncode == 0 and "copy is as this revision says" in same.stdout
    # Somebody did it by hand.
    state = json.loads(infrastructure.state().read_text())
    state["resources"][0]["instances"][0]["attributes"]["input"]["value"] = "size 7"
    infrastructure.state().write_text(json.dumps(state))
    drifted = infrastructure.run("check_drift", "copy")
    assert drifted.returncode == 1 and "copy is not as this revision says" in drifted.stderr
    assert '"size 7" -> "size 1"' in drifted.stdout + infrastructure.summary()


def test_what_cannot_be_planned_is_no_plan(infrastructure):
    infrastructure.set('"large"')
    folder = infrastructure.state().with_name("plan")
    for script, arguments in (("plan_changes", [folder]), ("apply_changes", ["0" * 64]), ("check_drift", [])):
        refused = infrastructure.run(script, "copy", *arguments)
        assert refused.returncode == 1 and "Terraform cannot plan copy" in refused.stderr
        assert "number is required" in refused.stderr, "Terraform's own words"


def test_an_environment_that_is_not_there(infrastructure):
    refused = infrastructure.run("check_drift", "other")
    assert refused.returncode == 1 and "there is no environment other" in refused.stderr


def test_images_are_required(infrastructure):
    refused = infrastructure.run("check_drift", "copy", TF_VAR_images="")
    assert refused.returncode == 1 and "TF_VAR_images" in refused.stderr
