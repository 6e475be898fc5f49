output "addresses" {
  description = "Host and port of each service, in the VPC."
  value       = { query = module.query.address, ingest = module.ingest.address }
}

output "partner_address" {
  description = "Where partners connect; null when ingest is not public."
  value       = module.ingress.address
}

output "database_arn" {
  description = "Of the RDS instance or of the Aurora cluster."
  value       = module.database.arn
}

output "database_read_hosts" {
  description = "Where SQL that only reads goes."
  value       = module.database.read_hosts
}

output "bucket" {
  description = "Where partners put files, and how they reach it."
  value       = { name = module.loader.bucket, endpoint = module.loader.upload_endpoint }
}

output "deployment_parameter" {
  description = "The SSM parameter the pipeline reads."
  value       = aws_ssm_parameter.deployment.name
}

output "deploy_role_arn" {
  description = "The pipeline's role."
  value       = var.github == null ? null : module.github_oidc[0].role_arn
}

output "infrastructure_role_arns" {
  description = "The roles with which the pipeline plans and applies Terraform; none where people do."
  value       = var.github == null ? {} : module.github_oidc[0].infrastructure_role_arns
}

output "repositories" {
  value = module.cluster.repository_urls
}

output "alarm_names" {
  value = sort(concat(module.observability.alarm_names, module.query.alarm_names, module.ingest.alarm_names))
}

output "kms_key_arn" {
  description = "Key of the database's passwords, among others."
  value       = aws_kms_key.this.arn
}

output "login_password_versions" {
  description = "How often each login's password was made: another number makes a new one."
  # Not of local.logins, which has the parameters that are made by these numbers.
  value = merge([
    for turn, count in local.turns_taken : { for service in ["ingest", "query"] : "${service}_${turn}" => count }
  ]...)
}
