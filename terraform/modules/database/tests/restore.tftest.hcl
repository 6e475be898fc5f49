# A database that begins with a backup, and how it goes on from there.

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

run "an_instance_of_a_time" {
  state_key = "of a time"
  variables {
    restore = { time = "2026-11-27T09:30:00Z", source = "test-lost" }
  }
  assert {
    condition = (one(aws_db_instance.this[0].restore_to_point_in_time).restore_time == "2026-11-27T09:30:00Z" &&
    one(aws_db_instance.this[0].restore_to_point_in_time).source_db_instance_identifier == "test-lost")
    error_message = "It is not restored to that time of the other one."
  }
}

run "an_instance_that_was_deleted" {
  command = plan
  variables {
    restore = { time = "latest", source = "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ" }
  }
  assert {
    condition = (one(aws_db_instance.this[0].restore_to_point_in_time).use_latest_restorable_time &&
      one(aws_db_instance.this[0].restore_to_point_in_time).source_dbi_resource_id == "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ" &&
    one(aws_db_instance.this[0].restore_to_point_in_time).source_db_instance_identifier == null)
    error_message = "What is left of it is not found."
  }
}

run "aurora_from_a_snapshot" {
  command = plan
  variables {
    kind    = "aurora"
    restore = { snapshot = "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:awsbackup:copyjob-11111111-2222" }
  }
  assert {
    condition     = aws_rds_cluster.this[0].snapshot_identifier == var.restore.snapshot && !aws_rds_cluster.this[0].delete_automated_backups
    error_message = "It begins empty, or its backups go with it."
  }
}

run "aurora_of_a_time" {
  command = plan
  variables {
    kind    = "aurora"
    restore = { time = "latest", source = "test-lost" }
  }
  assert {
    condition = (one(aws_rds_cluster.this[0].restore_to_point_in_time).use_latest_restorable_time &&
    one(aws_rds_cluster.this[0].restore_to_point_in_time).source_cluster_identifier == "test-lost")
    error_message = "It is not restored to that time of the other one."
  }
}

run "an_instance_from_a_snapshot" {
  variables {
    restore = { snapshot = "rds:test-2026-11-27-02-04" }
  }
  assert {
    condition     = aws_db_instance.this[0].snapshot_identifier == "rds:test-2026-11-27-02-04" && length(aws_db_instance.this[0].restore_to_point_in_time) == 0
    error_message = "It begins empty."
  }
  assert {
    condition     = !aws_db_instance.this[0].delete_automated_backups
    error_message = "If it is deleted after all, its backups go, too."
  }
}

# Another beginning is another database: AWS's provider would replace it, which a mocked one does not.
run "goes_on_when_the_backup_is_forgotten" {
  state_key = "of a time"
  assert {
    condition     = length(aws_db_instance.this[0].restore_to_point_in_time) == 1
    error_message = "It is replaced by an empty one."
  }
}

run "goes_on_when_another_backup_is_named" {
  variables {
    restore = { time = "latest", source = "test-lost" }
  }
  assert {
    condition     = aws_db_instance.this[0].snapshot_identifier == "rds:test-2026-11-27-02-04" && length(aws_db_instance.this[0].restore_to_point_in_time) == 0
    error_message = "It is replaced, and what came in since is lost."
  }
}

run "aurora_begins_with_a_backup" {
  state_key = "aurora"
  variables {
    kind    = "aurora"
    restore = { time = "latest", source = "test-lost" }
  }
}

run "aurora_goes_on_when_the_backup_is_forgotten" {
  state_key = "aurora"
  variables {
    kind = "aurora"
  }
  assert {
    condition     = length(aws_rds_cluster.this[0].restore_to_point_in_time) == 1
    error_message = "It is replaced by an empty one."
  }
}

run "aurora_goes_on_when_another_backup_is_named" {
  state_key = "aurora"
  variables {
    kind    = "aurora"
    restore = { snapshot = "test-last" }
  }
  assert {
    condition     = length(aws_rds_cluster.this[0].restore_to_point_in_time) == 1 && aws_rds_cluster.this[0].snapshot_identifier == null
    error_message = "It is replaced, and what came in since is lost."
  }
}

run "refuses_a_snapshot_and_a_time" {
  command         = plan
  expect_failures = [var.restore]
  variables {
    restore = { snapshot = "test-last", time = "latest", source = "test-lost" }
  }
}

run "refuses_to_restore_nothing" {
  command         = plan
  expect_failures = [var.restore]
  variables {
    restore = {}
  }
}

run "refuses_what_is_no_snapshot" {
  command         = plan
  expect_failures = [var.restore]
  variables {
    restore = { snapshot = "arn:aws:rds:eu-west-1:123456789012:db:test" }
  }
}

run "refuses_a_time_of_another_zone" {
  command         = plan
  expect_failures = [var.restore]
  variables {
    restore = { time = "2026-11-27T09:30:00+01:00", source = "test-lost" }
  }
}

run "refuses_a_time_of_nothing" {
  command         = plan
  expect_failures = [var.restore]
  variables {
    restore = { time = "latest" }
  }
}

run "refuses_a_source_beside_a_snapshot" {
  command         = plan
  expect_failures = [var.restore]
  variables {
    restore = { snapshot = "test-last", source = "test-lost" }
  }
}

run "refuses_itself_as_the_source" {
  command         = plan
  expect_failures = [var.restore]
  variables {
    restore = { time = "latest", source = "test" }
  }
}
