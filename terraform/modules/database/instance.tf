# RDS for PostgreSQL.

resource "aws_db_parameter_group" "this" {
  count       = local.is_aurora ? 0 : 1
  name_prefix = "${var.name}-"
  family      = "postgres15"
  dynamic "parameter" {
    for_each = local.parameters
    content {
      name  = parameter.key
      value = parameter.value
    }
  }
  lifecycle {
    create_before_destroy = true
  }
}

# The newest minor version that new instances may have: one written down here would be closed to them some day.
data "aws_rds_engine_version" "this" {
  count                  = local.is_aurora ? 0 : 1
  engine                 = "postgres"
  parameter_group_family = "postgres${local.engine_version}"
  latest                 = true
}

resource "aws_db_instance" "this" {
  count                      = local.is_aurora ? 0 : 1
  identifier                 = var.name
  engine                     = "postgres"
  engine_version             = data.aws_rds_engine_version.this[0].version_actual
  instance_class             = var.instance_class
  multi_az                   = var.multi_az
  db_name                    = "fairway"
  username                   = local.administrator
  password_wo                = var.password
  password_wo_version        = var.password_version
  port                       = local.port
  allocated_storage          = var.storage_gb.initial
  max_allocated_storage      = var.storage_gb.max
  storage_type               = "gp3"
  iops                       = var.iops
  storage_throughput         = var.storage_throughput
  storage_encrypted          = true
  kms_key_id                 = aws_kms_key.this.arn
  db_subnet_group_name       = aws_db_subnet_group.this.name
  vpc_security_group_ids     = [aws_security_group.this.id]
  publicly_accessible        = false
  parameter_group_name       = aws_db_parameter_group.this[0].name
  backup_retention_period    = var.backup_days
  backup_window              = "02:00-03:00"
  maintenance_window         = "sun:03:30-sun:04:30"
  auto_minor_version_upgrade = true
  apply_immediately          = var.apply_immediately
  copy_tags_to_snapshot      = true
  deletion_protection        = var.deletion_protection
  skip_final_snapshot        = !var.deletion_protection
  final_snapshot_identifier  = var.deletion_protection ? "${var.name}-last" : null
  delete_automated_backups   = !var.deletion_protection

  performance_insights_enabled          = true
  performance_insights_kms_key_id       = aws_kms_key.this.arn
  performance_insights_retention_period = 7
  enabled_cloudwatch_logs_exports       = ["postgresql"]
  depends_on                            = [aws_cloudwatch_log_group.postgresql]

  snapshot_identifier = local.restore_snapshot
  dynamic "restore_to_point_in_time" {
    for_each = local.restore_times
    content {
      restore_time                  = restore_to_point_in_time.value.time
      use_latest_restorable_time    = restore_to_point_in_time.value.latest
      source_db_instance_identifier = restore_to_point_in_time.value.identifier
      source_dbi_resource_id        = restore_to_point_in_time.value.resource_id
    }
  }

  # Once it is there, its minor version is AWS's, which raises it in the maintenance window and refuses to lower it. Where it
  # came from is past, and its key cannot be changed: a copy of another region's backup has its own.
  lifecycle {
    ignore_changes = [engine_version, snapshot_identifier, restore_to_point_in_time, kms_key_id]
  }
}
