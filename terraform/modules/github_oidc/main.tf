# How the pipeline gets in: GitHub vouches for a run of one repository, on the refs and environments named here, and AWS
# lends it a role for an hour. No key is kept anywhere.

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  host         = "token.actions.githubusercontent.com"
  provider_arn = var.provider_arn == null ? aws_iam_openid_connect_provider.this[0].arn : var.provider_arn
  subjects = concat(
    [for ref in sort(var.refs) : "repo:${var.repository}:ref:${ref}"],
    [for environment in sort(var.environments) : "repo:${var.repository}:environment:${environment}"],
  )
  account = "${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"
}

# An account has one for all its copies of the system.
resource "aws_iam_openid_connect_provider" "this" {
  count          = var.provider_arn == null ? 1 : 0
  url            = "https://${local.host}"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "deploy" {
  name                 = "${var.name}-deploy"
  description          = "The pipeline of ${var.repository}"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = local.provider_arn }
      Condition = {
        StringEquals = { "${local.host}:aud" = "sts.amazonaws.com", "${local.host}:sub" = local.subjects }
      }
    }]
  })
}

resource "aws_iam_role_policy" "deploy" {
  name   = "deploy"
  role   = aws_iam_role.deploy.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements })
}
