mock_provider "aws" { source = "../../tests/mocks" }

variables {
  name                   = "test-ingest"
  vpc_id                 = "vpc-1"
  subnet_ids             = ["subnet-1", "subnet-2", "subnet-3"]
  port                   = 50052
  admin_port             = 9465
  task_security_group_id = "sg-tasks"
  client_cidrs           = ["10.20.0.0/16"]
}

run "internal_by_default" {
  assert {
    condition     = aws_lb.this.internal && aws_lb.this.load_balancer_type == "network"
    error_message = "It has private addresses only."
  }
  assert {
    condition     = aws_lb_listener.this.protocol == "TCP" && aws_lb_listener.this.tcp_idle_timeout_seconds == 350
    error_message = "It passes bytes on, and drops silent connections late."
  }
  assert {
    condition     = [for rule in aws_vpc_security_group_ingress_rule.cidr : "${rule.cidr_ipv4}:${rule.from_port}-${rule.to_port}"] == ["10.20.0.0/16:50052-50052"]
    error_message = "One range, one port."
  }
  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_egress_rule.tasks : rule.referenced_security_group_id == "sg-tasks" && rule.cidr_ipv4 == null])
    error_message = "It reaches the tasks and nothing else."
  }
}

run "public_with_tls" {
  variables {
    internal        = false
    certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    client_cidrs    = ["203.0.113.0/24"]
  }
  assert {
    condition     = !aws_lb.this.internal && aws_lb_listener.this.protocol == "TLS" && aws_lb_listener.this.certificate_arn == var.certificate_arn
    error_message = "Outside there is only TLS, with the certificate that was given."
  }
  assert {
    condition     = aws_lb_listener.this.alpn_policy == "HTTP2Only" && startswith(aws_lb_listener.this.ssl_policy, "ELBSecurityPolicy-TLS13-1-2")
    error_message = "gRPC is HTTP/2, and TLS is 1.2 at least."
  }
}

run "notes_who_came_when_asked_for" {
  variables {
    certificate_arn   = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    access_log_bucket = "test-access-123456789012"
  }
  assert {
    condition     = one(aws_lb.this.access_logs).enabled && one(aws_lb.this.access_logs).bucket == "test-access-123456789012"
    error_message = "Connections are not noted."
  }
}

run "refuses_a_log_that_stays_empty" {
  command         = plan
  expect_failures = [var.access_log_bucket]
  variables {
    access_log_bucket = "test-access-123456789012"
  }
}

run "refuses_public_without_tls" {
  command         = plan
  expect_failures = [var.certificate_arn]
  variables {
    internal = false
  }
}

run "refuses_what_is_no_certificate" {
  command         = plan
  expect_failures = [var.certificate_arn]
  variables {
    certificate_arn = "arn:aws:iam::123456789012:server-certificate/old"
  }
}

run "refuses_an_empty_certificate" {
  command         = plan
  expect_failures = [var.certificate_arn]
  variables {
    certificate_arn = ""
  }
}

run "streams_may_end_in_peace" {
  assert {
    condition     = tonumber(aws_lb_target_group.this.deregistration_delay) == 180 && !aws_lb_target_group.this.connection_termination
    error_message = "A task that leaves has three minutes, and its connections are not cut then either."
  }
  assert {
    condition     = !one(aws_lb_target_group.this.target_health_state).enable_unhealthy_connection_termination
    error_message = "A task that is not ready keeps its connections."
  }
  assert {
    condition     = one(aws_lb_target_group.this.health_check).protocol == "HTTP" && one(aws_lb_target_group.this.health_check).path == "/readyz" && one(aws_lb_target_group.this.health_check).port == "9465"
    error_message = "Readiness is asked of the admin port."
  }
}

run "private_link_decides_elsewhere" {
  variables {
    private_link = true
  }
  assert {
    condition     = aws_lb.this.enforce_security_group_inbound_rules_on_private_link_traffic == "off"
    error_message = "Clients of an endpoint service have addresses of their own."
  }
}

run "refuses_everybody_on_an_internal_one" {
  command         = plan
  expect_failures = [var.client_cidrs]
  variables {
    client_cidrs = ["0.0.0.0/0"]
  }
}

run "refuses_a_bad_range" {
  command         = plan
  expect_failures = [var.client_cidrs]
  variables {
    client_cidrs = ["10.20.0.0"]
  }
}

run "refuses_a_long_name" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "a-name-that-is-longer-than-load-balancers-have"
  }
}

run "refuses_to_drop_connections_between_pings" {
  command         = plan
  expect_failures = [var.idle_seconds]
  variables {
    idle_seconds = 60
  }
}
