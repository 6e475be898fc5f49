# What a task is: the service, and a collector beside it that reads its metrics.

locals {
  upper = upper(var.service)
  environment = merge({
    "FAIRWAY_${local.upper}_LISTEN" = "0.0.0.0:${var.port}"
    "FAIRWAY_${local.upper}_ADMIN"  = "0.0.0.0:${var.admin_port}"
    # The load balancer has let go of the task before SIGTERM comes. What still comes is served, and clients are asked to
    # go elsewhere, well before the 120 s are over in which Fargate kills.
    "FAIRWAY_${local.upper}_DRAIN"          = "90"
    "FAIRWAY_${local.upper}_CONNECTION_AGE" = "60"
  }, var.environment)
  secrets = merge(var.secrets, var.tls_secrets)

  service_container = {
    name                   = var.service
    image                  = var.image
    essential              = true
    user                   = "10001:10001"
    readonlyRootFilesystem = true
    linuxParameters        = { capabilities = { add = [], drop = ["ALL"] } }
    stopTimeout            = 120
    portMappings = [
      { name = "grpc", containerPort = var.port, hostPort = var.port, protocol = "tcp", appProtocol = "grpc" },
      { name = "admin", containerPort = var.admin_port, hostPort = var.admin_port, protocol = "tcp" },
    ]
    environment = [for name in sort(keys(local.environment)) : { name = name, value = local.environment[name] }]
    secrets     = [for name in sort(keys(local.secrets)) : { name = name, valueFrom = local.secrets[name] }]
    # The load balancer checks readiness. This checks the same with a long threshold: only a task that stays unready is replaced.
    healthCheck = {
      command     = ["CMD", "fairway-${var.service}", "--check-health"]
      interval    = 30
      timeout     = 5
      retries     = 10
      startPeriod = min(300, var.start_seconds)
    }
    # Containers stop in the opposite order: the service first, so that its last figures are still read.
    dependsOn        = [{ containerName = "collector", condition = "START" }]
    ulimits          = [{ name = "nofile", softLimit = 65536, hardLimit = 65536 }]
    logConfiguration = local.log_configuration[var.service]
  }

  collector_container = {
    name                   = "collector"
    image                  = var.collector_image
    essential              = false
    readonlyRootFilesystem = true
    linuxParameters        = { capabilities = { add = [], drop = ["ALL"] } }
    cpu                    = 64
    memory                 = local.collector_mib
    stopTimeout            = 120
    # The service goes on without its collector, which ECS would leave dead for as long as the task lives.
    restartPolicy    = { enabled = true, restartAttemptPeriod = 60 }
    environment      = [{ name = "AOT_CONFIG_CONTENT", value = local.collector_configuration }]
    portMappings     = []
    logConfiguration = local.log_configuration["collector"]
  }

  # non-blocking: a log that cannot be written must not block the service.
  log_configuration = { for container in [var.service, "collector"] : container => {
    logDriver = "awslogs"
    options = {
      "awslogs-group"         = var.log_group.name
      "awslogs-region"        = data.aws_region.current.name
      "awslogs-stream-prefix" = container
      "mode"                  = "non-blocking"
      "max-buffer-size"       = "8m"
    }
  } }
}

resource "aws_ecs_task_definition" "this" {
  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.size.cpu
  memory                   = var.size.memory
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  # Revisions the pipeline made of it go on; one may be running.
  skip_destroy = var.deletion_protection
  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }
  container_definitions = jsonencode([local.service_container, local.collector_container])
}
