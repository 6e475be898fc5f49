# One gRPC service: tasks of one kind on Fargate, behind an internal load balancer and, if wanted, in the mesh.

data "aws_region" "current" {}

locals {
  name = "${var.name}-${var.service}"
  # The port of the mesh's proxy. Not the service's own, so that what comes through the load balancer meets the service
  # itself, with its TLS and its streams as long as they are.
  mesh_port = var.port + 10000
  # Figures of the mesh are distinguished by this name alone, among all of an account's copies.
  mesh_name = local.name
}

module "nlb" {
  source                    = "../nlb"
  name                      = local.name
  private_link              = var.private_link
  deletion_protection       = var.deletion_protection
  vpc_id                    = var.vpc_id
  subnet_ids                = var.subnet_ids
  port                      = var.port
  admin_port                = var.admin_port
  task_security_group_id    = aws_security_group.this.id
  client_cidrs              = var.client_cidrs
  client_security_group_ids = var.client_security_group_ids
  idle_seconds              = var.idle_seconds
}

resource "aws_ecs_service" "this" {
  name            = var.service
  cluster         = var.cluster.arn
  task_definition = aws_ecs_task_definition.this.arn
  launch_type     = "FARGATE"
  desired_count   = var.tasks.min
  propagate_tags  = "SERVICE"

  # Rolling: new tasks first, old ones when the new are ready. Back to the images before, by itself, when they never get
  # ready or an alarm goes off meanwhile.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  alarms {
    enable      = true
    rollback    = true
    alarm_names = [aws_cloudwatch_metric_alarm.errors.alarm_name, aws_cloudwatch_metric_alarm.unhealthy.alarm_name]
  }
  health_check_grace_period_seconds = var.start_seconds
  # Balancing zones stops running tasks; one that takes a batch in is better left alone.
  availability_zone_rebalancing = var.task_protection ? "DISABLED" : "ENABLED"

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = concat([aws_security_group.this.id], var.mesh ? [var.cluster.mesh_security_group_id] : [])
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = merge({ internal = module.nlb.target_group_arn }, var.target_group_arns)
    content {
      target_group_arn = load_balancer.value
      container_name   = var.service
      container_port   = var.port
    }
  }

  # Said in either case: a block that is gone would leave the proxies where they are.
  service_connect_configuration {
    enabled   = var.mesh
    namespace = var.mesh ? var.cluster.namespace_arn : null
    dynamic "service" {
      for_each = var.mesh ? [local.mesh_name] : []
      content {
        port_name             = "grpc"
        discovery_name        = service.value
        ingress_port_override = local.mesh_port
        client_alias {
          dns_name = var.service
          port     = var.port
        }
        # Zero: no bound on the whole of a call, which for a stream is as long as it likes. Silence is bounded.
        timeout {
          per_request_timeout_seconds = 0
          idle_timeout_seconds        = var.idle_seconds
        }
      }
    }
    dynamic "log_configuration" {
      for_each = var.mesh ? ["awslogs"] : []
      content {
        log_driver = log_configuration.value
        options = {
          "awslogs-group"         = var.log_group.name
          "awslogs-region"        = data.aws_region.current.name
          "awslogs-stream-prefix" = "mesh"
        }
      }
    }
  }

  # The pipeline says which images run, and autoscaling how many.
  lifecycle {
    ignore_changes = [task_definition, desired_count]
  }
  depends_on = [aws_iam_role_policy.execution, aws_iam_role_policy.task]
}
