# What the pipeline may do: push images, run the migration, and give the services new revisions of their own tasks.

locals {
  statements = concat(local.image_statements, local.deploy_statements)

  image_statements = [
    { Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = "*" }, # applies to no single resource
    {
      Effect = "Allow"
      Action = [
        "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImageScanFindings",
        "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
      ]
      Resource = var.repository_arns
    },
  ]

  deploy_statements = [
    { Effect = "Allow", Action = ["ssm:GetParameter"], Resource = var.deployment_parameter_arn },
    { Effect = "Allow", Action = ["ssm:PutParameter"], Resource = var.image_parameter_arn },
    # Reading a definition cannot be narrowed; it holds no secret. Neither can registering one: what its tasks may do is
    # bound by the roles that may be passed, and what runs it by ecs:UpdateService and ecs:RunTask below.
    {
      Effect   = "Allow"
      Action   = ["ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition", "batch:DescribeJobDefinitions"]
      Resource = "*"
    },
    {
      Effect   = "Allow"
      Action   = ["ecs:TagResource"]
      Resource = [for family in var.task_families : "arn:aws:ecs:${local.account}:task-definition/${family}:*"]
    },
    {
      Effect   = "Allow"
      Action   = ["batch:RegisterJobDefinition", "batch:TagResource"]
      Resource = flatten([for arn in var.job_definition_arns : [arn, "${arn}:*"]])
    },
    { Effect = "Allow", Action = ["ecs:DescribeServices", "ecs:UpdateService"], Resource = var.service_arns },
    {
      Effect    = "Allow"
      Action    = ["ecs:RunTask"]
      Resource  = [for family in var.one_off_families : "arn:aws:ecs:${local.account}:task-definition/${family}:*"]
      Condition = { ArnEquals = { "ecs:cluster" = var.cluster_arn } }
    },
    {
      Effect    = "Allow"
      Action    = ["ecs:DescribeTasks", "ecs:ListTasks", "ecs:StopTask"]
      Resource  = ["${replace(var.cluster_arn, ":cluster/", ":task/")}/*", "${replace(var.cluster_arn, ":cluster/", ":container-instance/")}/*"]
      Condition = { ArnEquals = { "ecs:cluster" = var.cluster_arn } }
    },
    { Effect = "Allow", Action = ["logs:FilterLogEvents", "logs:GetLogEvents"], Resource = [for arn in var.log_group_arns : "${arn}:*"] },
    { Effect = "Allow", Action = ["cloudwatch:DescribeAlarms"], Resource = var.alarm_arns },
    {
      Effect    = "Allow"
      Action    = ["iam:PassRole"]
      Resource  = var.passed_role_arns
      Condition = { StringEquals = { "iam:PassedToService" = ["ecs-tasks.amazonaws.com", "batch.amazonaws.com"] } }
    },
  ]
}
