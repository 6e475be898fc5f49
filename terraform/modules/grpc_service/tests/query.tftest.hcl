# Query: what differs from ingest.

mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name            = "test"
  service         = "query"
  image           = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/test/query@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  collector_image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/test/collector@sha256:2222222222222222222222222222222222222222222222222222222222222222"
  size            = { cpu = 1024, memory = 2048 }
  tasks           = { min = 2, max = 6 }
  scaling         = { requests_per_task = 200000 }
  port            = 50051
  admin_port      = 9464
  environment     = { POSTGRES_HOST = "database" }
  secrets         = { POSTGRES_PASSWORD = "arn:aws:ssm:eu-west-1:123456789012:parameter/test/database/password" }
  client_cidrs    = ["10.20.0.0/16"]

  cluster = {
    name                   = "test"
    arn                    = "arn:aws:ecs:eu-west-1:123456789012:cluster/test"
    namespace_arn          = "arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-1"
    mesh_security_group_id = "sg-mesh"
  }
  repository_arns = ["arn:aws:ecr:eu-west-1:123456789012:repository/test/query"]
  log_group       = { name = "/test/query", arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/test/query" }
  metrics = {
    namespace      = "Fairway/test"
    scrape_seconds = 15
    log_group      = { name = "/test/metrics", arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/test/metrics" }
    prometheus     = { arn = "arn:aws:aps:eu-west-1:123456789012:workspace/ws-1", endpoint = "https://aps.example/workspaces/ws-1/" }
  }
  alarm_topic_arns           = { page = "arn:aws:sns:eu-west-1:123456789012:test-page", ticket = "arn:aws:sns:eu-west-1:123456789012:test-ticket" }
  kms_key_arn                = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  vpc_id                     = "vpc-1"
  subnet_ids                 = ["subnet-private-1", "subnet-private-2", "subnet-private-3"]
  database_security_group_id = "sg-database"
  endpoint_security_group_id = "sg-endpoints"
  s3_prefix_list_id          = "pl-1"
}

run "has_no_right_to_protect_itself" {
  assert {
    condition     = !strcontains(aws_iam_role_policy.task.policy, "ecs:")
    error_message = "A task of query asks nothing of ECS."
  }
  assert {
    condition     = aws_ecs_service.this.availability_zone_rebalancing == "ENABLED"
    error_message = "Tasks of query may be moved to balance zones."
  }
}

run "scales_by_requests" {
  assert {
    condition = (length(aws_appautoscaling_policy.requests) == 1 && length(aws_appautoscaling_policy.uploads) == 0 &&
    one(aws_appautoscaling_policy.requests[0].target_tracking_scaling_policy_configuration).target_value == 200000)
    error_message = "Calls a minute and task make more tasks."
  }
}

run "drains_within_what_fargate_gives" {
  assert {
    condition = alltrue([for name, bound in { FAIRWAY_QUERY_DRAIN = 120, FAIRWAY_QUERY_CONNECTION_AGE = 90 } :
      tonumber(one([for variable in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment : variable.value if variable.name == name])) < bound
    ])
    error_message = "Connections age out before the drain ends, and the drain before Fargate kills."
  }
}

run "takes_the_flags_of_its_environment" {
  variables {
    environment = { FAIRWAY_QUERY_ENGINE = "sql", FAIRWAY_QUERY_CONNECTION_AGE = "30" }
  }
  assert {
    condition = {
      for variable in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment :
      variable.name => variable.value if contains(keys(var.environment), variable.name)
    } == { FAIRWAY_QUERY_ENGINE = "sql", FAIRWAY_QUERY_CONNECTION_AGE = "30" }
    error_message = "They do not reach the container, or others win."
  }
}

run "joins_more_load_balancers" {
  variables {
    target_group_arns                = { public = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/public/73e2d6bc24d8a067" }
    load_balancer_security_group_ids = { public = "sg-public" }
  }
  assert {
    condition     = length(aws_ecs_service.this.load_balancer) == 2 && length(aws_vpc_security_group_ingress_rule.load_balancer) == 4
    error_message = "A public load balancer reaches the same tasks."
  }
}
