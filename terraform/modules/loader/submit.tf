# Submits a job for a file. EventBridge could do so itself, but not say whose share of the cores it takes, and a queue with shares
# refuses such a job. What cannot be submitted for a day joins the dead letters.

locals {
  # Letters and digits only; names of partners have no capitals, so that no two are the same.
  shares = { for partner in var.partners : partner => replace(partner, "-", "X") }
}

resource "aws_sfn_state_machine" "submit" {
  name     = "${var.name}-load"
  role_arn = aws_iam_role.submit.arn
  definition = jsonencode({
    Comment = "Submits a job for a file"
    StartAt = "Submit"
    States = {
      Submit = {
        Type     = "Task"
        Resource = "arn:aws:states:::batch:submitJob"
        Parameters = {
          JobQueue    = aws_batch_job_queue.this.arn
          "JobName.$" = "States.Format('load-{}', $.partner)"
          # Without a revision: the newest, whether the pipeline registered it or Terraform.
          "JobDefinition.$"   = "States.Format('${var.name}-load-{}', $.partner)"
          "ShareIdentifier.$" = "$.share"
          "Parameters.$"      = "$.parameters"
        }
        Retry = [{ ErrorEquals = ["States.ALL"], IntervalSeconds = 2, BackoffRate = 2, MaxDelaySeconds = 900, MaxAttempts = 100 }]
        Catch = [{ ErrorEquals = ["States.ALL"], ResultPath = "$.error", Next = "Keep" }]
        End   = true
      }
      Keep = {
        Type       = "Task"
        Resource   = "arn:aws:states:::sqs:sendMessage"
        Parameters = { QueueUrl = aws_sqs_queue.dead.url, "MessageBody.$" = "$" }
        Retry      = [{ ErrorEquals = ["States.ALL"], IntervalSeconds = 2, BackoffRate = 2, MaxDelaySeconds = 900, MaxAttempts = 100 }]
        End        = true
      }
    }
  })
}
