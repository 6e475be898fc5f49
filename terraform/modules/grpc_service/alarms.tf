# What stops a deployment and turns it back. They wake people as well.

locals {
  # Codes that mean it is our fault; a client's mistakes are no alarm.
  fault_codes = ["Unknown", "Internal", "Unavailable", "DataLoss", "DeadlineExceeded", "ResourceExhausted"]
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${local.name}-errors"
  alarm_description   = "More than ${var.errors_percent} % of calls fail for reasons of ours"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.errors_percent
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions

  metric_query {
    id          = "errors"
    label       = "Calls that failed, in percent"
    expression  = "100 * (${join(" + ", [for code in local.fault_codes : "FILL(${lower(code)}, 0)"])}) / calls"
    return_data = true
  }
  metric_query {
    id = "calls"
    metric {
      namespace   = var.metrics.namespace
      metric_name = "grpc_server_handled_total"
      dimensions  = { service = var.service }
      stat        = "Sum"
      period      = 60
    }
  }
  dynamic "metric_query" {
    for_each = local.fault_codes
    content {
      id = lower(metric_query.value)
      metric {
        namespace   = var.metrics.namespace
        metric_name = "grpc_server_handled_total"
        dimensions  = { service = var.service, grpc_code = metric_query.value }
        stat        = "Sum"
        period      = 60
      }
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "unhealthy" {
  alarm_name          = "${local.name}-unhealthy"
  alarm_description   = "A task of ${local.name} has not been ready for five minutes"
  namespace           = "AWS/NetworkELB"
  metric_name         = "UnHealthyHostCount"
  dimensions          = module.nlb.metric_dimensions
  statistic           = "Minimum"
  period              = 60
  evaluation_periods  = 5
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_actions
  ok_actions          = var.alarm_actions
}
