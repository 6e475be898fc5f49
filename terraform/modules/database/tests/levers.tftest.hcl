# What the runbook says to pull when the database is narrow.

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

run "nothing_is_pulled" {
  assert {
    condition     = !aws_db_instance.this[0].apply_immediately && length(aws_db_instance.replica) == 0 && length(output.read_hosts) == 0
    error_message = "Restarts wait for the maintenance window, and there is no copy to pay for."
  }
}

run "levers_of_an_instance" {
  variables {
    storage_gb         = { initial = 400, max = 1000 }
    iops               = 16000
    storage_throughput = 1000
    read_replicas      = 2
    apply_immediately  = true
  }
  assert {
    condition     = aws_db_instance.this[0].iops == 16000 && aws_db_instance.this[0].storage_throughput == 1000
    error_message = "The disk does not get faster."
  }
  assert {
    condition     = aws_db_instance.this[0].apply_immediately
    error_message = "What restarts the database waits until Sunday."
  }
  assert {
    condition     = length(output.read_hosts) == 2 && alltrue([for replica in aws_db_instance.replica : replica.replicate_source_db == "test"])
    error_message = "There are no copies to read from."
  }
  assert {
    condition = alltrue([for replica in aws_db_instance.replica : (replica.storage_encrypted && !replica.publicly_accessible &&
    replica.vpc_security_group_ids == toset([aws_security_group.this.id]) && replica.parameter_group_name == aws_db_parameter_group.this[0].name)])
    error_message = "A copy is as closed as the primary."
  }
}

run "levers_of_aurora" {
  variables {
    kind              = "aurora"
    read_replicas     = 1
    apply_immediately = true
  }
  assert {
    condition     = aws_rds_cluster.this[0].apply_immediately && alltrue([for instance in aws_rds_cluster_instance.this : instance.apply_immediately])
    error_message = "What restarts the database waits until Sunday."
  }
  assert {
    condition     = length(aws_rds_cluster_instance.this) == 3 && one(output.read_hosts) == aws_rds_cluster.this[0].reader_endpoint
    error_message = "There is no reader besides the one that takes over."
  }
}

run "refuses_iops_of_a_small_disk" {
  command         = plan
  expect_failures = [var.iops]
  variables {
    iops = 12000
  }
}

run "refuses_iops_below_what_the_disk_comes_with" {
  command         = plan
  expect_failures = [var.iops]
  variables {
    storage_gb = { initial = 400, max = 1000 }
    iops       = 6000
  }
}

run "refuses_iops_of_aurora" {
  command         = plan
  expect_failures = [var.iops]
  variables {
    kind       = "aurora"
    storage_gb = { initial = 400, max = 1000 }
    iops       = 12000
  }
}

run "refuses_throughput_without_iops" {
  command         = plan
  expect_failures = [var.storage_throughput]
  variables {
    storage_gb         = { initial = 400, max = 1000 }
    storage_throughput = 1000
  }
}

run "refuses_more_throughput_than_iops_carry" {
  command         = plan
  expect_failures = [var.storage_throughput]
  variables {
    storage_gb         = { initial = 400, max = 1000 }
    iops               = 12000
    storage_throughput = 3500
  }
}

run "refuses_half_a_copy" {
  command         = plan
  expect_failures = [var.read_replicas]
  variables {
    read_replicas = 0.5
  }
}
