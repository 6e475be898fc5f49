output "role_arn" {
  description = "For releases: AWS_ROLE of the environments by their names."
  value       = aws_iam_role.deploy.arn
}
