mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name                      = "test"
  instance_class            = "db.m7g.large"
  vpc_id                    = "vpc-1"
  subnet_ids                = ["subnet-1", "subnet-2", "subnet-3"]
  client_security_group_ids = { query = "sg-query", ingest = "sg-ingest" }
  log_kms_key_arn           = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  password                  = "only for this test"
  password_version          = 1
}

run "instance" {
  assert {
    condition     = aws_db_instance.this[0].storage_encrypted && aws_db_instance.this[0].kms_key_id == aws_kms_key.this.arn && aws_kms_key.this.enable_key_rotation
    error_message = "Storage is encrypted with a key of its own, which is rotated."
  }
  assert {
    condition     = !aws_db_instance.this[0].publicly_accessible && aws_db_instance.this[0].multi_az && aws_db_instance.this[0].deletion_protection
    error_message = "Not public, with a standby, protected."
  }
  assert {
    condition     = aws_db_instance.this[0].performance_insights_enabled && aws_db_instance.this[0].performance_insights_kms_key_id == aws_kms_key.this.arn
    error_message = "Performance Insights is on, and encrypted."
  }
  assert {
    condition     = aws_db_instance.this[0].backup_retention_period == 7 && !aws_db_instance.this[0].skip_final_snapshot && aws_db_instance.this[0].final_snapshot_identifier == "test-last"
    error_message = "A week of backups, and a last one."
  }
  assert {
    condition     = contains([for parameter in aws_db_parameter_group.this[0].parameter : "${parameter.name}=${parameter.value}"], "rds.force_ssl=1")
    error_message = "Connections are encrypted."
  }
  assert {
    condition     = aws_cloudwatch_log_group.postgresql.name == "/aws/rds/instance/test/postgresql" && aws_cloudwatch_log_group.postgresql.kms_key_id == var.log_kms_key_arn
    error_message = "The log is the one RDS writes to, and encrypted."
  }
}

run "only_named_groups_connect" {
  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.clients : rule.referenced_security_group_id]) == toset(["sg-query", "sg-ingest"])
    error_message = "Those who were named may connect."
  }
  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.clients : rule.cidr_ipv4 == null && rule.from_port == 5432 && rule.to_port == 5432])
    error_message = "No range of addresses may, and to no other port."
  }
}

run "aurora" {
  variables {
    kind = "aurora"
  }
  assert {
    condition     = length(aws_db_instance.this) == 0 && length(aws_rds_cluster_instance.this) == 2
    error_message = "A writer, and a reader that takes over."
  }
  assert {
    condition     = aws_rds_cluster.this[0].storage_encrypted && aws_rds_cluster.this[0].kms_key_id == aws_kms_key.this.arn && aws_rds_cluster.this[0].deletion_protection
    error_message = "Encrypted and protected."
  }
  assert {
    condition     = alltrue([for instance in aws_rds_cluster_instance.this : !instance.publicly_accessible && instance.performance_insights_enabled])
    error_message = "Not public, with Performance Insights."
  }
  assert {
    condition     = output.is_aurora && output.metric_dimensions == tomap({ DBClusterIdentifier = "test" })
    error_message = "CloudWatch has its figures by cluster."
  }
  assert {
    condition     = output.writer_metric_dimensions == tomap({ DBClusterIdentifier = "test", Role = "WRITER" })
    error_message = "And its writer by the role, whichever instance has it."
  }
  assert {
    condition     = tolist(output.instances) == tolist(["test-0", "test-1"])
    error_message = "Each instance has a name of its own."
  }
}

run "small" {
  variables {
    multi_az            = false
    deletion_protection = false
    backup_days         = 1
  }
  assert {
    condition     = !aws_db_instance.this[0].multi_az && aws_db_instance.this[0].skip_final_snapshot
    error_message = "A database for trying things can be small, and go."
  }
  assert {
    condition     = aws_db_instance.this[0].storage_encrypted && !aws_db_instance.this[0].publicly_accessible
    error_message = "It is no less safe for that."
  }
}

run "production_refuses_one_zone" {
  command         = plan
  expect_failures = [var.multi_az]
  variables {
    production = true
    multi_az   = false
  }
}

run "production_refuses_to_be_deletable" {
  command         = plan
  expect_failures = [var.deletion_protection]
  variables {
    production          = true
    deletion_protection = false
  }
}

run "production_refuses_few_backups" {
  command         = plan
  expect_failures = [var.backup_days]
  variables {
    production  = true
    backup_days = 3
  }
}

run "refuses_another_postgresql" {
  command         = plan
  expect_failures = [var.engine_version]
  variables {
    engine_version = "99.9"
  }
}

run "refuses_a_class_without_performance_insights" {
  command         = plan
  expect_failures = [var.instance_class]
  variables {
    instance_class = "db.t4g.micro"
  }
}

run "refuses_storage_that_cannot_grow" {
  command         = plan
  expect_failures = [var.storage_gb]
  variables {
    storage_gb = { initial = 100, max = 100 }
  }
}

run "refuses_an_unknown_kind" {
  command         = plan
  expect_failures = [var.kind]
  variables {
    kind = "sharded"
  }
}
