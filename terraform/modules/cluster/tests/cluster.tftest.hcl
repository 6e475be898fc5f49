mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name         = "test"
  vpc_id       = "vpc-1"
  kms_key_arn  = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  repositories = ["query", "ingest"]
  log_groups   = ["query", "ingest"]
  log_days     = 30
}

run "cluster" {
  assert {
    condition     = one(aws_ecs_cluster.this.setting).name == "containerInsights" && one(aws_ecs_cluster.this.setting).value == "enabled"
    error_message = "Container Insights is on: scaling by requests needs its count of tasks."
  }
  assert {
    condition     = aws_ecs_cluster_capacity_providers.this.capacity_providers == toset(["FARGATE"])
    error_message = "Tasks run on Fargate, and not on what may be taken away."
  }
}

run "images_stay_what_they_are" {
  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : repository.image_tag_mutability == "IMMUTABLE" && !repository.force_delete])
    error_message = "A tag never moves, and images do not go with an apply."
  }
  assert {
    condition     = alltrue([for repository in aws_ecr_repository.this : one(repository.image_scanning_configuration).scan_on_push && one(repository.encryption_configuration).kms_key == var.kms_key_arn])
    error_message = "Images are scanned and encrypted."
  }
  assert {
    condition     = alltrue([for policy in aws_ecr_lifecycle_policy.this : jsondecode(policy.policy).rules[1].selection.countNumber == 50])
    error_message = "There is a bound on how many are kept."
  }
}

run "logs_are_encrypted_and_end" {
  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.this : group.kms_key_id == var.kms_key_arn && group.retention_in_days == 30])
    error_message = "Logs are encrypted, and not kept for ever."
  }
}

run "refuses_an_unknown_retention" {
  command         = plan
  expect_failures = [var.log_days]
  variables {
    log_days = 31
  }
}

run "refuses_to_keep_too_few_images" {
  command         = plan
  expect_failures = [var.images_kept]
  variables {
    images_kept = 1
  }
}
