output "arn" {
  value = local.is_aurora ? aws_rds_cluster.this[0].arn : aws_db_instance.this[0].arn
}

output "host" {
  description = "Where the writer is."
  value       = local.is_aurora ? aws_rds_cluster.this[0].endpoint : aws_db_instance.this[0].address
}

output "administrator" {
  value = local.administrator
}

output "read_hosts" {
  description = "Where a copy is that only reads. Aurora has one name for all of them; while there is none, it means the writer."
  value       = concat(aws_rds_cluster.this[*].reader_endpoint, aws_db_instance.replica[*].address)
}

output "port" {
  value = local.port
}

output "security_group_id" {
  value = aws_security_group.this.id
}

output "metric_dimensions" {
  description = "How CloudWatch names it."
  value       = local.is_aurora ? { DBClusterIdentifier = var.name } : { DBInstanceIdentifier = var.name }
}

output "writer_metric_dimensions" {
  description = "How CloudWatch names the one that writes."
  value       = local.is_aurora ? { DBClusterIdentifier = var.name, Role = "WRITER" } : { DBInstanceIdentifier = var.name }
}

output "instances" {
  description = "Identifiers of its instances: a figure may be had of each alone."
  value       = local.is_aurora ? aws_rds_cluster_instance.this[*].identifier : aws_db_instance.this[*].identifier
}

output "is_aurora" {
  value = local.is_aurora
}
