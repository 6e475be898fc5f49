# Prometheus as a service: histograms whole, and the rules that run beside compose as well. Its alerts go where CloudWatch's
# go, by their severity.

data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

resource "aws_prometheus_workspace" "this" {
  alias       = var.name
  kms_key_arn = var.kms_key_arn
}

resource "aws_prometheus_rule_group_namespace" "this" {
  name         = "fairway"
  workspace_id = aws_prometheus_workspace.this.id
  data         = var.prometheus_rules
}

resource "aws_prometheus_alert_manager_definition" "this" {
  count        = var.route_prometheus_alerts ? 1 : 0
  workspace_id = aws_prometheus_workspace.this.id
  definition = yamlencode({
    alertmanager_config = yamlencode({
      route = {
        receiver        = "ticket"
        group_by        = ["alertname"]
        group_wait      = "30s"
        group_interval  = "5m"
        repeat_interval = "4h"
        routes          = [{ receiver = "page", match = { severity = "page" } }]
      }
      receivers = [for severity, topic in aws_sns_topic.alarms : {
        name = severity
        sns_configs = [{
          topic_arn = topic.arn
          sigv4     = { region = data.aws_region.current.name }
          subject   = "${var.name}: {{ .CommonLabels.alertname }}"
        }]
      }]
    })
  })
}

# Where collectors write figures for CloudWatch. They are read from here at once; the log itself is seldom of use.
resource "aws_cloudwatch_log_group" "metrics" {
  name              = "/${var.name}/metrics"
  retention_in_days = 7
  kms_key_id        = var.kms_key_arn
}
