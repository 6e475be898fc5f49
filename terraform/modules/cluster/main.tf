# Where tasks run, what they run (images), how they find each other, and where they write.

resource "aws_service_discovery_http_namespace" "this" {
  name        = var.name
  description = "Service Connect of ${var.name}"
}

resource "aws_ecs_cluster" "this" {
  name = var.name
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
  service_connect_defaults {
    namespace = aws_service_discovery_http_namespace.this.arn
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE"]
  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
  }
}

# Members may call the services through the mesh. It has no rules of its own: what it may reach, the services say.
resource "aws_security_group" "mesh" {
  name        = "${var.name}-mesh"
  description = "Tasks that may call the services through Service Connect"
  vpc_id      = var.vpc_id
  tags        = { Name = "${var.name}-mesh" }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each          = var.log_groups
  name              = "/${var.name}/${each.value}"
  retention_in_days = var.log_days
  kms_key_id        = var.kms_key_arn
}
