# Two roles: one ECS uses to start a task, one the task has. Each may do what it does, on what it does it to.

locals {
  task_trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
  ssm_secrets     = sort(distinct(concat([for arn in values(local.secrets) : arn if strcontains(arn, ":ssm:")], var.former_secrets)))
  manager_secrets = sort(distinct([for arn in values(local.secrets) : arn if strcontains(arn, ":secretsmanager:")]))

  execution_statements = concat(
    [
      { Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = "*" }, # applies to no single resource
      {
        Effect   = "Allow"
        Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = var.repository_arns
      },
      { Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "${var.log_group.arn}:*" },
      { Effect = "Allow", Action = ["kms:Decrypt"], Resource = var.kms_key_arn },
    ],
    length(local.ssm_secrets) == 0 ? [] : [{ Effect = "Allow", Action = ["ssm:GetParameters"], Resource = local.ssm_secrets }],
    length(local.manager_secrets) == 0 ? [] : [
      { Effect = "Allow", Action = ["secretsmanager:GetSecretValue"], Resource = local.manager_secrets }
    ],
  )

  task_statements = concat(
    [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = ["${var.metrics.log_group.arn}", "${var.metrics.log_group.arn}:*"]
      },
      { Effect = "Allow", Action = ["aps:RemoteWrite"], Resource = var.metrics.prometheus.arn },
    ],
    # A task that takes a batch in says that it must not be stopped.
    !var.task_protection ? [] : [{
      Effect   = "Allow"
      Action   = ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"]
      Resource = "${replace(var.cluster.arn, ":cluster/", ":task/")}/*"
    }],
  )
}

resource "aws_iam_role" "execution" {
  name               = "${local.name}-execution"
  assume_role_policy = local.task_trust
}

resource "aws_iam_role_policy" "execution" {
  name   = "start-tasks"
  role   = aws_iam_role.execution.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.execution_statements })
}

resource "aws_iam_role" "task" {
  name               = "${local.name}-task"
  assume_role_policy = local.task_trust
}

resource "aws_iam_role_policy" "task" {
  name   = "run"
  role   = aws_iam_role.task.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.task_statements })
}
