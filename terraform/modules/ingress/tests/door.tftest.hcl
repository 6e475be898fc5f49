# The door: its name, its certificate, and who came through it.

mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name                   = "test-ingest"
  kind                   = "public"
  cidrs                  = ["203.0.113.0/24"]
  domain                 = { name = "ingest.fairway.example.com", zone = "fairway.example.com" }
  internal_nlb_arn       = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/test-ingest/50dc6c495c0c9188"
  vpc_id                 = "vpc-1"
  public_subnet_ids      = ["subnet-public-1", "subnet-public-2", "subnet-public-3"]
  private_subnet_ids     = ["subnet-private-1", "subnet-private-2", "subnet-private-3"]
  port                   = 50052
  admin_port             = 9465
  task_security_group_id = "sg-tasks"
}

run "a_name_with_a_certificate" {
  assert {
    condition     = aws_acm_certificate.this[0].domain_name == var.domain.name && aws_acm_certificate.this[0].validation_method == "DNS" && data.aws_route53_zone.this[0].name == var.domain.zone
    error_message = "The certificate is the name's, and AWS renews it by itself."
  }
  assert {
    condition     = aws_route53_record.certificate[0].name == "_a.ingest.fairway.example.com." && aws_route53_record.certificate[0].records == toset(["_b.acm-validations.aws."]) && local.certificate_arn == aws_acm_certificate_validation.this[0].certificate_arn
    error_message = "AWS does not find the proof, or the door does not wait for it."
  }
  assert {
    condition     = aws_route53_record.door[0].name == var.domain.name && one(aws_route53_record.door[0].alias).name == module.door[0].dns_name && output.address == "ingest.fairway.example.com:50052"
    error_message = "The name leads to the door, and partners get the name."
  }
  assert {
    condition     = length(aws_s3_bucket.access_log) == 0
    error_message = "Nobody asked for a log."
  }
}

run "a_name_with_the_certificate_that_was_given" {
  command = plan
  variables {
    certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
  }
  assert {
    condition     = length(aws_acm_certificate.this) == 0 && local.certificate_arn == var.certificate_arn && length(aws_route53_record.door) == 1
    error_message = "Another certificate is made, or the name is not."
  }
}

run "who_came_is_noted" {
  variables {
    access_log_days = 90
  }
  assert {
    condition     = aws_s3_bucket.access_log[0].bucket == "test-ingest-access-123456789012" && one(aws_s3_bucket_lifecycle_configuration.access_log[0].rule[0].expiration).days == 90
    error_message = "The log has a bucket of its own, and goes after its time."
  }
  assert {
    condition     = module.door[0].access_log_bucket == "test-ingest-access-123456789012"
    error_message = "There is a bucket, and the door writes nothing into it."
  }
  assert {
    condition = (aws_s3_bucket_public_access_block.access_log[0].restrict_public_buckets && aws_s3_bucket_public_access_block.access_log[0].block_public_policy &&
    one(one(aws_s3_bucket_server_side_encryption_configuration.access_log[0].rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256")
    error_message = "It is closed and encrypted."
  }
  assert {
    condition = {
      for statement in jsondecode(aws_s3_bucket_policy.access_log[0].policy).Statement : statement.Action => [statement.Principal.Service, statement.Condition.StringEquals["aws:SourceAccount"]]
      if statement.Effect == "Allow"
      } == {
      "s3:GetBucketAcl" = ["delivery.logs.amazonaws.com", "123456789012"]
      "s3:PutObject"    = ["delivery.logs.amazonaws.com", "123456789012"]
    }
    error_message = "Load balancers of this account write into it, and nobody else does."
  }
}

run "privatelink_over_tls" {
  command = plan
  variables {
    kind           = "privatelink"
    principal_arns = ["arn:aws:iam::210987654321:root"]
    cidrs          = []
  }
  assert {
    condition     = length(module.door) == 1 && one(keys(output.target_group_arns)) == "link" && !output.exposes_internal_nlb && length(aws_route53_record.door) == 0
    error_message = "It has a door of its own, whose name is set in partners' networks."
  }
}

run "refuses_a_name_of_another_zone" {
  command         = plan
  expect_failures = [var.domain]
  variables {
    domain = { name = "ingest.elsewhere.example.com", zone = "fairway.example.com" }
  }
}

run "refuses_a_name_for_no_door" {
  command         = plan
  expect_failures = [var.domain]
  variables {
    kind  = "none"
    cidrs = []
  }
}

run "refuses_a_log_of_no_day" {
  command         = plan
  expect_failures = [var.access_log_days]
  variables {
    access_log_days = 0
  }
}

run "refuses_a_log_of_plaintext" {
  command         = plan
  expect_failures = [var.access_log_days]
  variables {
    kind            = "privatelink"
    principal_arns  = ["arn:aws:iam::210987654321:root"]
    cidrs           = []
    domain          = null
    access_log_days = 90
  }
}
