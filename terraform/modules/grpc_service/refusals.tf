# Refusals add tasks at once. A target is a mean that has to be missed for minutes; who is refused has waited for a place already.

resource "aws_appautoscaling_policy" "refusals" {
  count              = var.scaling.refusals == null ? 0 : 1
  name               = "${local.name}-refusals"
  policy_type        = "StepScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id
  step_scaling_policy_configuration {
    adjustment_type         = "ChangeInCapacity"
    metric_aggregation_type = "Average"
    cooldown                = 120 # until a new task takes its share
    # Bounds count from the alarm's threshold.
    step_adjustment {
      metric_interval_lower_bound = 0
      metric_interval_upper_bound = 9 * var.scaling.refusals
      scaling_adjustment          = 1
    }
    step_adjustment {
      metric_interval_lower_bound = 9 * var.scaling.refusals
      scaling_adjustment          = 2
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "overloaded" {
  count               = var.scaling.refusals == null ? 0 : 1
  alarm_name          = "${local.name}-overloaded"
  alarm_description   = "More than ${var.scaling.refusals} calls a minute are refused because all tasks are full: tasks are added"
  comparison_operator = "GreaterThanThreshold"
  threshold           = var.scaling.refusals
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_appautoscaling_policy.refusals[0].arn]

  # OVERLOADED is UNAVAILABLE, and no fault. A database that is away is one: more tasks would not bring it back.
  metric_query {
    id          = "refusals"
    label       = "Calls that were refused because tasks are full"
    expression  = "FILL(unavailable, 0) - FILL(faults, 0)"
    return_data = true
  }
  metric_query {
    id = "unavailable"
    metric {
      namespace   = var.metrics.namespace
      metric_name = "grpc_server_handled_total"
      dimensions  = { service = var.service, grpc_code = "Unavailable" }
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
