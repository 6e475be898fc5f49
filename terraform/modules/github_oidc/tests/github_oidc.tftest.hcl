mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name                     = "test"
  repository               = "fairway-rates/fairway"
  environments             = ["staging"]
  kms_key_arn              = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  files_bucket_arn         = "arn:aws:s3:::test-files"
  deployment_parameter_arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/test/deployment"
  cluster_arn              = "arn:aws:ecs:eu-west-1:123456789012:cluster/test"
  service_arns             = ["arn:aws:ecs:eu-west-1:123456789012:service/test/query"]
  task_families            = ["test-query", "test-command"]
  one_off_families         = ["test-command"]
  job_definition_arns      = ["arn:aws:batch:eu-west-1:123456789012:job-definition/test-load-acme"]
  image_parameter_arn      = "arn:aws:ssm:eu-west-1:123456789012:parameter/test/loader/image"
  repository_arns          = ["arn:aws:ecr:eu-west-1:123456789012:repository/test/query"]
  log_group_arns           = ["arn:aws:logs:eu-west-1:123456789012:log-group:/test/command"]
  alarm_arns               = ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:test-query-errors"]
  passed_role_arns         = ["arn:aws:iam::123456789012:role/test-query-task"]
}

run "policies_are_narrow" {
  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_role_policy.deploy.policy).Statement : statement.Resource != "*" ||
    length(setsubtract(statement.Action, ["ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition", "batch:DescribeJobDefinitions"])) == 0])
    error_message = "Only what applies to no single resource is allowed on all of them."
  }
  assert {
    condition     = alltrue([for action in flatten([for statement in jsondecode(aws_iam_role_policy.deploy.policy).Statement : statement.Action]) : !strcontains(action, "*")])
    error_message = "Actions are named."
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.deploy.policy).Statement :
      "${join(" ", statement.Resource)} to ${join(" and ", statement.Condition.StringEquals["iam:PassedToService"])}" if statement.Action == ["iam:PassRole"]
    ] == ["arn:aws:iam::123456789012:role/test-query-task to ecs-tasks.amazonaws.com and batch.amazonaws.com"]
    error_message = "It passes the tasks' roles, to tasks and to definitions of jobs."
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.deploy.policy).Statement : statement.Resource if statement.Action == ["ecs:RunTask"]] == [
    ["arn:aws:ecs:eu-west-1:123456789012:task-definition/test-command:*"]]
    error_message = "It runs the command, and nothing else."
  }
}

run "writes_down_what_it_released" {
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.deploy.policy).Statement :
      statement.Resource if contains(statement.Action, "ssm:PutParameter")
    ] == ["arn:aws:ssm:eu-west-1:123456789012:parameter/test/loader/image"]
    error_message = "It writes one parameter, and no other."
  }
}

# Whoever makes it is whom the others' pipelines depend on, and a second copy cannot make it.
run "an_account_has_one_provider" {
  override_data {
    target = data.aws_iam_openid_connect_provider.github
    values = { arn = "arn:aws:iam::123456789012:oidc-provider/of-the-account", client_id_list = ["sts.amazonaws.com"] }
  }
  assert {
    condition     = data.aws_iam_openid_connect_provider.github.url == "https://token.actions.githubusercontent.com"
    error_message = "It is looked up by its address."
  }
  assert {
    condition     = jsondecode(aws_iam_role.deploy.assume_role_policy).Statement[0].Principal.Federated == "arn:aws:iam::123456789012:oidc-provider/of-the-account"
    error_message = "The account's is trusted, whoever made it."
  }
}

run "refuses_a_provider_for_somebody_else" {
  command         = plan
  expect_failures = [data.aws_iam_openid_connect_provider.github]
  override_data {
    target = data.aws_iam_openid_connect_provider.github
    values = { client_id_list = ["https://github.com/fairway-rates"] }
  }
}
