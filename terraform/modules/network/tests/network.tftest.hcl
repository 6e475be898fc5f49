mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name               = "test"
  cidr               = "10.20.0.0/16"
  availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  kms_key_arn        = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}

run "nine_subnets_in_three_zones" {
  assert {
    condition     = length(distinct([for subnet in aws_subnet.this : subnet.cidr_block])) == 9
    error_message = "Nine subnets, each with a range of its own."
  }
  assert {
    condition     = alltrue([for subnet in aws_subnet.this : !subnet.map_public_ip_on_launch])
    error_message = "Nothing gets a public address without asking for it."
  }
  assert {
    condition     = alltrue([for tier in ["public", "private", "database"] : length(output.subnet_ids[tier]) == 3])
    error_message = "Each tier is in three zones."
  }
}

run "only_public_subnets_reach_the_internet" {
  assert {
    condition     = toset([for key, route in aws_route.public : aws_subnet.this[key].tags["Tier"]]) == toset(["public"]) && length(aws_route.public) == 3
    error_message = "The way to the internet gateway is in public subnets only."
  }
  assert {
    condition     = length(aws_route.private) == 0 && length(aws_nat_gateway.this) == 0
    error_message = "Without nat, private subnets have no way out."
  }
}

run "tasks_reach_aws_through_endpoints" {
  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.interface : endpoint.private_dns_enabled && length(endpoint.subnet_ids) == 3])
    error_message = "Endpoints answer under AWS's own names, in every zone."
  }
  assert {
    condition     = alltrue([for name in ["ecr.api", "ecr.dkr", "logs", "ssm", "secretsmanager", "aps-workspaces"] : contains(keys(aws_vpc_endpoint.interface), name)])
    error_message = "What tasks cannot do without has an endpoint."
  }
  assert {
    condition     = length(aws_vpc_endpoint.interface) == 8
    error_message = "needs/main.tf asks an account for as many, and ci/costs has their price."
  }
  assert {
    condition     = aws_vpc_security_group_ingress_rule.endpoints.cidr_ipv4 == var.cidr
    error_message = "Endpoints are for the VPC only."
  }
}

run "refused_connections_are_logged_encrypted" {
  assert {
    condition     = aws_cloudwatch_log_group.flow["refused"].kms_key_id == var.kms_key_arn && { for log in aws_flow_log.this : log.traffic_type => log.log_destination } == { REJECT = aws_cloudwatch_log_group.flow["refused"].arn }
    error_message = "There is an encrypted log of refused connections, and of no others."
  }
  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.flow.policy).Statement :
      join(" ", statement.Action) => statement.Resource
      } == {
      "logs:CreateLogStream logs:DescribeLogStreams logs:PutLogEvents" = [
        aws_cloudwatch_log_group.flow["refused"].arn, "${aws_cloudwatch_log_group.flow["refused"].arn}:*"
      ]
      "logs:DescribeLogGroups" = "*"
    }
    error_message = "Flow logs look for their log and its streams, and write into no other."
  }
  assert {
    condition     = length(aws_default_security_group.none.ingress) == 0 && length(aws_default_security_group.none.egress) == 0
    error_message = "The VPC's default group allows nothing."
  }
}

run "accepted_connections_are_logged_when_asked_for" {
  variables {
    flow_log_accepted = true
  }
  assert {
    condition     = { for key, log in aws_flow_log.this : log.traffic_type => aws_cloudwatch_log_group.flow[key].name } == { REJECT = "/test/network/refused", ACCEPT = "/test/network/accepted" }
    error_message = "Who came in is not logged, or where refused connections are looked for."
  }
  assert {
    condition     = alltrue([for log in aws_cloudwatch_log_group.flow : log.kms_key_id == var.kms_key_arn])
    error_message = "Addresses of clients lie there unencrypted."
  }
}

run "nat_when_asked_for" {
  variables {
    nat            = true
    endpoint_zones = 1
  }
  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(aws_route.private) == 3
    error_message = "One NAT gateway for each zone."
  }
  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.interface : length(endpoint.subnet_ids) == 1])
    error_message = "Endpoints are in one zone, as asked."
  }
}

run "refuses_a_bad_range" {
  command         = plan
  expect_failures = [var.cidr]
  variables {
    cidr = "10.20.0.0/33"
  }
}

run "refuses_a_small_range" {
  command         = plan
  expect_failures = [var.cidr]
  variables {
    cidr = "10.20.0.0/24"
  }
}

run "refuses_two_zones" {
  command         = plan
  expect_failures = [var.availability_zones]
  variables {
    availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1b"]
    endpoint_zones     = 1
  }
}

run "refuses_four_zones_of_endpoints" {
  command         = plan
  expect_failures = [var.endpoint_zones]
  variables {
    endpoint_zones = 4
  }
}
