# Ingest: what it shares with query, and what only a service that takes batches in has.

mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name            = "test"
  service         = "ingest"
  image           = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/test/ingest@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  collector_image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/test/collector@sha256:2222222222222222222222222222222222222222222222222222222222222222"
  size            = { cpu = 1024, memory = 2048 }
  tasks           = { min = 2, max = 6 }
  scaling         = { uploads_per_task = 4 }
  port            = 50052
  admin_port      = 9465
  environment     = { POSTGRES_HOST = "database" }
  secrets         = { POSTGRES_PASSWORD = "arn:aws:ssm:eu-west-1:123456789012:parameter/test/database/password" }
  tls_secrets     = { FAIRWAY_TLS_KEY = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:test/tls-key-AbCdEf" }
  task_protection = true
  client_cidrs    = ["10.20.0.0/16"]

  cluster = {
    name                   = "test"
    arn                    = "arn:aws:ecs:eu-west-1:123456789012:cluster/test"
    namespace_arn          = "arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-1"
    mesh_security_group_id = "sg-mesh"
  }
  repository_arns = ["arn:aws:ecr:eu-west-1:123456789012:repository/test/ingest"]
  log_group       = { name = "/test/ingest", arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/test/ingest" }
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

run "containers_are_hardened" {
  assert {
    condition = alltrue([for container in jsondecode(aws_ecs_task_definition.this.container_definitions) :
    container.readonlyRootFilesystem && container.linuxParameters.capabilities.drop == ["ALL"] && strcontains(container.image, "@sha256:")])
    error_message = "Root filesystems are read-only, capabilities gone, images named by digest."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].user == "10001:10001"
    error_message = "The service does not run as root."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].stopTimeout == 120
    error_message = "A task has all the time Fargate gives to end its streams."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].portMappings[0].appProtocol == "grpc"
    error_message = "The mesh balances calls, not connections."
  }
}

run "secrets_come_by_reference" {
  assert {
    condition     = toset([for secret in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].secrets : secret.name]) == toset(["FAIRWAY_TLS_KEY", "POSTGRES_PASSWORD"])
    error_message = "Password and key are secrets."
  }
  assert {
    condition     = !contains([for variable in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment : variable.name], "POSTGRES_PASSWORD")
    error_message = "They are not in the environment that everybody can read."
  }
  assert {
    condition = contains(jsondecode(aws_iam_role_policy.execution.policy).Statement, {
      Action = ["ssm:GetParameters"], Effect = "Allow", Resource = [var.secrets["POSTGRES_PASSWORD"]]
    })
    error_message = "ECS may read this parameter, and no other."
  }
}

run "policies_are_narrow" {
  assert {
    condition = alltrue([for statement in concat(jsondecode(aws_iam_role_policy.execution.policy).Statement, jsondecode(aws_iam_role_policy.task.policy).Statement) :
    statement.Resource != "*" || statement.Action == ["ecr:GetAuthorizationToken"]])
    error_message = "Only what applies to no single resource is allowed on all of them."
  }
  assert {
    condition = alltrue([for action in flatten([for statement in concat(jsondecode(aws_iam_role_policy.execution.policy).Statement, jsondecode(aws_iam_role_policy.task.policy).Statement) : statement.Action]) :
    !strcontains(action, "*")])
    error_message = "Actions are named."
  }
  assert {
    condition     = strcontains(aws_iam_role_policy.task.policy, "ecs:UpdateTaskProtection") && strcontains(aws_iam_role_policy.task.policy, "arn:aws:ecs:eu-west-1:123456789012:task/test/*")
    error_message = "A task of ingest may protect tasks of its cluster."
  }
}

run "deploys_without_losing_a_stream" {
  assert {
    condition     = aws_ecs_service.this.deployment_minimum_healthy_percent == 100 && aws_ecs_service.this.deployment_maximum_percent == 200
    error_message = "New tasks come before old ones go."
  }
  assert {
    condition     = one(aws_ecs_service.this.deployment_circuit_breaker).enable && one(aws_ecs_service.this.deployment_circuit_breaker).rollback
    error_message = "A deployment that does not get ready turns back."
  }
  assert {
    condition     = one(aws_ecs_service.this.alarms).rollback && one(aws_ecs_service.this.alarms).alarm_names == toset(["test-ingest-errors", "test-ingest-unhealthy"])
    error_message = "Alarms turn it back as well."
  }
  assert {
    condition = toset([for query in aws_cloudwatch_metric_alarm.errors.metric_query : query.metric[0].metric_name if length(query.metric) > 0]) == toset([
    "grpc_server_handled_total", "fairway_rpc_server_faults_total"])
    error_message = "What clients bring about turns no release back."
  }
  assert {
    condition     = aws_ecs_service.this.availability_zone_rebalancing == "DISABLED"
    error_message = "A task that receives a batch is not stopped to balance zones."
  }
  assert {
    condition     = one(one(one(aws_ecs_service.this.service_connect_configuration).service).timeout).per_request_timeout_seconds == 0
    error_message = "The mesh does not cut long streams."
  }
  assert {
    condition     = one(one(aws_ecs_service.this.service_connect_configuration).service).ingress_port_override == 60052
    error_message = "What comes through the load balancer does not meet the mesh's proxy."
  }
  assert {
    condition     = one(one(aws_ecs_service.this.service_connect_configuration).service).discovery_name == output.mesh_name && output.mesh_name == "test-ingest"
    error_message = "Figures of the mesh have a name that no other copy's have."
  }
}

run "no_proxy_without_a_mesh" {
  variables {
    mesh = false
  }
  assert {
    condition     = !one(aws_ecs_service.this.service_connect_configuration).enabled && length(one(aws_ecs_service.this.service_connect_configuration).service) == 0
    error_message = "Tasks do not pay for a proxy that nobody calls through."
  }
  assert {
    condition = (one(aws_ecs_service.this.network_configuration).security_groups == toset([aws_security_group.this.id]) &&
    length(aws_vpc_security_group_ingress_rule.mesh) + length(aws_vpc_security_group_egress_rule.mesh) == 0 && output.mesh_name == null)
    error_message = "Nothing is open for it either."
  }
}

run "errors_ring_when_there_is_something_to_count" {
  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.errors.metric_query : query.expression if coalesce(query.return_data, false)]) == "IF(calls > 20, 100 * FILL(faults, 0) / calls, 0)"
    error_message = "One call of ten at night turns no release back, and wakes nobody."
  }
}

run "errors_page" {
  assert {
    condition = (aws_cloudwatch_metric_alarm.errors.alarm_actions == toset([var.alarm_topic_arns.page]) && aws_cloudwatch_metric_alarm.errors.ok_actions == toset([var.alarm_topic_arns.page]) &&
    aws_cloudwatch_metric_alarm.unhealthy.alarm_actions == toset([var.alarm_topic_arns.ticket]) && aws_cloudwatch_metric_alarm.unhealthy.ok_actions == toset([var.alarm_topic_arns.ticket]))
    error_message = "Errors wake somebody; a task of several that is not ready can wait."
  }
}

run "tasks_are_private" {
  assert {
    condition     = !one(aws_ecs_service.this.network_configuration).assign_public_ip && one(aws_ecs_service.this.network_configuration).subnets == toset(var.subnet_ids)
    error_message = "Tasks have no public address."
  }
  assert {
    condition = alltrue([for rule in concat(values(aws_vpc_security_group_ingress_rule.load_balancer), aws_vpc_security_group_ingress_rule.mesh) :
    rule.cidr_ipv4 == null && rule.cidr_ipv6 == null && rule.referenced_security_group_id != null])
    error_message = "They are reached by load balancers and the mesh, never by a range of addresses."
  }
  assert {
    condition     = toset([for rule in values(aws_vpc_security_group_ingress_rule.load_balancer) : rule.from_port]) == toset([50052, 9465])
    error_message = "At two ports."
  }
  assert {
    condition = alltrue([for rule in [
      aws_vpc_security_group_egress_rule.database, aws_vpc_security_group_egress_rule.endpoints, aws_vpc_security_group_egress_rule.s3,
    ] : rule.cidr_ipv4 == null])
    error_message = "They reach the database, AWS, and nothing else."
  }
}

run "scales_by_uploads" {
  assert {
    condition = (length(aws_appautoscaling_policy.uploads) == 1 && length(aws_appautoscaling_policy.requests) == 0 &&
    one(one(aws_appautoscaling_policy.uploads[0].target_tracking_scaling_policy_configuration).customized_metric_specification).metric_name == "fairway_uploads_in_flight")
    error_message = "Uploads that run make more tasks."
  }
  assert {
    condition     = aws_appautoscaling_target.this.min_capacity == 2 && aws_appautoscaling_target.this.max_capacity == 6
    error_message = "Within bounds."
  }
}

run "refusals_add_tasks" {
  variables {
    scaling = { uploads_per_task = 4, refusals = 5 }
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.overloaded[0].alarm_actions == toset([aws_appautoscaling_policy.refusals[0].arn]) && aws_cloudwatch_metric_alarm.overloaded[0].threshold == 5
    error_message = "The alarm adds no task, or wakes somebody."
  }
  assert {
    condition = { for step in one(aws_appautoscaling_policy.refusals[0].step_scaling_policy_configuration).step_adjustment :
    step.scaling_adjustment => tonumber(step.metric_interval_lower_bound) } == { "1" = 0, "2" = 45 }
    error_message = "Ten times as many refusals add two tasks."
  }
  assert {
    condition = { for query in aws_cloudwatch_metric_alarm.overloaded[0].metric_query : query.metric[0].metric_name => query.metric[0].dimensions if length(query.metric) > 0 } == {
      grpc_server_handled_total       = tomap({ service = "ingest", grpc_code = "Unavailable" })
      fairway_rpc_server_faults_total = tomap({ service = "ingest" })
    }
    error_message = "A database that is away is taken for tasks that are full."
  }
  assert {
    condition     = !contains(output.alarm_names, "test-ingest-overloaded")
    error_message = "Partners that send much turn a release back."
  }
}

run "refusals_are_not_looked_at_without_a_number" {
  command = plan
  assert {
    condition     = length(aws_appautoscaling_policy.refusals) == 0 && length(aws_cloudwatch_metric_alarm.overloaded) == 0
    error_message = "They add tasks all the same."
  }
}

run "fewer_tasks_at_night" {
  variables {
    night = { tasks_min = 1, from = "20:00", until = "05:30", timezone = "Europe/Berlin" }
  }
  assert {
    condition = { for name, action in aws_appautoscaling_scheduled_action.night : name => [action.schedule, action.timezone, one(action.scalable_target_action).min_capacity, one(action.scalable_target_action).max_capacity] } == {
      evening = ["cron(0 20 * * ? *)", "Europe/Berlin", "1", "6"]
      morning = ["cron(30 5 * * ? *)", "Europe/Berlin", "2", "6"]
    }
    error_message = "The bound goes down in the evening and up in the morning, and there is as much room as by day."
  }
}

run "refuses_more_tasks_at_night" {
  command         = plan
  expect_failures = [var.night]
  variables {
    night = { tasks_min = 2, from = "20:00", until = "05:30" }
  }
}

run "refuses_a_night_without_tasks" {
  command         = plan
  expect_failures = [var.night]
  variables {
    night = { tasks_min = 0, from = "20:00", until = "05:30" }
  }
}

run "refuses_a_night_that_never_ends" {
  command         = plan
  expect_failures = [var.night]
  variables {
    night = { tasks_min = 1, from = "20:00", until = "20:00" }
  }
}

run "refuses_a_night_from_eight_on" {
  command         = plan
  expect_failures = [var.night]
  variables {
    night = { tasks_min = 1, from = "8pm", until = "05:30" }
  }
}

run "refuses_to_add_tasks_for_no_refusal" {
  command         = plan
  expect_failures = [var.scaling]
  variables {
    scaling = { refusals = 0 }
  }
}

run "collector_comes_back" {
  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[1].restartPolicy.enabled
    error_message = "A collector that died starts again, or no figures come from this task any more."
  }
  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[1].memory == 256 && !jsondecode(aws_ecs_task_definition.this.container_definitions)[1].essential
    error_message = "It has the memory it needs, and takes no service with it."
  }
  assert {
    condition     = yamldecode(local.collector_configuration).processors.memory_limiter.limit_mib <= jsondecode(aws_ecs_task_definition.this.container_definitions)[1].memory - 64
    error_message = "It refuses figures before it is killed for its memory."
  }
}

run "collector_reads_and_sends" {
  assert {
    condition = (yamldecode(local.collector_configuration).receivers.prometheus.config.scrape_configs[0].static_configs[0].targets == ["127.0.0.1:9465"] &&
    yamldecode(local.collector_configuration).receivers.prometheus.config.scrape_configs[0].job_name == "fairway-ingest")
    error_message = "It reads the admin port of this task, under the name the rules know."
  }
  assert {
    condition     = yamldecode(local.collector_configuration).receivers.prometheus.config.global.scrape_interval == "15s"
    error_message = "It reads as often as the alarm on silence expects."
  }
  assert {
    condition     = yamldecode(local.collector_configuration).exporters.prometheusremotewrite.endpoint == "https://aps.example/workspaces/ws-1/api/v1/remote_write"
    error_message = "It writes to the workspace."
  }
  assert {
    condition = alltrue([for pipeline in values(yamldecode(local.collector_configuration).service.pipelines) : alltrue(flatten([
      [for part in pipeline.receivers : contains(keys(yamldecode(local.collector_configuration).receivers), part)],
      [for part in pipeline.processors : contains(keys(yamldecode(local.collector_configuration).processors), part)],
      [for part in pipeline.exporters : contains(keys(yamldecode(local.collector_configuration).exporters), part)],
    ]))])
    error_message = "Its pipelines name what there is."
  }
  assert {
    condition = {
      for pipeline in values(yamldecode(local.collector_configuration).service.pipelines) :
      join(" ", pipeline.exporters) => contains(pipeline.processors, "cumulativetodelta")
    } == { awsemf = true, prometheusremotewrite = false }
    error_message = "CloudWatch gets the calls of a period, Prometheus those since the start."
  }
  assert {
    condition = yamldecode(local.collector_configuration).processors.cumulativetodelta.include == {
      match_type = "strict", metrics = ["grpc_server_handling_seconds"]
    }
    error_message = "Of counters CloudWatch's exporter takes the difference itself."
  }
}

run "refuses_a_pair_fargate_does_not_have" {
  command         = plan
  expect_failures = [var.size]
  variables {
    size = { cpu = 1000, memory = 2048 }
  }
}

run "refuses_too_much_memory_for_its_cpu" {
  command         = plan
  expect_failures = [var.size]
  variables {
    size = { cpu = 256, memory = 4096 }
  }
}

run "refuses_an_image_by_tag" {
  command         = plan
  expect_failures = [var.image]
  variables {
    image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/test/ingest:latest"
  }
}

run "refuses_a_collector_by_tag" {
  command         = plan
  expect_failures = [var.collector_image]
  variables {
    collector_image = "public.ecr.aws/aws-observability/aws-otel-collector:latest"
  }
}

run "reads_what_revisions_before_it_have" {
  command = plan
  variables {
    former_secrets = ["arn:aws:ssm:eu-west-1:123456789012:parameter/test/database/former", var.secrets["POSTGRES_PASSWORD"]]
  }
  assert {
    condition = one([for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Resource if statement.Action == ["ssm:GetParameters"]]) == [
      "arn:aws:ssm:eu-west-1:123456789012:parameter/test/database/former", var.secrets["POSTGRES_PASSWORD"]
    ]
    error_message = "Tasks of a revision before this one do not start."
  }
}

run "refuses_a_secret_by_value" {
  command         = plan
  expect_failures = [var.secrets]
  variables {
    secrets = { POSTGRES_PASSWORD = "hunter2" }
  }
}

run "refuses_tls_by_value" {
  command         = plan
  expect_failures = [var.tls_secrets]
  variables {
    tls_secrets = { FAIRWAY_TLS_KEY = "-----BEGIN" }
  }
}

run "refuses_no_tasks" {
  command         = plan
  expect_failures = [var.tasks]
  variables {
    tasks = { min = 0, max = 2 }
  }
}

run "refuses_an_unknown_service" {
  command         = plan
  expect_failures = [var.service]
  variables {
    service = "billing"
  }
}

run "refuses_to_scale_when_it_is_too_late" {
  command         = plan
  expect_failures = [var.scaling]
  variables {
    scaling = { cpu_percent = 99 }
  }
}
