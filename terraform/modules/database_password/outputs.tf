output "password" {
  description = "For write-only arguments; kept nowhere."
  value       = ephemeral.aws_ssm_parameter.this.value
  ephemeral   = true
  sensitive   = true
}

output "parameter_arn" {
  value = aws_ssm_parameter.this.arn
}
