output "role_arn" {
  description = "For releases: AWS_ROLE of the environments by their names."
  value       = aws_iam_role.deploy.arn
}

output "infrastructure_role_arns" {
  description = "For Terraform: plan is AWS_ROLE of the environments NAME-plan and NAME-drift, apply that of NAME-apply."
  value       = { for name, role in aws_iam_role.infrastructure : name => role.arn }
}
