output "role_arn" {
  description = "For role-to-assume."
  value       = aws_iam_role.deploy.arn
}
