output "bucket" {
  value = aws_s3_bucket.this.bucket
}

output "upload_endpoint" {
  description = "Where partners upload to."
  value       = var.transfer_acceleration ? "${aws_s3_bucket.this.bucket}.s3-accelerate.amazonaws.com" : aws_s3_bucket.this.bucket_regional_domain_name
}

output "security_group_id" {
  value = aws_security_group.this.id
}

output "job_definition_arns" {
  description = "By partner, without revision."
  value       = { for partner, definition in aws_batch_job_definition.load : partner => definition.arn_prefix }
}

output "image_parameter" {
  description = "Where the pipeline writes which image it has released."
  value       = { name = aws_ssm_parameter.image.name, arn = aws_ssm_parameter.image.arn }
}

output "role_arns" {
  description = "Of the jobs; who registers new ones must be allowed to pass them."
  value       = [aws_iam_role.execution.arn, aws_iam_role.job.arn]
}

output "dead_letter_queue" {
  value = aws_sqs_queue.dead.name
}

output "submission" {
  description = "What submits a job by hand needs: the queue, the share of each partner, and where failed loads are kept."
  value       = { job_queue = aws_batch_job_queue.this.arn, shares = local.shares, dead_letters = aws_sqs_queue.dead.url }
}

output "rule_names" {
  value = { for partner, rule in aws_cloudwatch_event_rule.arrived : partner => rule.name }
}

output "metrics_namespace" {
  description = "Submitted, Succeeded, Failed, Blocked; CreatedAt and StartedAt of jobs that started, in milliseconds."
  value       = local.namespace
}
