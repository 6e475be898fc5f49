# One alarm for each place where the system becomes narrow. The runbook has a row for each. `page` wakes somebody, `ticket`
# waits for working hours.

locals {
  alarms = merge(local.database_alarms, {
    replica-stale = {
      namespace   = var.metrics_namespace, dimensions = { service = "query" }, severity = "page"
      metric      = "fairway_book_lag_seconds", statistic = "Maximum", above = var.thresholds.stale_seconds, minutes = 2
      description = "A query replica does not follow the database"
    }
    uploads-full = {
      namespace   = var.metrics_namespace, dimensions = { service = "ingest" }, severity = "ticket"
      metric      = "fairway_uploads_in_flight", statistic = "Maximum", above = var.thresholds.uploads_in_flight, minutes = 10
      description = "Ingest tasks are full, and more of them did not help"
    }
    load-dead = {
      namespace   = "AWS/SQS", dimensions = { QueueName = var.loader.dead_letter_queue }, severity = "ticket"
      metric      = "ApproximateNumberOfMessagesVisible", statistic = "Maximum", above = 0, minutes = 1
      description = "A file was not loaded"
    }
    load-dead-age = {
      namespace   = "AWS/SQS", dimensions = { QueueName = var.loader.dead_letter_queue }, severity = "ticket"
      metric      = "ApproximateAgeOfOldestMessage", statistic = "Maximum", above = 4 * 3600, minutes = 5
      description = "A file that was not loaded has been waiting for four hours"
    }
    # load-waits sees only jobs that did start. That one cannot is an event, whose figure may come late: one minute of
    # five is enough.
    load-stuck = {
      namespace   = var.loader.metrics_namespace, dimensions = {}, severity = "ticket"
      metric      = "Blocked", statistic = "Sum", above = 0, minutes = 5, datapoints = 1
      description = "A job that loads a file cannot start, and holds up those behind it"
    }
  })
  targets = { for service, load_balancer in var.load_balancers : service => load_balancer.metric_dimensions }
  topics  = { for severity, topic in aws_sns_topic.alarms : severity => [topic.arn] }
}

# Silence is no alarm here: figures of services that fail to come have alarms of their own, and so have tasks that are not
# there.
resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = 60
  evaluation_periods  = each.value.minutes
  datapoints_to_alarm = try(each.value.datapoints, null)
  comparison_operator = can(each.value.above) ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = can(each.value.above) ? each.value.above : each.value.below
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.topics[each.value.severity]
  ok_actions          = local.topics[each.value.severity]
}

# No ready task is an outage, and so is missing data: a load balancer without targets reports none.
resource "aws_cloudwatch_metric_alarm" "not_ready" {
  for_each            = local.targets
  alarm_name          = "${var.name}-${each.key}-not-ready"
  alarm_description   = "No task of ${each.key} is ready"
  namespace           = "AWS/NetworkELB"
  metric_name         = "HealthyHostCount"
  dimensions          = each.value
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 2
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = local.topics["page"]
  ok_actions          = local.topics["page"]
}

resource "aws_cloudwatch_metric_alarm" "load_waits" {
  alarm_name          = "${var.name}-load-waits"
  alarm_description   = "Files wait before they are loaded: vcpus_max of the loader says how many at a time"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.thresholds.load_wait_seconds
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.topics["ticket"]
  ok_actions          = local.topics["ticket"]
  metric_query {
    id          = "wait"
    label       = "Seconds jobs waited"
    expression  = "(started - created) / 1000"
    return_data = true
  }
  dynamic "metric_query" {
    for_each = { started = "StartedAt", created = "CreatedAt" }
    content {
      id = metric_query.key
      metric {
        namespace   = var.loader.metrics_namespace
        metric_name = metric_query.value
        stat        = "Average"
        period      = 300
      }
    }
  }
}
