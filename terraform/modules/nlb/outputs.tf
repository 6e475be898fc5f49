output "arn" {
  value = aws_lb.this.arn
}

output "dns_name" {
  value = aws_lb.this.dns_name
}

output "zone_id" {
  description = "Of its name, for an alias."
  value       = aws_lb.this.zone_id
}

output "security_group_id" {
  value = aws_security_group.this.id
}

output "target_group_arn" {
  description = "Known once a listener uses it: ECS takes no other."
  value       = aws_lb_target_group.this.arn
  depends_on  = [aws_lb_listener.this]
}

output "metric_dimensions" {
  description = "How CloudWatch names it."
  value       = { LoadBalancer = aws_lb.this.arn_suffix, TargetGroup = aws_lb_target_group.this.arn_suffix }
}

output "access_log_bucket" {
  description = "Where its connections are noted, if anywhere."
  value       = one(aws_lb.this.access_logs[*].bucket)
}
