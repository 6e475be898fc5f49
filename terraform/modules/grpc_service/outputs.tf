output "address" {
  description = "Host and port, for gRPC clients in the VPC."
  value       = "${module.nlb.dns_name}:${var.port}"
}

output "service_name" {
  value = aws_ecs_service.this.name
}

output "service_arn" {
  value = aws_ecs_service.this.id
}

output "task_family" {
  value = aws_ecs_task_definition.this.family
}

output "role_arns" {
  description = "Of the tasks; who deploys must be allowed to pass them."
  value       = [aws_iam_role.execution.arn, aws_iam_role.task.arn]
}

output "task_security_group_id" {
  value = aws_security_group.this.id
}

output "nlb" {
  value = {
    arn               = module.nlb.arn
    security_group_id = module.nlb.security_group_id
    metric_dimensions = module.nlb.metric_dimensions
  }
}

output "mesh_name" {
  description = "Its name in the mesh, as figures of the mesh have it; null: it is in none."
  value       = var.mesh ? local.mesh_name : null
}

output "alarm_names" {
  value = [aws_cloudwatch_metric_alarm.errors.alarm_name, aws_cloudwatch_metric_alarm.unhealthy.alarm_name]
}
