# What stops a deployment and turns it back. Errors wake people as well.

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "${local.name}-errors"
  alarm_description   = "More than ${var.errors_percent} % of calls fail for reasons of ours"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.errors_percent
  evaluation_periods  = 3
  datapoints_to_alarm = 2
  treat_missing_data  = "notBreaching" # of a service that says nothing, too: that is an alarm of its own
  alarm_actions       = [var.alarm_topic_arns.page]
  ok_actions          = [var.alarm_topic_arns.page]

  # Of few calls a single one is already more than a percent.
  metric_query {
    id          = "errors"
    label       = "Calls that failed by our fault, in percent"
    expression  = "IF(calls > ${var.errors_calls_min}, 100 * FILL(faults, 0) / calls, 0)"
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
  metric_query {
    id = "faults"
    metric {
      namespace   = var.metrics.namespace
      metric_name = "fairway_rpc_server_faults_total"
      dimensions  = { service = var.service }
      stat        = "Sum"
      period      = 60
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
  alarm_actions       = [var.alarm_topic_arns.ticket]
  ok_actions          = [var.alarm_topic_arns.ticket]
}
