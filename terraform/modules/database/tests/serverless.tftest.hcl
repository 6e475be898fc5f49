# Aurora that takes as much as it needs.

mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name                      = "test"
  kind                      = "aurora"
  instance_class            = "db.serverless"
  serverless                = { min_acu = 0.5, max_acu = 16 }
  vpc_id                    = "vpc-1"
  subnet_ids                = ["subnet-1", "subnet-2", "subnet-3"]
  client_security_group_ids = { query = "sg-query" }
  log_kms_key_arn           = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  password                  = "only for this test"
  password_version          = 1
}

run "takes_what_it_needs" {
  assert {
    condition = (one(aws_rds_cluster.this[0].serverlessv2_scaling_configuration).min_capacity == 0.5 &&
    one(aws_rds_cluster.this[0].serverlessv2_scaling_configuration).max_capacity == 16)
    error_message = "It has other bounds."
  }
  assert {
    condition     = length(aws_rds_cluster_instance.this) == 2 && alltrue([for instance in aws_rds_cluster_instance.this : instance.instance_class == "db.serverless"])
    error_message = "Its instances are of a fixed size."
  }
}

run "refuses_a_class_without_bounds" {
  command         = plan
  expect_failures = [var.serverless]
  variables {
    serverless = null
  }
}

run "refuses_bounds_of_a_fixed_size" {
  command         = plan
  expect_failures = [var.serverless]
  variables {
    instance_class = "db.r7g.large"
  }
}

run "refuses_an_instance_without_a_size" {
  command         = plan
  expect_failures = [var.serverless]
  variables {
    kind = "instance"
  }
}

run "refuses_to_pause" {
  command         = plan
  expect_failures = [var.serverless]
  variables {
    serverless = { min_acu = 0, max_acu = 16 }
  }
}

run "refuses_more_at_least_than_at_most" {
  command         = plan
  expect_failures = [var.serverless]
  variables {
    serverless = { min_acu = 8, max_acu = 4 }
  }
}

run "refuses_a_third_of_a_unit" {
  command         = plan
  expect_failures = [var.serverless]
  variables {
    serverless = { min_acu = 0.7, max_acu = 4 }
  }
}
