# Who connected. Refused connections: what one looks at when something cannot be reached, or someone tries. Accepted ones, by
# variable: who came in, in a log of their own, because there are a thousand times as many.

locals {
  flow_logs = merge({ refused = "REJECT" }, var.flow_log_accepted ? { accepted = "ACCEPT" } : {})
}

resource "aws_cloudwatch_log_group" "flow" {
  for_each          = local.flow_logs
  name              = "/${var.name}/network/${each.key}"
  retention_in_days = var.flow_log_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_iam_role" "flow" {
  name = "${var.name}-flow-log"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "flow" {
  name = "write"
  role = aws_iam_role.flow.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = flatten([for log in aws_cloudwatch_log_group.flow : [log.arn, "${log.arn}:*"]])
      },
      # It looks for the log among all of them.
      { Effect = "Allow", Action = ["logs:DescribeLogGroups"], Resource = "*" },
    ]
  })
}

resource "aws_flow_log" "this" {
  for_each        = local.flow_logs
  vpc_id          = aws_vpc.this.id
  traffic_type    = each.value
  log_destination = aws_cloudwatch_log_group.flow[each.key].arn
  iam_role_arn    = aws_iam_role.flow.arn
}

moved {
  from = aws_cloudwatch_log_group.flow
  to   = aws_cloudwatch_log_group.flow["refused"]
}

moved {
  from = aws_flow_log.refused
  to   = aws_flow_log.this["refused"]
}
