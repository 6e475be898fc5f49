mock_provider "aws" { source = "../../tests/mocks" }

override_resource {
  target = aws_sns_topic.alarms["page"]
  values = { arn = "arn:aws:sns:eu-west-1:123456789012:test-page" }
}

override_resource {
  target = aws_sns_topic.alarms["ticket"]
  values = { arn = "arn:aws:sns:eu-west-1:123456789012:test-ticket" }
}

variables {
  name              = "test"
  kms_key_arn       = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  metrics_namespace = "Fairway/test"
  cluster_name      = "test"
  load_balancers = {
    query  = { metric_dimensions = { LoadBalancer = "net/q/1", TargetGroup = "targetgroup/q/1" } }
    ingest = { metric_dimensions = { LoadBalancer = "net/i/1", TargetGroup = "targetgroup/i/1" } }
  }
  mesh_names = { query = "test-query", ingest = "test-ingest" }
  database = {
    is_aurora                = false
    metric_dimensions        = { DBInstanceIdentifier = "test" }
    writer_metric_dimensions = { DBInstanceIdentifier = "test" }
    instances                = ["test"]
  }
  loader           = { dead_letter_queue = "test-load-dead", metrics_namespace = "Fairway/test/Loader" }
  alarm_receivers  = { page = ["https://calls.example.com/test", "oncall@example.com"], ticket = ["team@example.com"] }
  prometheus_rules = "groups: []"
}

run "every_bottleneck_has_an_alarm" {
  assert {
    condition = toset(output.alarm_names) == toset([
      "test-database-commit", "test-database-connections", "test-database-cpu", "test-database-io", "test-database-load",
      "test-database-memory", "test-database-storage", "test-ingest-not-ready", "test-ingest-part-silent", "test-ingest-silent",
      "test-load-dead", "test-load-dead-age", "test-load-stuck", "test-load-waits", "test-query-not-ready",
      "test-query-part-silent", "test-query-silent", "test-replica-stale", "test-uploads-full",
    ])
    error_message = "An alarm is missing, or one too many."
  }
  assert {
    condition = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.not_ready),
      values(aws_cloudwatch_metric_alarm.silent), values(aws_cloudwatch_metric_alarm.part_silent), [aws_cloudwatch_metric_alarm.load_waits]) :
    length(alarm.alarm_actions) == 1 && alarm.ok_actions == alarm.alarm_actions && length(alarm.alarm_description) > 10])
    error_message = "Each notifies one topic, of its end as well, and has a description."
  }
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.not_ready : alarm.treat_missing_data == "breaching"])
    error_message = "Missing data is an alarm where no task may be left to report."
  }
}

run "alarms_look_at_what_they_say" {
  assert {
    condition = (aws_cloudwatch_metric_alarm.this["replica-stale"].metric_name == "fairway_book_lag_seconds" &&
      aws_cloudwatch_metric_alarm.this["replica-stale"].namespace == "Fairway/test" &&
      aws_cloudwatch_metric_alarm.this["replica-stale"].dimensions == tomap({ service = "query" }) &&
    aws_cloudwatch_metric_alarm.this["replica-stale"].threshold == 30)
    error_message = "Staleness is the greatest lag of a replica."
  }
  assert {
    condition = (aws_cloudwatch_metric_alarm.this["database-storage"].comparison_operator == "LessThanThreshold" &&
    aws_cloudwatch_metric_alarm.this["database-storage"].threshold == 10 * 1024 * 1024 * 1024)
    error_message = "Storage is short when little is free."
  }
  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.load_waits.metric_query : query.expression if coalesce(query.return_data, false)]) == "(started - created) / 1000"
    error_message = "Jobs waited from their creation to their start."
  }
  assert {
    condition = (aws_cloudwatch_metric_alarm.this["load-stuck"].metric_name == "Blocked" &&
      aws_cloudwatch_metric_alarm.this["load-stuck"].namespace == "Fairway/test/Loader" &&
      aws_cloudwatch_metric_alarm.this["load-stuck"].statistic == "Sum" &&
      aws_cloudwatch_metric_alarm.this["load-stuck"].evaluation_periods == 5 &&
    aws_cloudwatch_metric_alarm.this["load-stuck"].datapoints_to_alarm == 1)
    error_message = "One event is enough, even if its figure comes some minutes late."
  }
}

run "pages_and_tickets_go_different_ways" {
  assert {
    condition = toset([for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.not_ready),
      values(aws_cloudwatch_metric_alarm.silent), values(aws_cloudwatch_metric_alarm.part_silent), [aws_cloudwatch_metric_alarm.load_waits]) :
      alarm.alarm_name if alarm.alarm_actions == toset(["arn:aws:sns:eu-west-1:123456789012:test-page"])]) == toset([
      "test-database-storage", "test-ingest-not-ready", "test-ingest-silent", "test-query-not-ready", "test-query-silent", "test-replica-stale",
    ])
    error_message = "These wake somebody, the others do not."
  }
  assert {
    condition = { for subscription in values(aws_sns_topic_subscription.this) : subscription.endpoint => "${subscription.protocol} ${subscription.topic_arn}" } == {
      "https://calls.example.com/test" = "https arn:aws:sns:eu-west-1:123456789012:test-page"
      "oncall@example.com"             = "email arn:aws:sns:eu-west-1:123456789012:test-page"
      "team@example.com"               = "email arn:aws:sns:eu-west-1:123456789012:test-ticket"
    }
    error_message = "Each receiver hears of what it is for."
  }
}

run "silence_is_an_alarm" {
  assert {
    condition = alltrue([for service, alarm in aws_cloudwatch_metric_alarm.silent :
      alarm.treat_missing_data == "breaching" && alarm.statistic == "SampleCount" && alarm.metric_name == "fairway_ready" &&
    alarm.dimensions == tomap({ service = service })])
    error_message = "Missing figures of the collectors are an alarm."
  }
  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.part_silent["query"].metric_query : query.expression if coalesce(query.return_data, false)]) == "tasks - FILL(figures, 0) / 20"
    error_message = "In five minutes each task that runs is read twenty times."
  }
  assert {
    condition     = output.metrics.scrape_seconds * 20 == 300
    error_message = "Which is what collectors get."
  }
}

run "thresholds_are_values" {
  variables {
    thresholds = { stale_seconds = 10 }
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["replica-stale"].threshold == 10 && aws_cloudwatch_metric_alarm.this["database-cpu"].threshold == 80
    error_message = "One is set, the others stay."
  }
}

run "aurora_s_writer_is_watched" {
  variables {
    database = {
      is_aurora                = true
      metric_dimensions        = { DBClusterIdentifier = "test" }
      writer_metric_dimensions = { DBClusterIdentifier = "test", Role = "WRITER" }
      instances                = ["test-0", "test-1"]
    }
  }
  assert {
    condition = alltrue([for name in ["cpu", "connections", "io", "commit"] :
    aws_cloudwatch_metric_alarm.this["database-${name}"].dimensions == tomap({ DBClusterIdentifier = "test", Role = "WRITER" })])
    error_message = "An idle reader halves the mean: at 100 % of the writer, 80 % would never be reached."
  }
  assert {
    condition = (aws_cloudwatch_metric_alarm.this["database-commit"].metric_name == "CommitLatency" && aws_cloudwatch_metric_alarm.this["database-commit"].threshold == 50 &&
    aws_cloudwatch_metric_alarm.this["database-load-1"].dimensions == tomap({ DBInstanceIdentifier = "test-1" }))
    error_message = "Its commits are, in milliseconds, and the load of each instance."
  }
  assert {
    condition = (!contains(output.alarm_names, "test-database-storage") &&
      aws_cloudwatch_metric_alarm.this["database-local-storage"].metric_name == "FreeLocalStorage" &&
    alltrue([for name in ["memory", "local-storage"] : aws_cloudwatch_metric_alarm.this["database-${name}"].statistic == "Minimum" && aws_cloudwatch_metric_alarm.this["database-${name}"].dimensions == tomap({ DBClusterIdentifier = "test" })]))
    error_message = "Its volume grows by itself; the disk and memory of each instance do not."
  }
  assert {
    condition     = !strcontains(aws_cloudwatch_dashboard.this.dashboard_body, "FreeStorageSpace") && strcontains(aws_cloudwatch_dashboard.this.dashboard_body, "FreeLocalStorage")
    error_message = "The dashboard shows what there is."
  }
}

run "an_instance_measures_writes" {
  assert {
    condition = (aws_cloudwatch_metric_alarm.this["database-commit"].metric_name == "WriteLatency" && aws_cloudwatch_metric_alarm.this["database-commit"].threshold == 0.05 &&
    aws_cloudwatch_metric_alarm.this["database-load"].dimensions == tomap({ DBInstanceIdentifier = "test" }))
    error_message = "RDS has no latency of commits, and reports that of writes in seconds."
  }
}

run "dashboard_has_a_graph_for_each" {
  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) == 18
    error_message = "Six rows of three."
  }
  assert {
    condition = length(setsubtract(
      ["CPUUtilization", "DatabaseConnections", "DiskQueueDepth", "FreeStorageSpace", "ReadIOPS", "fairway_book_lag_seconds",
      "fairway_uploads_in_flight", "grpc_server_handled_total", "TargetResponseTime", "ApproximateNumberOfMessagesVisible"],
      [for metric in flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : [for m in widget.properties.metrics : m[1]]]) : metric]
    )) == 0
    error_message = "A figure is missing."
  }
  assert {
    condition = alltrue(flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets :
    [for metric in widget.properties.metrics : length(metric) % 2 == 0]]))
    error_message = "A figure is a namespace, a name, and pairs of a dimension and its value."
  }
}

run "dashboard_asks_the_mesh_for_what_it_has" {
  assert {
    condition = toset([for metric in flatten([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : [for m in widget.properties.metrics : join(" ", m)]]) :
      metric if strcontains(metric, "TargetResponseTime")]) == toset([
      "AWS/ECS TargetResponseTime TargetDiscoveryName test-ingest", "AWS/ECS TargetResponseTime TargetDiscoveryName test-query",
    ])
    error_message = "Times are published by the name that was called, without the service that was."
  }
}

run "dashboard_without_a_mesh" {
  variables {
    mesh_names = {}
  }
  assert {
    condition     = !strcontains(aws_cloudwatch_dashboard.this.dashboard_body, "TargetResponseTime") && strcontains(aws_cloudwatch_dashboard.this.dashboard_body, "ActiveFlowCount")
    error_message = "It shows the load balancers' connections instead; they know no times."
  }
}

run "prometheus_alerts_reach_the_topics" {
  assert {
    condition = { for receiver in yamldecode(yamldecode(aws_prometheus_alert_manager_definition.this[0].definition).alertmanager_config).receivers :
      receiver.name => receiver.sns_configs[0].topic_arn } == {
      page = "arn:aws:sns:eu-west-1:123456789012:test-page", ticket = "arn:aws:sns:eu-west-1:123456789012:test-ticket"
    }
    error_message = "They go where CloudWatch's go."
  }
  assert {
    condition = (yamldecode(yamldecode(aws_prometheus_alert_manager_definition.this[0].definition).alertmanager_config).route.receiver == "ticket" &&
    yamldecode(yamldecode(aws_prometheus_alert_manager_definition.this[0].definition).alertmanager_config).route.routes == [{ match = { severity = "page" }, receiver = "page" }])
    error_message = "A page wakes somebody, everything else waits."
  }
  assert {
    condition     = alltrue([for topic in aws_sns_topic.alarms : topic.kms_master_key_id == var.kms_key_arn]) && aws_prometheus_workspace.this.kms_key_arn == var.kms_key_arn && aws_cloudwatch_log_group.metrics.kms_key_id == var.kms_key_arn
    error_message = "All is encrypted."
  }
  assert {
    condition = alltrue(flatten([for severity, policy in aws_sns_topic_policy.alarms : [for statement in jsondecode(policy.policy).Statement :
    statement.Resource == aws_sns_topic.alarms[severity].arn && statement.Condition.StringEquals["aws:SourceAccount"] == "123456789012"]]))
    error_message = "Only alarms of this account may publish."
  }
}

run "prometheus_alerts_may_be_kept_quiet" {
  variables {
    route_prometheus_alerts = false
  }
  assert {
    condition     = length(aws_prometheus_alert_manager_definition.this) == 0
    error_message = "They go nowhere."
  }
}

run "refuses_rules_that_are_none" {
  command         = plan
  expect_failures = [var.prometheus_rules]
  variables {
    prometheus_rules = "rules: nothing"
  }
}

run "refuses_what_is_no_address" {
  command         = plan
  expect_failures = [var.alarm_receivers]
  variables {
    alarm_receivers = { page = ["oncall"] }
  }
}
