output "task_family" {
  value = aws_ecs_task_definition.this.family
}

output "security_group_id" {
  value = aws_security_group.this.id
}

output "role_arns" {
  description = "Who runs the task must be allowed to pass them."
  value       = [aws_iam_role.execution.arn]
}
