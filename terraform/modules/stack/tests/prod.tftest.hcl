# environments/prod.tfvars: what partners use, and what it refuses to be.

mock_provider "aws" { source = "../../tests/mocks" }

variables {
  database_password           = "only for this test"
  administrator_parameter_arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/fairway-prod/database/password"
  login_password_parameter_arns = {
    ingest_a = "arn:aws:ssm:eu-west-1:123456789012:parameter/fairway-prod/database/ingest_a"
    ingest_b = "arn:aws:ssm:eu-west-1:123456789012:parameter/fairway-prod/database/ingest_b"
    query_a  = "arn:aws:ssm:eu-west-1:123456789012:parameter/fairway-prod/database/query_a"
    query_b  = "arn:aws:ssm:eu-west-1:123456789012:parameter/fairway-prod/database/query_b"
  }
}

run "production" {
  assert {
    condition     = var.production && var.database.kind == "aurora" && module.database.is_aurora && var.database.backup_days == 35
    error_message = "Aurora, and all the backups there can be."
  }
  assert {
    condition     = min(var.query.tasks.min, var.ingest.tasks.min) >= 3
    error_message = "A task in each zone."
  }
  assert {
    condition     = aws_kms_key.this.deletion_window_in_days == 30 && aws_kms_key.this.enable_key_rotation
    error_message = "Its key is rotated, and can be had back for a month."
  }
}

run "partners_come_through_privatelink" {
  assert {
    condition     = var.partner_ingress.kind == "privatelink" && output.partner_address != null && !module.ingress.exposes_internal_nlb
    error_message = "An endpoint service, before a load balancer of their own."
  }
  assert {
    condition     = one(keys(module.ingress.target_group_arns)) == "link" && var.partner_ingress.domain != null && var.partner_ingress.access_log_days == 90
    error_message = "Tasks of ingest stand behind it; TLS ends there, and who came is noted."
  }
}

run "prometheus_has_the_rules_of_the_repository" {
  assert {
    condition     = module.observability.prometheus_rules == file("../../../deploy/prometheus/rules.yaml")
    error_message = "They are the same as beside compose."
  }
  assert {
    condition     = var.route_prometheus_alerts && min(length(var.alarm_receivers.page), length(var.alarm_receivers.ticket)) > 0
    error_message = "Alarms reach the subscribers."
  }
}

run "the_writer_is_watched" {
  assert {
    condition = length(setsubtract(["fairway-prod-database-commit", "fairway-prod-database-load-0", "fairway-prod-database-load-1",
    "fairway-prod-database-local-storage", "fairway-prod-query-silent", "fairway-prod-ingest-part-silent"], output.alarm_names)) == 0
    error_message = "Aurora's writer and instances, and silence, have alarms."
  }
}

run "refuses_one_zone" {
  command         = plan
  expect_failures = [var.production]
  variables {
    database = { instance_class = "db.r7g.xlarge", multi_az = false, backup_days = 35 }
  }
}

run "refuses_one_task" {
  command         = plan
  expect_failures = [var.production]
  variables {
    query = { size = { cpu = 1024, memory = 4096 }, tasks = { min = 1, max = 4 } }
  }
}

run "refuses_one_task_at_night" {
  command         = plan
  expect_failures = [var.production]
  variables {
    query = { size = { cpu = 1024, memory = 4096 }, tasks = { min = 3, max = 4 }, night = { tasks_min = 1, from = "20:00", until = "05:00" } }
  }
}

run "refuses_partners_without_tls" {
  command         = plan
  expect_failures = [var.production]
  variables {
    partner_ingress = { kind = "privatelink", principal_arns = ["arn:aws:iam::210987654321:root"] }
  }
}

run "refuses_endpoints_in_one_zone" {
  command         = plan
  expect_failures = [var.production]
  variables {
    endpoint_zones = 1
  }
}

run "refuses_to_alarm_nobody" {
  command         = plan
  expect_failures = [var.production]
  variables {
    alarm_receivers = { page = ["https://calls.example.com/fairway-prod"], ticket = [] }
  }
}
