# How the pipeline gets in: GitHub vouches for a job of one repository, in an environment and on a branch that are named
# here, and AWS lends it a role for an hour. No key is kept anywhere. Whom the roles trust is in trust.tf.

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  host    = "token.actions.githubusercontent.com"
  account = "${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"
}

# An account has one for all copies of the system and for everybody else, so none of them makes it (terraform/README.md):
# the second could not, and the first would take it from the others when it goes.
data "aws_iam_openid_connect_provider" "github" {
  url = "https://${local.host}"
  lifecycle {
    postcondition {
      condition     = contains(self.client_id_list, "sts.amazonaws.com")
      error_message = "GitHub's identity provider of this account does not take tokens for sts.amazonaws.com: add that audience."
    }
  }
}

# Earlier versions made it. It stays where it is, and is no copy's any more.
removed {
  from = aws_iam_openid_connect_provider.this
  lifecycle {
    destroy = false
  }
}

resource "aws_iam_role" "deploy" {
  name                 = "${var.name}-deploy"
  description          = "The pipeline of ${local.repository.owner}/${local.repository.name}"
  max_session_duration = 3600
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [for name in sort(var.environments) : local.trust[name]] })
}

resource "aws_iam_role_policy" "deploy" {
  name   = "deploy"
  role   = aws_iam_role.deploy.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}
