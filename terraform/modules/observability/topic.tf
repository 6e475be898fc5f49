# Where alarms go: a topic for those that wake somebody, and one for those that wait.

resource "aws_sns_topic" "alarms" {
  for_each          = toset(["page", "ticket"])
  name              = "${var.name}-${each.value}"
  kms_master_key_id = var.kms_key_arn
}

resource "aws_sns_topic_policy" "alarms" {
  for_each = aws_sns_topic.alarms
  arn      = each.value.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Alarms"
      Effect    = "Allow"
      Principal = { Service = ["aps.amazonaws.com", "cloudwatch.amazonaws.com"] }
      Action    = ["sns:GetTopicAttributes", "sns:Publish"]
      Resource  = each.value.arn
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

locals {
  receivers = merge([
    for severity, receivers in var.alarm_receivers : { for receiver in receivers : "${severity} ${receiver}" => {
      severity = severity
      receiver = receiver
    } }
  ]...)
}

# A mail wakes nobody: an https URL is that of a service that calls people.
resource "aws_sns_topic_subscription" "this" {
  for_each  = local.receivers
  topic_arn = aws_sns_topic.alarms[each.value.severity].arn
  protocol  = startswith(each.value.receiver, "https://") ? "https" : "email"
  endpoint  = each.value.receiver
}
