output "alarm_topic_arns" {
  description = "page: wakes somebody; ticket: waits for working hours."
  value       = { page = aws_sns_topic.alarms["page"].arn, ticket = aws_sns_topic.alarms["ticket"].arn }
}

output "metrics" {
  description = "Where collectors send figures, and how often they read them."
  value = {
    namespace      = var.metrics_namespace
    scrape_seconds = local.scrape_seconds
    log_group      = { name = aws_cloudwatch_log_group.metrics.name, arn = aws_cloudwatch_log_group.metrics.arn }
    prometheus     = { arn = aws_prometheus_workspace.this.arn, endpoint = aws_prometheus_workspace.this.prometheus_endpoint }
  }
}

output "alarm_names" {
  value = sort(concat(
    values(aws_cloudwatch_metric_alarm.this)[*].alarm_name,
    values(aws_cloudwatch_metric_alarm.not_ready)[*].alarm_name,
    values(aws_cloudwatch_metric_alarm.silent)[*].alarm_name,
    values(aws_cloudwatch_metric_alarm.part_silent)[*].alarm_name,
    [aws_cloudwatch_metric_alarm.load_waits.alarm_name],
  ))
}

output "dashboard_name" {
  value = aws_cloudwatch_dashboard.this.dashboard_name
}

output "prometheus_rules" {
  description = "The rules in force."
  value       = aws_prometheus_rule_group_namespace.this.data
}
