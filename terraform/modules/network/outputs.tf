output "vpc_id" {
  value = aws_vpc.this.id
}

output "cidr" {
  value = var.cidr
}

output "subnet_ids" {
  description = "By tier: public, private, database; three each."
  value       = { for tier in local.tiers : tier => [for zone in var.availability_zones : aws_subnet.this["${tier}-${zone}"].id] }
}

output "s3_prefix_list_id" {
  description = "Where S3 is, for security groups."
  value       = aws_vpc_endpoint.s3.prefix_list_id
}

output "endpoint_security_group_id" {
  description = "Where AWS is, for security groups."
  value       = aws_security_group.endpoints.id
}
