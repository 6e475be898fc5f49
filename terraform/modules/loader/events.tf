# A file that arrives is a job, by way of submit.tf. Events come at least once, in any order, sometimes late; the batch id made
# of bucket, key and version makes the second of them a no-op. What EventBridge cannot hand on, and what fails for good, is kept.

resource "aws_cloudwatch_event_rule" "arrived" {
  for_each    = local.incoming
  name        = "${var.name}-arrived-${each.key}"
  description = "A file of ${each.key}"
  event_pattern = jsonencode({
    source        = ["aws.s3"]
    "detail-type" = ["Object Created"]
    detail = {
      bucket = { name = [aws_s3_bucket.this.bucket] }
      object = { key = [{ prefix = each.value }], size = [{ numeric = [">", 0] }] }
    }
  })
}

resource "aws_cloudwatch_event_target" "load" {
  for_each = local.incoming
  rule     = aws_cloudwatch_event_rule.arrived[each.key].name
  arn      = aws_sfn_state_machine.submit.arn
  role_arn = aws_iam_role.events.arn
  input_transformer {
    input_paths = {
      bucket  = "$.detail.bucket.name"
      key     = "$.detail.object.key"
      version = "$.detail.object.version-id"
    }
    # EventBridge puts the values in; jsonencode would write < and > as escapes.
    input_template = "{\"partner\": \"${each.key}\", \"share\": \"${local.shares[each.key]}\", \"parameters\": {\"bucket\": \"<bucket>\", \"key\": \"<key>\", \"version\": \"<version>\"}}"
  }
  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 185
  }
  dead_letter_config {
    arn = aws_sqs_queue.dead.arn
  }
}

# A job that failed, all attempts over, joins them, and so does what submits jobs, if it fails in a way it does not catch.
resource "aws_cloudwatch_event_rule" "failed" {
  name        = "${var.name}-load-failed"
  description = "A file could not be loaded"
  event_pattern = jsonencode({
    source        = ["aws.batch", "aws.states"]
    "detail-type" = ["Batch Job State Change", "Step Functions Execution Status Change"]
    detail = {
      status = ["FAILED", "TIMED_OUT", "ABORTED"]
      "$or"  = [{ jobQueue = [aws_batch_job_queue.this.arn] }, { stateMachineArn = [aws_sfn_state_machine.submit.arn] }]
    }
  })
}

resource "aws_cloudwatch_event_target" "failed" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = aws_sqs_queue.dead.arn
}

resource "aws_sqs_queue" "dead" {
  name                      = "${var.name}-load-dead"
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_policy" "dead" {
  queue_url = aws_sqs_queue.dead.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyOverTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = aws_sqs_queue.dead.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "FromTheseRules"
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sqs:SendMessage"
        Resource  = aws_sqs_queue.dead.arn
        Condition = { ArnEquals = {
          "aws:SourceArn" = concat([aws_cloudwatch_event_rule.failed.arn], values(aws_cloudwatch_event_rule.arrived)[*].arn)
        } }
      },
    ]
  })
}
