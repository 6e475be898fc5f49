# Jobs on Fargate: each streams one file into ingest, the way every partner's client does.

data "aws_region" "current" {}

resource "aws_security_group" "this" {
  name        = "${var.name}-loader"
  description = "Loads; no inbound connections"
  vpc_id      = var.vpc_id
  tags        = { Name = "${var.name}-loader" }
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = {
    ingest    = { group = var.ingest.security_group_id, port = var.ingest.port }
    endpoints = { group = var.endpoint_security_group_id, port = 443 }
  }
  security_group_id            = aws_security_group.this.id
  description                  = "To ${each.key}"
  referenced_security_group_id = each.value.group
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  security_group_id = aws_security_group.this.id
  description       = "S3: the files, and the layers of images"
  prefix_list_id    = var.s3_prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_batch_compute_environment" "this" {
  compute_environment_name = "${var.name}-load"
  type                     = "MANAGED"
  # null: the role AWS makes for Batch by itself.
  service_role = var.batch_service_role_arn
  compute_resources {
    type               = "FARGATE"
    max_vcpus          = var.vcpus_max
    subnets            = var.subnet_ids
    security_group_ids = [aws_security_group.this.id]
  }
}

# Whose jobs took least in the last hour is next: a thousand files of one partner do not make another wait for all of them. A
# partner that is not listed here has the same weight as all.
resource "aws_batch_scheduling_policy" "this" {
  name = "${var.name}-load"
  fair_share_policy {
    share_decay_seconds = 3600
  }
}

# A queue cannot be given such a policy later, nor lose it.
resource "aws_batch_job_queue" "this" {
  name                  = "${var.name}-load"
  state                 = "ENABLED"
  priority              = 1
  scheduling_policy_arn = aws_batch_scheduling_policy.this.arn
  compute_environment_order {
    order               = 1
    compute_environment = aws_batch_compute_environment.this.arn
  }
  # A job that can never start, because no place or no task of Fargate's is large enough, must fail and raise an alarm rather
  # than block the queue. https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable_time_limit_actions.html
  dynamic "job_state_time_limit_action" {
    for_each = ["COMPUTE_ENVIRONMENT_MAX_RESOURCE", "JOB_RESOURCE_REQUIREMENT"]
    content {
      action           = "CANCEL"
      state            = "RUNNABLE"
      max_time_seconds = 3600
      reason           = "MISCONFIGURATION:${job_state_time_limit_action.value}"
    }
  }
}

# The image that was released last: the pipeline writes it here. Any change of a definition registers it whole and anew,
# and the newest revision runs at once, so that the first image in it would undo the release.
resource "aws_ssm_parameter" "image" {
  name           = "/${var.name}/loader/image"
  description    = "Image of the jobs that load files, as the pipeline has released it"
  type           = "String"
  insecure_value = var.image
  lifecycle {
    ignore_changes = [insecure_value]
  }
}

resource "aws_batch_job_definition" "load" {
  for_each              = local.incoming
  name                  = "${var.name}-load-${each.key}"
  type                  = "container"
  platform_capabilities = ["FARGATE"]
  parameters            = { bucket = aws_s3_bucket.this.bucket, key = "", version = "" }
  scheduling_priority   = 1 # within a share; where shares are, Batch wants one
  retry_strategy {
    attempts = var.attempts
    # What `fairway load` says is final; the rest, being killed among it, is tried again.
    dynamic "evaluate_on_exit" {
      for_each = ["1", "2", "3", "5"]
      content {
        on_exit_code = evaluate_on_exit.value
        action       = "EXIT"
      }
    }
  }
  timeout {
    attempt_duration_seconds = var.attempt_minutes * 60
  }
  container_properties = jsonencode({
    image = aws_ssm_parameter.image.insecure_value
    # Whole arguments: Batch puts parameters in where Ref::name is all there is.
    command                      = ["load", "--bucket", "Ref::bucket", "--key", "Ref::key", "--version", "Ref::version"]
    user                         = "10001"
    readonlyRootFilesystem       = true
    jobRoleArn                   = aws_iam_role.job.arn
    executionRoleArn             = aws_iam_role.execution.arn
    resourceRequirements         = [{ type = "VCPU", value = tostring(var.size.cpu / 1024) }, { type = "MEMORY", value = tostring(var.size.memory) }]
    networkConfiguration         = { assignPublicIp = "DISABLED" }
    fargatePlatformConfiguration = { platformVersion = "1.4.0" }
    runtimePlatform              = { operatingSystemFamily = "LINUX", cpuArchitecture = "X86_64" }
    environment = [
      { name = "AWS_REGION", value = data.aws_region.current.name },
      { name = "FAIRWAY_INGEST_ADDRESS", value = var.ingest.address },
      { name = "FAIRWAY_LOAD_PARTNER", value = each.key },
    ]
    secrets = [for name in sort(keys(var.secrets)) : { name = name, valueFrom = var.secrets[name] }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        "awslogs-group"         = var.log_group.name
        "awslogs-region"        = data.aws_region.current.name
        "awslogs-stream-prefix" = each.key
      }
    }
  })
}
