# The roles of Terraform itself: who gets which, and what the one that only looks may look at.

mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name                     = "test"
  repository               = "fairway-rates/fairway"
  environments             = ["staging"]
  infrastructure           = true
  kms_key_arn              = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  files_bucket_arn         = "arn:aws:s3:::test-files"
  deployment_parameter_arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/test/deployment"
  cluster_arn              = "arn:aws:ecs:eu-west-1:123456789012:cluster/test"
  service_arns             = []
  task_families            = []
  one_off_families         = []
  job_definition_arns      = []
  image_parameter_arn      = "arn:aws:ssm:eu-west-1:123456789012:parameter/test/loader/image"
  repository_arns          = []
  log_group_arns           = []
  alarm_arns               = []
  passed_role_arns         = []
}

run "only_where_it_is_asked_for" {
  variables {
    infrastructure = false
  }
  assert {
    condition     = length(aws_iam_role.infrastructure) == 0 && length(aws_iam_role_policy.plan) == 0 && length(output.infrastructure_role_arns) == 0
    error_message = "An environment that people apply has no such roles."
  }
}

run "who_applies_was_approved_on_the_branch" {
  assert {
    condition = [for statement in jsondecode(aws_iam_role.infrastructure["apply"].assume_role_policy).Statement : statement.Condition.StringEquals] == [{
      "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
      "token.actions.githubusercontent.com:sub" = ["repo:fairway-rates/fairway:environment:staging-apply"]
      "token.actions.githubusercontent.com:ref" = ["refs/heads/main"]
    }]
    error_message = "Only the environment whose reviewers approve, and only on the branch that was reviewed."
  }
  assert {
    condition     = aws_iam_role_policy_attachment.infrastructure["apply"].policy_arn == "arn:aws:iam::aws:policy/AdministratorAccess"
    error_message = "It makes roles, so it may do everything anyway."
  }
}

run "pull_requests_only_read" {
  assert {
    condition = [for statement in jsondecode(aws_iam_role.infrastructure["plan"].assume_role_policy).Statement : [
      statement.Condition.StringEquals["token.actions.githubusercontent.com:sub"][0],
      try(statement.Condition.StringEquals["token.actions.githubusercontent.com:ref"][0], "any")]] == [
      ["repo:fairway-rates/fairway:environment:staging-plan", "any"],
      ["repo:fairway-rates/fairway:environment:staging-drift", "refs/heads/main"],
    ]
    error_message = "A pull request has a ref of its own; what runs at night is on the branch."
  }
  assert {
    condition     = aws_iam_role_policy_attachment.infrastructure["plan"].policy_arn == "arn:aws:iam::aws:policy/ReadOnlyAccess"
    error_message = "It reads, and changes nothing."
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.plan[0].policy).Statement : "${statement.Effect} ${join(" ", statement.Action)}"] == [
      "Allow kms:Decrypt", "Allow secretsmanager:GetRandomPassword access-analyzer:ValidatePolicy states:ValidateStateMachineDefinition",
      "Deny s3:GetObject s3:GetObjectVersion",
    ]
    error_message = "What the provider and a preflight need besides, and no file of a partner's."
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.plan[0].policy).Statement[0].Condition.StringEquals["kms:ViaService"] == "ssm.eu-west-1.amazonaws.com"
    error_message = "It decrypts parameters, and nothing else that is under this key."
  }
}

run "releases_get_neither" {
  assert {
    condition     = !strcontains(aws_iam_role.deploy.assume_role_policy, "-plan") && !strcontains(aws_iam_role.deploy.assume_role_policy, "-apply")
    error_message = "Roles are distinguished by their environments."
  }
}

run "refuses_an_environment_that_looks_like_one_of_terraform_s" {
  command         = plan
  expect_failures = [var.environments]
  variables {
    environments = ["staging", "staging-plan"]
  }
}
