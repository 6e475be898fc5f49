# What is applied: the stack, and the passwords of its database. They are apart because passwords are ephemeral, and mocked
# providers know nothing ephemeral: the tests try the stack alone. Copies of the database's backups are apart from it, too,
# because they are in another region. variables.tf is the stack's, by a link.

# The administrator's.
module "database_password" {
  source           = "./modules/database_password"
  parameter_name   = "/${var.name}/database/password"
  description      = "Password of the database. Rotate: raise password_version and apply"
  password_version = var.password_version
  kms_key_arn      = module.stack.kms_key_arn
}

# Those of the services' logins. The command gives them to the database (fairway migrate).
module "login_passwords" {
  source           = "./modules/database_password"
  for_each         = toset(["ingest_a", "ingest_b", "query_a", "query_b"])
  parameter_name   = "/${var.name}/database/${each.key}"
  description      = "Password of the database's login fairway_${each.key}. Rotate: raise login_version, apply, release"
  password_version = module.stack.login_password_versions[each.key]
  kms_key_arn      = module.stack.kms_key_arn
}

module "stack" {
  source = "./modules/stack"

  database_password             = module.database_password.password
  administrator_parameter_arn   = module.database_password.parameter_arn
  login_password_parameter_arns = { for login, password in module.login_passwords : login => password.parameter_arn }

  name                    = var.name
  region                  = var.region
  production              = var.production
  availability_zones      = var.availability_zones
  cidr                    = var.cidr
  nat                     = var.nat
  endpoint_zones          = var.endpoint_zones
  client_cidrs            = var.client_cidrs
  log_days                = var.log_days
  flow_log_accepted       = var.flow_log_accepted
  database                = var.database
  password_version        = var.password_version
  login_version           = var.login_version
  images                  = var.images
  query                   = var.query
  ingest                  = var.ingest
  loader                  = var.loader
  partner_ingress         = var.partner_ingress
  tls_secrets             = var.tls_secrets
  mesh                    = var.mesh
  alarm_receivers         = var.alarm_receivers
  route_prometheus_alerts = var.route_prometheus_alerts
  thresholds              = var.thresholds
  github                  = var.github
  batch_service_role_arn  = var.batch_service_role_arn
}

module "database_copies" {
  source = "./modules/database_copies"
  count  = var.database.copies == null ? 0 : 1
  providers = {
    aws           = aws
    aws.elsewhere = aws.elsewhere
  }

  name                = var.name
  database_arn        = module.stack.database_arn
  region              = var.database.copies.region
  days                = var.database.copies.days
  deletion_protection = var.production
}

output "stack" {
  description = "Addresses and names; see modules/stack/outputs.tf."
  value       = module.stack
}

output "database_copies" {
  description = "Where copies of the database's backups are; null: there are none."
  value       = one(module.database_copies[*].vault)
}
