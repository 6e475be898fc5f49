# Four roles: EventBridge reports a file, Step Functions submits its job, ECS starts it, and the job reads what came in and writes
# what is wrong with it.

locals {
  trust = { for service in ["events", "states", "ecs-tasks"] : service => jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "${service}.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  }) }
  ssm_secrets     = sort(distinct([for arn in values(var.secrets) : arn if strcontains(arn, ":ssm:")]))
  manager_secrets = sort(distinct([for arn in values(var.secrets) : arn if strcontains(arn, ":secretsmanager:")]))
}

resource "aws_iam_role" "events" {
  name               = "${var.name}-load-events"
  assume_role_policy = local.trust["events"]
}

resource "aws_iam_role_policy" "events" {
  name = "start"
  role = aws_iam_role.events.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["states:StartExecution"], Resource = aws_sfn_state_machine.submit.arn }]
  })
}

resource "aws_iam_role" "submit" {
  name               = "${var.name}-load-submit"
  assume_role_policy = local.trust["states"]
}

resource "aws_iam_role_policy" "submit" {
  name = "submit"
  role = aws_iam_role.submit.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = ["batch:SubmitJob"]
        Resource = concat(
          [aws_batch_job_queue.this.arn],
          flatten([for definition in values(aws_batch_job_definition.load) : [definition.arn_prefix, "${definition.arn_prefix}:*"]]),
        )
      },
      { Effect = "Allow", Action = ["sqs:SendMessage"], Resource = aws_sqs_queue.dead.arn },
    ]
  })
}

resource "aws_iam_role" "execution" {
  name               = "${var.name}-load-execution"
  assume_role_policy = local.trust["ecs-tasks"]
}

resource "aws_iam_role_policy" "execution" {
  name = "start-jobs"
  role = aws_iam_role.execution.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        { Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = "*" }, # applies to no single resource
        {
          Effect   = "Allow"
          Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
          Resource = var.repository_arn
        },
        { Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "${var.log_group.arn}:*" },
        { Effect = "Allow", Action = ["kms:Decrypt"], Resource = var.kms_key_arn },
      ],
      length(local.ssm_secrets) == 0 ? [] : [{ Effect = "Allow", Action = ["ssm:GetParameters"], Resource = local.ssm_secrets }],
      length(local.manager_secrets) == 0 ? [] : [
        { Effect = "Allow", Action = ["secretsmanager:GetSecretValue"], Resource = local.manager_secrets }
      ],
    )
  })
}

resource "aws_iam_role" "job" {
  name               = "${var.name}-load-job"
  assume_role_policy = local.trust["ecs-tasks"]
}

resource "aws_iam_role_policy" "job" {
  name = "load"
  role = aws_iam_role.job.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:GetObject", "s3:GetObjectVersion"], Resource = "${aws_s3_bucket.this.arn}/incoming/*" },
      { Effect = "Allow", Action = ["s3:PutObject"], Resource = "${aws_s3_bucket.this.arn}/${local.quarantine}*" },
      # Without it S3 says "forbidden" of what is missing.
      { Effect = "Allow", Action = ["s3:ListBucket"], Resource = aws_s3_bucket.this.arn },
    ]
  })
}
