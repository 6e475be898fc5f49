# Fewer tasks at night. Only the bound moves: autoscaling takes tasks away when there is too little to do, and adds them when
# there is more, up to the same maximum.

locals {
  night_hours = var.night == null ? {} : {
    evening = { time = split(":", var.night.from), tasks_min = var.night.tasks_min }
    morning = { time = split(":", var.night.until), tasks_min = var.tasks.min }
  }
}

resource "aws_appautoscaling_scheduled_action" "night" {
  for_each           = local.night_hours
  name               = "${local.name}-${each.key}"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id
  schedule           = "cron(${tonumber(each.value.time[1])} ${tonumber(each.value.time[0])} * * ? *)"
  timezone           = var.night.timezone
  scalable_target_action {
    min_capacity = each.value.tasks_min
    max_capacity = var.tasks.max
  }
}
