# What the pipeline needs: a role, and the names of things, which it reads from one parameter.

locals {
  deployment = {
    region  = var.region
    cluster = module.cluster.name
    services = {
      for service, task in { query = module.query, ingest = module.ingest } :
      service => { service = task.service_name, family = task.task_family, container = task.service_name, alarms = task.alarm_names }
    }
    command = {
      family          = module.command.task_family
      container       = "command"
      subnets         = module.network.subnet_ids["private"]
      security_groups = [module.command.security_group_id]
      log_group       = module.cluster.log_groups["command"].name
    }
    job_definitions = module.loader.job_definition_arns
    job_image       = module.loader.image_parameter.name
    loads           = module.loader.submission
    repositories    = module.cluster.repository_urls
  }
  alarm_arns = [
    for name in concat(module.query.alarm_names, module.ingest.alarm_names) :
    "arn:aws:cloudwatch:${var.region}:${local.account}:alarm:${name}"
  ]
}

resource "aws_ssm_parameter" "deployment" {
  name        = "/${var.name}/deployment"
  description = "Names of things, for the pipeline"
  type        = "String"
  value       = jsonencode(local.deployment)
}

module "github_oidc" {
  source                   = "../github_oidc"
  count                    = var.github == null ? 0 : 1
  name                     = var.name
  repository               = var.github.repository
  repository_ids           = var.github.repository_ids
  environments             = var.github.environments
  branches                 = var.github.branches
  infrastructure           = var.github.infrastructure
  kms_key_arn              = aws_kms_key.this.arn
  files_bucket_arn         = "arn:aws:s3:::${module.loader.bucket}"
  deployment_parameter_arn = aws_ssm_parameter.deployment.arn
  cluster_arn              = module.cluster.arn
  service_arns             = [module.query.service_arn, module.ingest.service_arn]
  task_families            = [module.query.task_family, module.ingest.task_family, module.command.task_family]
  one_off_families         = [module.command.task_family]
  job_definition_arns      = values(module.loader.job_definition_arns)
  image_parameter_arn      = module.loader.image_parameter.arn
  repository_arns          = values(module.cluster.repository_arns)
  log_group_arns           = [module.cluster.log_groups["command"].arn]
  alarm_arns               = local.alarm_arns
  passed_role_arns = concat(
    module.query.role_arns, module.ingest.role_arns, module.command.role_arns, module.loader.role_arns
  )
}
