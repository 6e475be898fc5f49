# Aurora PostgreSQL: the step after one instance, when a failover of under half a minute or more storage is wanted.

resource "aws_rds_cluster_parameter_group" "this" {
  count       = local.is_aurora ? 1 : 0
  name_prefix = "${var.name}-"
  family      = "aurora-postgresql15"
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

resource "aws_rds_cluster" "this" {
  count                           = local.is_aurora ? 1 : 0
  cluster_identifier              = var.name
  engine                          = "aurora-postgresql"
  engine_version                  = local.engine_version
  database_name                   = "fairway"
  master_username                 = local.administrator
  master_password_wo              = var.password
  master_password_wo_version      = var.password_version
  port                            = local.port
  storage_encrypted               = true
  kms_key_id                      = aws_kms_key.this.arn
  db_subnet_group_name            = aws_db_subnet_group.this.name
  vpc_security_group_ids          = [aws_security_group.this.id]
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.this[0].name
  backup_retention_period         = var.backup_days
  preferred_backup_window         = "02:00-03:00"
  preferred_maintenance_window    = "sun:03:30-sun:04:30"
  apply_immediately               = var.apply_immediately
  copy_tags_to_snapshot           = true
  deletion_protection             = var.deletion_protection
  skip_final_snapshot             = !var.deletion_protection
  final_snapshot_identifier       = var.deletion_protection ? "${var.name}-last" : null
  delete_automated_backups        = !var.deletion_protection
  enabled_cloudwatch_logs_exports = ["postgresql"]
  depends_on                      = [aws_cloudwatch_log_group.postgresql]

  dynamic "serverlessv2_scaling_configuration" {
    for_each = var.serverless[*]
    content {
      min_capacity = serverlessv2_scaling_configuration.value.min_acu
      max_capacity = serverlessv2_scaling_configuration.value.max_acu
    }
  }

  snapshot_identifier = local.restore_snapshot
  dynamic "restore_to_point_in_time" {
    for_each = local.restore_times
    content {
      restore_to_time            = restore_to_point_in_time.value.time
      use_latest_restorable_time = restore_to_point_in_time.value.latest
      source_cluster_identifier  = restore_to_point_in_time.value.identifier
      source_cluster_resource_id = restore_to_point_in_time.value.resource_id
    }
  }

  # Once it is there, where it came from is past. Its key cannot be changed: a copy of another region's backup has its own.
  lifecycle {
    ignore_changes = [snapshot_identifier, restore_to_point_in_time, kms_key_id]
  }
}

resource "aws_rds_cluster_instance" "this" {
  count                      = local.is_aurora ? (var.multi_az ? 2 : 1) + var.read_replicas : 0
  identifier                 = "${var.name}-${count.index}"
  cluster_identifier         = aws_rds_cluster.this[0].id
  engine                     = "aurora-postgresql"
  instance_class             = var.instance_class
  publicly_accessible        = false
  apply_immediately          = var.apply_immediately
  auto_minor_version_upgrade = false # the version is ours to raise: a newer one would fail every apply from then on

  performance_insights_enabled          = true
  performance_insights_kms_key_id       = aws_kms_key.this.arn
  performance_insights_retention_period = 7
}
