mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name              = "test"
  image             = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/test/cli@sha256:3333333333333333333333333333333333333333333333333333333333333333"
  environment       = { POSTGRES_HOST = "database" }
  secrets           = { POSTGRES_PASSWORD = "arn:aws:ssm:eu-west-1:123456789012:parameter/test/database/password" }
  repository_arn    = "arn:aws:ecr:eu-west-1:123456789012:repository/test/cli"
  log_group         = { name = "/test/command", arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/test/command" }
  kms_key_arn       = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  vpc_id            = "vpc-1"
  s3_prefix_list_id = "pl-1"
  reaches           = { PostgreSQL = { security_group_id = "sg-database", port = 5432 } }
}

run "migrates_unless_told_otherwise" {
  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].command == ["migrate"]
    error_message = "It migrates."
  }
  assert {
    condition = (jsondecode(aws_ecs_task_definition.this.container_definitions)[0].readonlyRootFilesystem &&
    jsondecode(aws_ecs_task_definition.this.container_definitions)[0].user == "10001:10001")
    error_message = "Hardened."
  }
  assert {
    condition     = aws_ecs_task_definition.this.task_role_arn == null
    error_message = "It has no rights in AWS."
  }
}

run "closed" {
  assert {
    condition     = [for rule in aws_vpc_security_group_egress_rule.this : "${rule.referenced_security_group_id}:${rule.to_port}"] == ["sg-database:5432"]
    error_message = "It reaches what it was given."
  }
  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Resource != "*" || statement.Action == ["ecr:GetAuthorizationToken"]])
    error_message = "Only what applies to no single resource is allowed on all of them."
  }
}

run "refuses_an_image_by_tag" {
  command         = plan
  expect_failures = [var.image]
  variables {
    image = "fairway:latest"
  }
}
