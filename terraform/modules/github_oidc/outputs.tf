output "role_arn" {
  description = "For role-to-assume."
  value       = aws_iam_role.deploy.arn
}

output "provider_arn" {
  description = "For the other copies in this account."
  value       = local.provider_arn
}
