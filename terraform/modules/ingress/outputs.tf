output "target_group_arns" {
  description = "What tasks of ingest have to join, by name."
  value       = local.public ? { public = module.public[0].target_group_arn } : {}
}

output "security_group_ids" {
  description = "Where their traffic comes from, by the same names."
  value       = local.public ? { public = module.public[0].security_group_id } : {}
}

output "address" {
  description = "Where partners connect: the name of the endpoint service, or host and port."
  value = (local.private_link ? aws_vpc_endpoint_service.this[0].service_name :
  local.public ? "${module.public[0].dns_name}:${var.port}" : null)
}
