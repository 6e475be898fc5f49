# Figures of the services come by a collector beside each task. When they fail to come, alarms that look at them are blind, and
# no task scales by them: that is an alarm itself. fairway_ready is looked at because every service has it, always.

locals {
  scrape_seconds = 15
  silent_period  = 300
}

# Nothing from any task.
resource "aws_cloudwatch_metric_alarm" "silent" {
  for_each            = var.load_balancers
  alarm_name          = "${var.name}-${each.key}-silent"
  alarm_description   = "No figures come from ${each.key}: its alarms are blind"
  namespace           = var.metrics_namespace
  metric_name         = "fairway_ready"
  dimensions          = { service = each.key }
  statistic           = "SampleCount"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = local.topics["page"]
  ok_actions          = local.topics["page"]
}

# Nothing from some of them: as many tasks run as ECS says, and each is read every scrape_seconds. Tasks that start and end in
# between are why it takes three periods.
resource "aws_cloudwatch_metric_alarm" "part_silent" {
  for_each            = var.load_balancers
  alarm_name          = "${var.name}-${each.key}-part-silent"
  alarm_description   = "Of a task of ${each.key} that runs no figures come"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0.5
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.topics["ticket"]
  ok_actions          = local.topics["ticket"]
  metric_query {
    id          = "silent"
    label       = "Tasks without figures"
    expression  = "tasks - FILL(figures, 0) / ${local.silent_period / local.scrape_seconds}"
    return_data = true
  }
  metric_query {
    id = "tasks"
    metric {
      namespace   = "ECS/ContainerInsights"
      metric_name = "RunningTaskCount"
      dimensions  = { ClusterName = var.cluster_name, ServiceName = each.key }
      stat        = "Average"
      period      = local.silent_period
    }
  }
  metric_query {
    id = "figures"
    metric {
      namespace   = var.metrics_namespace
      metric_name = "fairway_ready"
      dimensions  = { service = each.key }
      stat        = "SampleCount"
      period      = local.silent_period
    }
  }
}
