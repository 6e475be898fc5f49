# Versions of PostgreSQL: what a new database gets, and that no apply goes back or jumps ahead.

mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name                      = "test"
  instance_class            = "db.m7g.large"
  vpc_id                    = "vpc-1"
  subnet_ids                = ["subnet-1", "subnet-2", "subnet-3"]
  client_security_group_ids = { query = "sg-query" }
  log_kms_key_arn           = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  password                  = "only for this test"
  password_version          = 1
}

run "a_new_instance_gets_the_newest_minor_version" {
  override_data {
    target = data.aws_rds_engine_version.this
    values = { version_actual = "15.17" }
  }
  assert {
    condition = (data.aws_rds_engine_version.this[0].engine == "postgres" && data.aws_rds_engine_version.this[0].latest &&
    data.aws_rds_engine_version.this[0].parameter_group_family == "postgres15")
    error_message = "AWS is asked for the newest one of PostgreSQL 15."
  }
  assert {
    condition     = aws_db_instance.this[0].engine_version == "15.17"
    error_message = "It is not the one that new instances may have."
  }
  assert {
    condition     = aws_db_instance.this[0].auto_minor_version_upgrade
    error_message = "AWS does not raise it."
  }
}

# The one it was made with is closed to new instances, or AWS is wrong about the newest.
run "an_apply_does_not_go_back" {
  override_data {
    target = data.aws_rds_engine_version.this
    values = { version_actual = "15.16" }
  }
  assert {
    condition     = aws_db_instance.this[0].engine_version == "15.17"
    error_message = "AWS refuses to lower a version, and so every apply would fail."
  }
}

run "an_apply_does_not_jump_ahead" {
  override_data {
    target = data.aws_rds_engine_version.this
    values = { version_actual = "15.18" }
  }
  assert {
    condition     = aws_db_instance.this[0].engine_version == "15.17"
    error_message = "A new version restarts the database: that is for the maintenance window."
  }
}

run "aurora_stays_on_its_lts" {
  variables {
    kind = "aurora"
  }
  assert {
    condition     = length(data.aws_rds_engine_version.this) == 0 && aws_rds_cluster.this[0].engine_version == "15.10"
    error_message = "Not the LTS."
  }
  assert {
    condition     = alltrue([for instance in aws_rds_cluster_instance.this : !instance.auto_minor_version_upgrade])
    error_message = "AWS would raise it, and an apply go back."
  }
}

run "refuses_a_minor_version_of_an_instance" {
  command         = plan
  expect_failures = [var.engine_version]
  variables {
    engine_version = "15.10"
  }
}

run "refuses_aurora_without_a_minor_version" {
  command         = plan
  expect_failures = [var.engine_version]
  variables {
    kind           = "aurora"
    engine_version = "15"
  }
}
