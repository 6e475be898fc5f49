# Copies of an RDS instance that only read, for reports and SQL of people. Fairway reads from the primary alone: a query replica
# hears of commits by LISTEN, which a copy does not have, and loads versions that a copy may not have yet.

resource "aws_db_instance" "replica" {
  count                      = local.is_aurora ? 0 : var.read_replicas
  identifier                 = "${var.name}-read-${count.index}"
  replicate_source_db        = aws_db_instance.this[0].identifier
  instance_class             = var.instance_class
  port                       = local.port
  max_allocated_storage      = var.storage_gb.max
  storage_type               = "gp3"
  iops                       = var.iops
  storage_throughput         = var.storage_throughput
  storage_encrypted          = true # with the primary's key
  vpc_security_group_ids     = [aws_security_group.this.id]
  publicly_accessible        = false
  parameter_group_name       = aws_db_parameter_group.this[0].name
  maintenance_window         = "sun:03:30-sun:04:30"
  auto_minor_version_upgrade = true
  apply_immediately          = var.apply_immediately
  skip_final_snapshot        = true

  performance_insights_enabled          = true
  performance_insights_kms_key_id       = aws_kms_key.this.arn
  performance_insights_retention_period = 7
}
