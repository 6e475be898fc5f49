output "target_group_arns" {
  description = "What tasks of ingest have to join, by name."
  value       = { for door in module.door : local.door => door.target_group_arn }
}

output "security_group_ids" {
  description = "Where their traffic comes from, by the same names."
  value       = { for door in module.door : local.door => door.security_group_id }
}

output "address" {
  description = "Where partners connect: the name of the endpoint service, or host and port."
  value = (local.private_link ? aws_vpc_endpoint_service.this[0].service_name :
  local.public ? "${var.domain == null ? module.door[0].dns_name : var.domain.name}:${var.port}" : null)
}

output "exposes_internal_nlb" {
  description = "Whether PrivateLink leads to ingest's own load balancer."
  value       = local.private_link && !local.tls
}
