# Whom the roles trust: what AWS compares with the token that GitHub gives a job.

mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name                     = "test"
  repository               = "fairway-rates/fairway"
  environments             = ["staging"]
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

run "a_repository_without_ids" {
  assert {
    condition = jsondecode(aws_iam_role.deploy.assume_role_policy).Statement[0].Condition == {
      StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = ["repo:fairway-rates/fairway:environment:staging"]
        "token.actions.githubusercontent.com:ref" = ["refs/heads/main"]
      }
    }
    error_message = "Jobs of this repository, in this environment and on this branch, with a token that is meant for AWS; nothing alike will do."
  }
  assert {
    condition     = aws_iam_role.deploy.max_session_duration == 3600
    error_message = "It ends after an hour."
  }
}

run "both_ways_to_write_a_repository" {
  variables {
    repository_ids = { owner = "123456", repository = "456789" }
  }
  assert {
    condition = jsondecode(aws_iam_role.deploy.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == [
      "repo:fairway-rates/fairway:environment:staging", "repo:fairway-rates@123456/fairway@456789:environment:staging"
    ]
    error_message = "A repository made or renamed since July 2026 has ids in its subject, another one has not."
  }
  assert {
    condition     = jsondecode(aws_iam_role.deploy.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:repository_id"] == "456789"
    error_message = "Whoever gets the name later has another id."
  }
}

run "a_repository_as_its_subject_has_it" {
  variables {
    repository = "fairway-rates@123456/fairway@456789"
  }
  assert {
    condition = jsondecode(aws_iam_role.deploy.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == [
      "repo:fairway-rates/fairway:environment:staging", "repo:fairway-rates@123456/fairway@456789:environment:staging"
    ]
    error_message = "The same, both ways."
  }
  assert {
    condition     = aws_iam_role.deploy.description == "The pipeline of fairway-rates/fairway"
    error_message = "People know it by its name."
  }
}

run "names_that_github_allows" {
  variables {
    repository = "rates_acme/fair.way-2"
  }
  assert {
    condition = jsondecode(aws_iam_role.deploy.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == [
      "repo:rates_acme/fair.way-2:environment:staging"
    ]
    error_message = "Users whom a company manages have an underscore in their names."
  }
}

run "every_environment_is_bound_to_the_branches" {
  variables {
    environments = ["staging", "try"]
    branches     = ["master", "release/1"]
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role.deploy.assume_role_policy).Statement : [
      statement.Condition.StringEquals["token.actions.githubusercontent.com:sub"][0],
      join(" ", statement.Condition.StringEquals["token.actions.githubusercontent.com:ref"])]] == [
      ["repo:fairway-rates/fairway:environment:staging", "refs/heads/master refs/heads/release/1"],
      ["repo:fairway-rates/fairway:environment:try", "refs/heads/master refs/heads/release/1"],
    ]
    error_message = "An environment alone is whatever a branch's workflow says: the branch must be right as well."
  }
}

run "refuses_a_pattern_of_repositories" {
  command         = plan
  expect_failures = [var.repository]
  variables {
    repository = "fairway-rates/*"
  }
}

run "refuses_half_of_the_ids" {
  command         = plan
  expect_failures = [var.repository]
  variables {
    repository = "fairway-rates@123456/fairway"
  }
}

run "refuses_ids_that_are_none" {
  command         = plan
  expect_failures = [var.repository_ids]
  variables {
    repository_ids = { owner = "*", repository = "456789" }
  }
}

run "refuses_a_pattern_of_branches" {
  command         = plan
  expect_failures = [var.branches]
  variables {
    branches = ["*"]
  }
}

run "refuses_a_ref_for_a_branch" {
  command         = plan
  expect_failures = [var.branches]
  variables {
    branches = ["refs/heads/main"]
  }
}

run "refuses_all_branches" {
  command         = plan
  expect_failures = [var.branches]
  variables {
    branches = []
  }
}

run "refuses_a_pattern_of_environments" {
  command         = plan
  expect_failures = [var.environments]
  variables {
    environments = ["*"]
  }
}

run "refuses_all_of_a_repository" {
  command         = plan
  expect_failures = [var.environments]
  variables {
    environments = []
  }
}
