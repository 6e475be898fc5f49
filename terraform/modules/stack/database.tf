# The database. Its administrator's password comes from outside by a write-only way, and lies in a SecureString, where the
# command gets it from. Services have logins of their own.

variable "database_password" {
  description = "For write-only arguments; kept nowhere."
  type        = string
  ephemeral   = true
  sensitive   = true
}

variable "administrator_parameter_arn" {
  description = "The SecureString that holds it."
  type        = string
}

module "database" {
  source              = "../database"
  name                = var.name
  production          = var.production
  kind                = var.database.kind
  instance_class      = var.database.instance_class
  serverless          = var.database.serverless
  engine_version      = var.database.engine_version
  multi_az            = var.database.multi_az
  storage_gb          = var.database.storage_gb
  iops                = var.database.iops
  storage_throughput  = var.database.storage_throughput
  read_replicas       = var.database.read_replicas
  apply_immediately   = var.database.apply_immediately
  backup_days         = var.database.backup_days
  restore             = var.database.restore
  deletion_protection = var.production
  log_days            = var.log_days
  log_kms_key_arn     = aws_kms_key.this.arn
  vpc_id              = module.network.vpc_id
  subnet_ids          = module.network.subnet_ids["database"]
  client_security_group_ids = {
    query   = module.query.task_security_group_id
    ingest  = module.ingest.task_security_group_id
    command = module.command.security_group_id
  }
  password         = var.database_password
  password_version = var.password_version
}
