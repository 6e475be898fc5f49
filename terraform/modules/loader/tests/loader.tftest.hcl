mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name              = "test"
  partners          = ["acme", "blue-anchor"]
  writers           = { blue-anchor = ["arn:aws:iam::210987654321:role/upload"] }
  image             = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/test/cli@sha256:3333333333333333333333333333333333333333333333333333333333333333"
  ingest            = { address = "ingest.example:50052", port = 50052, security_group_id = "sg-nlb" }
  metrics_namespace = "Fairway/test"
  repository_arn    = "arn:aws:ecr:eu-west-1:123456789012:repository/test/cli"
  log_group         = { name = "/test/loader", arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/test/loader" }
  kms_key_arn       = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  vpc_id            = "vpc-1"
  subnet_ids        = ["subnet-private-1", "subnet-private-2", "subnet-private-3"]

  endpoint_security_group_id = "sg-endpoints"
  s3_prefix_list_id          = "pl-1"
}

run "bucket_is_closed" {
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls, aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls, aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "Nothing in it can be made public."
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "Files are encrypted."
  }
  assert {
    condition     = one(aws_s3_bucket_versioning.this.versioning_configuration).status == "Enabled"
    error_message = "Each writing of a file is a version, and a batch."
  }
  assert {
    condition = contains([for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement :
    statement.Effect if try(statement.Condition.Bool["aws:SecureTransport"] == "false" && statement.Action == "s3:*", false)], "Deny")
    error_message = "Requests without TLS are denied."
  }
  assert {
    condition     = !aws_s3_bucket.this.force_destroy || !var.deletion_protection
    error_message = "A protected bucket does not go with files in it."
  }
}

run "partners_write_into_their_own_place" {
  assert {
    condition = ([for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : statement.Resource if statement.Effect == "Allow"] ==
    ["arn:aws:s3:::mock/incoming/blue-anchor/*"])
    error_message = "A partner writes below incoming/<partner>/ and nowhere else."
  }
  assert {
    condition = alltrue([for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement :
    statement.Principal != "*" if statement.Effect == "Allow"])
    error_message = "No statement allows every principal."
  }
}

run "uploads_that_were_given_up_go" {
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 3
    error_message = "Parts of unfinished uploads are removed."
  }
  assert {
    condition     = length(aws_s3_bucket_accelerate_configuration.this) == 0 && aws_s3_bucket_notification.this.eventbridge
    error_message = "No acceleration unless asked for; events always."
  }
}

run "a_file_is_a_job" {
  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.arrived["acme"].event_pattern).detail.object.key == [{ prefix = "incoming/acme/" }]
    error_message = "Each partner reads and writes only its own files, and quarantined files are not loaded."
  }
  assert {
    condition = jsondecode(one(aws_cloudwatch_event_target.load["blue-anchor"].input_transformer).input_template) == {
      partner = "blue-anchor", share = "blueXanchor", parameters = { bucket = "<bucket>", key = "<key>", version = "<version>" }
    }
    error_message = "Partner, share, bucket, key and version are handed on."
  }
  assert {
    condition     = one(aws_cloudwatch_event_target.load["acme"].input_transformer).input_paths["version"] == "$.detail.object.version-id"
    error_message = "The version is the one of the event."
  }
  assert {
    condition     = aws_cloudwatch_event_target.load["acme"].arn == aws_sfn_state_machine.submit.arn
    error_message = "Events do not go to what submits jobs."
  }
  assert {
    condition     = one(aws_cloudwatch_event_target.load["acme"].dead_letter_config).arn == aws_sqs_queue.dead.arn && one(aws_cloudwatch_event_target.load["acme"].retry_policy).maximum_retry_attempts == 185
    error_message = "An event is tried for a day, and then kept."
  }
  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.failed.event_pattern).detail == {
      status = ["FAILED", "TIMED_OUT", "ABORTED"]
      "$or"  = [{ jobQueue = [aws_batch_job_queue.this.arn] }, { stateMachineArn = [aws_sfn_state_machine.submit.arn] }]
    } && aws_cloudwatch_event_target.failed.arn == aws_sqs_queue.dead.arn
    error_message = "A job that failed is kept, too, and one that was never submitted."
  }
}

run "partners_share_the_cores" {
  assert {
    condition     = aws_batch_job_queue.this.scheduling_policy_arn == aws_batch_scheduling_policy.this.arn && one(aws_batch_scheduling_policy.this.fair_share_policy).share_decay_seconds == 3600
    error_message = "The partner that took least in the last hour is next."
  }
  assert {
    condition = jsondecode(aws_sfn_state_machine.submit.definition).States.Submit.Parameters == {
      JobQueue            = aws_batch_job_queue.this.arn
      "JobName.$"         = "States.Format('load-{}', $.partner)"
      "JobDefinition.$"   = "States.Format('test-load-{}', $.partner)"
      "ShareIdentifier.$" = "$.share"
      "Parameters.$"      = "$.parameters"
    }
    error_message = "A job says whose share it takes, and is of the newest revision."
  }
  assert {
    condition     = alltrue([for job in aws_batch_job_definition.load : job.scheduling_priority == 1]) && aws_batch_job_definition.load["blue-anchor"].name == "test-load-blue-anchor"
    error_message = "Jobs of a queue with shares have a priority, and the name that they are submitted by."
  }
  assert {
    condition = (length(distinct(values(local.shares))) == length(var.partners) &&
    alltrue([for share in values(local.shares) : can(regex("^[A-Za-z0-9]+$", share))]))
    error_message = "Each partner has a share of its own, of letters and digits."
  }
  assert {
    condition = (jsondecode(aws_sfn_state_machine.submit.definition).States.Submit.Catch[0].Next == "Keep" &&
      jsondecode(aws_sfn_state_machine.submit.definition).States.Keep.Parameters.QueueUrl == aws_sqs_queue.dead.url &&
    jsondecode(aws_sfn_state_machine.submit.definition).States.Submit.Retry[0].MaxAttempts == 100)
    error_message = "What cannot be submitted is tried for a day, and then kept."
  }
}

run "jobs" {
  assert {
    condition = (jsondecode(aws_batch_job_definition.load["acme"].container_properties).command ==
    ["load", "--bucket", "Ref::bucket", "--key", "Ref::key", "--version", "Ref::version"])
    error_message = "Parameters are whole arguments."
  }
  assert {
    condition = toset([for variable in jsondecode(aws_batch_job_definition.load["blue-anchor"].container_properties).environment : "${variable.name}=${variable.value}"]) == toset([
    "AWS_REGION=eu-west-1", "FAIRWAY_INGEST_ADDRESS=ingest.example:50052", "FAIRWAY_LOAD_PARTNER=blue-anchor"])
    error_message = "A job has the address of ingest, and the partner it loads for."
  }
  assert {
    condition = (jsondecode(aws_batch_job_definition.load["acme"].container_properties).readonlyRootFilesystem &&
      jsondecode(aws_batch_job_definition.load["acme"].container_properties).user == "10001" &&
    jsondecode(aws_batch_job_definition.load["acme"].container_properties).networkConfiguration.assignPublicIp == "DISABLED")
    error_message = "Hardened, and without a public address."
  }
  assert {
    condition     = one(aws_batch_job_definition.load["acme"].retry_strategy).attempts == 5 && one(aws_batch_compute_environment.this.compute_resources).type == "FARGATE"
    error_message = "Tried again when a task dies, on Fargate."
  }
  assert {
    condition = {
      for limit in aws_batch_job_queue.this.job_state_time_limit_action : limit.reason => "${limit.action} ${limit.state}"
      } == {
      "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE" = "CANCEL RUNNABLE"
      "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT"         = "CANCEL RUNNABLE"
    }
    error_message = "A job that cannot start does not block the others."
  }
}

# In the state the runs above have left, another first image, and a change that registers the jobs anew.
run "a_change_brings_back_no_image" {
  variables {
    image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/test/cli@sha256:4444444444444444444444444444444444444444444444444444444444444444"
    size  = { cpu = 1024, memory = 4096 }
  }
  assert {
    condition = alltrue([
      for job in aws_batch_job_definition.load : strcontains(job.container_properties, "cli@sha256:3333")
    ])
    error_message = "Jobs keep the image that the pipeline has released."
  }
  assert {
    condition = alltrue([
      for job in aws_batch_job_definition.load : strcontains(job.container_properties, "\"4096\"")
    ])
    error_message = "What was changed about them is changed."
  }
  assert {
    condition     = output.image_parameter.name == "/test/loader/image"
    error_message = "The pipeline's parameters name it."
  }
}

run "policies_are_narrow" {
  assert {
    condition = jsondecode(aws_iam_role_policy.job.policy).Statement == [
      { Effect = "Allow", Action = ["s3:GetObject", "s3:GetObjectVersion"], Resource = "arn:aws:s3:::mock/incoming/*" },
      { Effect = "Allow", Action = ["s3:PutObject"], Resource = "arn:aws:s3:::mock/quarantine/*" },
      { Effect = "Allow", Action = ["s3:ListBucket"], Resource = "arn:aws:s3:::mock" },
    ]
    error_message = "A job reads what came in and writes what it puts aside; nothing else."
  }
  assert {
    condition = (jsondecode(aws_iam_role_policy.events.policy).Statement == [
      { Effect = "Allow", Action = ["states:StartExecution"], Resource = aws_sfn_state_machine.submit.arn }] &&
    { for statement in jsondecode(aws_iam_role_policy.submit.policy).Statement : statement.Action[0] => contains(flatten([statement.Resource]), "*") } == { "batch:SubmitJob" = false, "sqs:SendMessage" = false })
    error_message = "EventBridge starts this, which submits these jobs to this queue and keeps what it cannot submit."
  }
  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Resource != "*" || statement.Action == ["ecr:GetAuthorizationToken"]])
    error_message = "Only what applies to no single resource is allowed on all of them."
  }
  assert {
    condition     = aws_sqs_queue.dead.sqs_managed_sse_enabled && aws_cloudwatch_log_group.states.kms_key_id == var.kms_key_arn
    error_message = "What is kept is encrypted."
  }
}

run "changes_of_state_are_written_down" {
  assert {
    condition = {
      for statement in jsondecode(aws_cloudwatch_log_resource_policy.states.policy_document).Statement :
      join(" ", statement.Action) => try(statement.Condition.ArnEquals["aws:SourceArn"], "any rule")
      } == {
      "logs:CreateLogStream" = "any rule"
      "logs:PutLogEvents"    = aws_cloudwatch_event_rule.states.arn
    }
    error_message = "EventBridge makes streams without saying for which rule, and writes for this one."
  }
  assert {
    condition = alltrue([
      for statement in jsondecode(aws_cloudwatch_log_resource_policy.states.policy_document).Statement :
      statement.Resource == "${aws_cloudwatch_log_group.states.arn}:*"
    ])
    error_message = "Both in this log only."
  }
  assert {
    condition = (strcontains(aws_cloudwatch_event_rule.states.event_pattern, "\"Batch Job Queue Blocked\"") &&
    aws_cloudwatch_log_metric_filter.counted["Blocked"].pattern == "{ $.detail-type = \"Batch Job Queue Blocked\" }")
    error_message = "A job that cannot start is counted, though it never says when it started."
  }
}

run "jobs_reach_ingest_s3_and_aws" {
  assert {
    condition     = toset([for rule in aws_vpc_security_group_egress_rule.this : "${rule.referenced_security_group_id}:${rule.to_port}"]) == toset(["sg-nlb:50052", "sg-endpoints:443"])
    error_message = "Ingest's load balancer and AWS's endpoints."
  }
  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_egress_rule.this : rule.cidr_ipv4 == null]) && aws_vpc_security_group_egress_rule.s3.prefix_list_id == "pl-1"
    error_message = "No range of addresses."
  }
}

run "acceleration_when_asked_for" {
  variables {
    transfer_acceleration = true
  }
  assert {
    condition     = aws_s3_bucket_accelerate_configuration.this[0].status == "Enabled" && endswith(output.upload_endpoint, ".s3-accelerate.amazonaws.com")
    error_message = "Partners get the endpoint at the edge."
  }
}

run "refuses_no_partner" {
  command         = plan
  expect_failures = [var.partners]
  variables {
    partners = []
    writers  = {}
  }
}

run "refuses_everybody_as_writer" {
  command         = plan
  expect_failures = [var.writers]
  variables {
    writers = { acme = ["*"] }
  }
}

run "refuses_a_writer_without_place" {
  command         = plan
  expect_failures = [var.writers]
  variables {
    writers = { stranger = ["arn:aws:iam::210987654321:root"] }
  }
}

run "refuses_a_pair_fargate_does_not_have" {
  command         = plan
  expect_failures = [var.size]
  variables {
    size = { cpu = 1000, memory = 2048 }
  }
}

run "refuses_a_job_that_could_never_start" {
  command         = plan
  expect_failures = [var.vcpus_max]
  variables {
    size      = { cpu = 4096, memory = 8192 }
    vcpus_max = 3
  }
}

run "takes_a_job_that_needs_all_cores" {
  command = plan
  variables {
    size      = { cpu = 4096, memory = 8192 }
    vcpus_max = 4
  }
}

run "refuses_an_image_by_tag" {
  command         = plan
  expect_failures = [var.image]
  variables {
    image = "fairway:latest"
  }
}

run "refuses_endless_attempts" {
  command         = plan
  expect_failures = [var.attempts]
  variables {
    attempts = 100
  }
}

run "final_failures_are_not_tried_again" {
  assert {
    condition = length(aws_batch_job_definition.load) > 0 && alltrue([
      for job in aws_batch_job_definition.load :
      toset([for rule in job.retry_strategy[0].evaluate_on_exit : rule.on_exit_code if upper(rule.action) == "EXIT"]) == toset(["1", "2", "3", "5"])
    ])
    error_message = "Exit status 4, and being killed, are worth another attempt; the others are not."
  }
}
