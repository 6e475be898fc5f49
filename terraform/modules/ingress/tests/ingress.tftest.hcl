mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name                   = "test-ingest"
  internal_nlb_arn       = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/net/test-ingest/50dc6c495c0c9188"
  vpc_id                 = "vpc-1"
  public_subnet_ids      = ["subnet-public-1", "subnet-public-2", "subnet-public-3"]
  private_subnet_ids     = ["subnet-private-1", "subnet-private-2", "subnet-private-3"]
  port                   = 50052
  admin_port             = 9465
  task_security_group_id = "sg-tasks"
}

run "none_by_default" {
  assert {
    condition     = length(aws_vpc_endpoint_service.this) == 0 && length(module.door) == 0 && output.address == null
    error_message = "There is no way in unless one was asked for."
  }
  assert {
    condition     = length(output.target_group_arns) == 0 && length(output.security_group_ids) == 0
    error_message = "Tasks join nothing."
  }
}

run "privatelink" {
  variables {
    kind           = "privatelink"
    principal_arns = ["arn:aws:iam::210987654321:root"]
  }
  assert {
    condition     = aws_vpc_endpoint_service.this[0].acceptance_required && aws_vpc_endpoint_service.this[0].allowed_principals == var.principal_arns
    error_message = "Named accounts ask, and somebody accepts."
  }
  assert {
    condition     = aws_vpc_endpoint_service.this[0].network_load_balancer_arns == toset([var.internal_nlb_arn]) && length(module.door) == 0 && output.exposes_internal_nlb
    error_message = "It stands before ingest's own load balancer; nothing is public."
  }
}

run "public" {
  variables {
    kind            = "public"
    certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    cidrs           = ["203.0.113.0/24"]
  }
  assert {
    condition     = length(aws_vpc_endpoint_service.this) == 0 && output.target_group_arns["public"] == module.door[0].target_group_arn
    error_message = "Tasks of ingest join the public load balancer."
  }
  assert {
    condition     = endswith(output.address, ":50052")
    error_message = "It serves the port of ingest."
  }
}

run "refuses_public_without_tls" {
  command         = plan
  expect_failures = [var.certificate_arn]
  variables {
    kind  = "public"
    cidrs = ["203.0.113.0/24"]
  }
}

run "refuses_public_without_ranges" {
  command         = plan
  expect_failures = [var.cidrs]
  variables {
    kind            = "public"
    certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
  }
}

run "refuses_public_for_everybody" {
  command         = plan
  expect_failures = [var.cidrs]
  variables {
    kind            = "public"
    certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    cidrs           = ["0.0.0.0/1", "128.0.0.0/1"]
  }
}

run "refuses_privatelink_for_nobody" {
  command         = plan
  expect_failures = [var.principal_arns]
  variables {
    kind = "privatelink"
  }
}

run "refuses_privatelink_for_everybody" {
  command         = plan
  expect_failures = [var.principal_arns]
  variables {
    kind           = "privatelink"
    principal_arns = ["*"]
  }
}

run "refuses_another_kind" {
  command         = plan
  expect_failures = [var.kind]
  variables {
    kind = "vpn"
  }
}
