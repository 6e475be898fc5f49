# How many tasks: enough that each works at its target. Any of the targets makes more; all must agree to less.

resource "aws_appautoscaling_target" "this" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.cluster.name}/${aws_ecs_service.this.name}"
  min_capacity       = var.tasks.min
  max_capacity       = var.tasks.max
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "${local.name}-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id
  target_tracking_scaling_policy_configuration {
    target_value       = var.scaling.cpu_percent
    scale_out_cooldown = 60
    scale_in_cooldown  = 300
    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

# Calls a minute and task: the sum over all tasks, by how many there are.
resource "aws_appautoscaling_policy" "requests" {
  count              = var.scaling.requests_per_task == null ? 0 : 1
  name               = "${local.name}-requests"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id
  target_tracking_scaling_policy_configuration {
    target_value       = var.scaling.requests_per_task
    scale_out_cooldown = 60
    scale_in_cooldown  = 300
    customized_metric_specification {
      metrics {
        id          = "calls"
        return_data = false
        metric_stat {
          stat = "Sum"
          metric {
            namespace   = var.metrics.namespace
            metric_name = "grpc_server_handled_total"
            dimensions {
              name  = "service"
              value = var.service
            }
          }
        }
      }
      metrics {
        id          = "tasks"
        return_data = false
        metric_stat {
          stat = "Average"
          metric {
            namespace   = "ECS/ContainerInsights"
            metric_name = "RunningTaskCount"
            dimensions {
              name  = "ClusterName"
              value = var.cluster.name
            }
            dimensions {
              name  = "ServiceName"
              value = var.service
            }
          }
        }
      }
      metrics {
        id          = "calls_per_task"
        expression  = "calls / tasks"
        label       = "Calls a minute and task"
        return_data = true
      }
    }
  }
}

# Running uploads per task: each task reports its own, so the metric is the mean over tasks.
resource "aws_appautoscaling_policy" "uploads" {
  count              = var.scaling.uploads_per_task == null ? 0 : 1
  name               = "${local.name}-uploads"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id
  target_tracking_scaling_policy_configuration {
    target_value       = var.scaling.uploads_per_task
    scale_out_cooldown = 60
    scale_in_cooldown  = 300
    customized_metric_specification {
      namespace   = var.metrics.namespace
      metric_name = "fairway_uploads_in_flight"
      statistic   = "Average"
      dimensions {
        name  = "service"
        value = var.service
      }
    }
  }
}
