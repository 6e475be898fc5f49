# How long jobs wait and how many there are. Batch has no such metrics; it reports each change of state, and that the job
# at the head of the queue cannot start, which is written to a log and counted there.

locals {
  namespace = "${var.metrics_namespace}/Loader"
  blocked   = "Batch Job Queue Blocked"
  counted = merge(
    { for name in ["Submitted", "Succeeded", "Failed"] : name => "{ $.detail.status = \"${upper(name)}\" }" },
    { Blocked = "{ $.detail-type = \"${local.blocked}\" }" },
  )
  # The means of both over the jobs that started in a period; their difference is how long those waited.
  started = { CreatedAt = "$.detail.createdAt", StartedAt = "$.detail.startedAt" }
}

resource "aws_cloudwatch_log_group" "states" {
  name              = "/aws/events/${var.name}/load"
  retention_in_days = var.log_days
  kms_key_id        = var.kms_key_arn
}

locals {
  states_writer = {
    Effect    = "Allow"
    Principal = { Service = ["events.amazonaws.com", "delivery.logs.amazonaws.com"] }
    Resource  = "${aws_cloudwatch_log_group.states.arn}:*"
  }
}

# EventBridge says for which rule it writes, but not for which it makes a stream; without a stream nothing is written.
resource "aws_cloudwatch_log_resource_policy" "states" {
  policy_name = "${var.name}-load-states"
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [
      merge(local.states_writer, { Action = ["logs:CreateLogStream"] }),
      merge(local.states_writer, {
        Action    = ["logs:PutLogEvents"]
        Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.states.arn } }
      }),
    ]
  })
}

resource "aws_cloudwatch_event_rule" "states" {
  name        = "${var.name}-load-states"
  description = "Changes of state of loads, and loads that cannot start"
  event_pattern = jsonencode({
    source        = ["aws.batch"]
    "detail-type" = ["Batch Job State Change", local.blocked]
    detail        = { jobQueue = [aws_batch_job_queue.this.arn] }
  })
}

resource "aws_cloudwatch_event_target" "states" {
  rule       = aws_cloudwatch_event_rule.states.name
  arn        = aws_cloudwatch_log_group.states.arn
  depends_on = [aws_cloudwatch_log_resource_policy.states]
}

resource "aws_cloudwatch_log_metric_filter" "counted" {
  for_each       = local.counted
  name           = "${var.name}-${lower(each.key)}"
  log_group_name = aws_cloudwatch_log_group.states.name
  pattern        = each.value
  metric_transformation {
    namespace     = local.namespace
    name          = each.key
    value         = "1"
    default_value = "0"
    unit          = "Count"
  }
}

resource "aws_cloudwatch_log_metric_filter" "started" {
  for_each       = local.started
  name           = "${var.name}-${lower(each.key)}"
  log_group_name = aws_cloudwatch_log_group.states.name
  pattern        = "{ $.detail.status = \"RUNNING\" && $.detail.startedAt = * }"
  metric_transformation {
    namespace = local.namespace
    name      = each.key
    value     = each.value
    unit      = "Milliseconds"
  }
}
