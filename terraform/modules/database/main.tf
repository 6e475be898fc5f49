# The one thing that holds state. Reachable from the tasks alone, encrypted, backed up.

locals {
  is_aurora = var.kind == "aurora"
  port      = 5432
  # Made by AWS with the database. Only the command connects as it.
  administrator = "fairway"
  # Aurora's 15.10 is an LTS: AWS takes it for new clusters, and leaves it alone, for years. Of an instance's minor versions
  # AWS closes some to new instances every few months.
  engine_version = coalesce(var.engine_version, local.is_aurora ? "15.10" : "15")
  # Uploads are wide COPYs and one small commit each; queries do not come here.
  parameters = {
    "rds.force_ssl"                       = "1"
    "log_min_duration_statement"          = "1000"
    "log_lock_waits"                      = "1"
    "idle_in_transaction_session_timeout" = "600000"
  }
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_security_group" "this" {
  name        = "${var.name}-database"
  description = "PostgreSQL from the tasks"
  vpc_id      = var.vpc_id
  tags        = { Name = "${var.name}-database" }
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  for_each                     = var.client_security_group_ids
  security_group_id            = aws_security_group.this.id
  description                  = "PostgreSQL from ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_kms_key" "this" {
  description             = "Database of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

# Made before the database, which would make it without a key and for ever.
resource "aws_cloudwatch_log_group" "postgresql" {
  name              = "/aws/rds/${local.is_aurora ? "cluster" : "instance"}/${var.name}/postgresql"
  retention_in_days = var.log_days
  kms_key_id        = var.log_kms_key_arn
}
