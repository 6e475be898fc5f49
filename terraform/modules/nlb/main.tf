# A network load balancer for one gRPC port. It passes TCP on, so that TLS and client certificates end in the service,
# unless it has a certificate itself; it asks the admin port whether a task is ready. Long streams set most of the values
# here.

locals {
  tls = var.certificate_arn != null
}

resource "aws_security_group" "this" {
  name        = "${var.name}-nlb"
  description = "Clients of ${var.name}"
  vpc_id      = var.vpc_id
  tags        = { Name = "${var.name}-nlb" }
}

resource "aws_vpc_security_group_ingress_rule" "cidr" {
  for_each          = var.client_cidrs
  security_group_id = aws_security_group.this.id
  description       = "gRPC from ${each.value}"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = var.port
  to_port           = var.port
}

resource "aws_vpc_security_group_ingress_rule" "group" {
  for_each                     = var.client_security_group_ids
  security_group_id            = aws_security_group.this.id
  description                  = "gRPC from ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
}

resource "aws_vpc_security_group_egress_rule" "tasks" {
  for_each                     = { grpc = var.port, health = var.admin_port }
  security_group_id            = aws_security_group.this.id
  description                  = "To the tasks: ${each.key}"
  referenced_security_group_id = var.task_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_lb" "this" {
  name                             = var.name
  load_balancer_type               = "network"
  internal                         = var.internal
  subnets                          = var.subnet_ids
  security_groups                  = [aws_security_group.this.id]
  enable_cross_zone_load_balancing = true
  enable_deletion_protection       = var.deletion_protection
  # A PrivateLink client comes from a network of its own, whose addresses say nothing here: the endpoint service decides
  # who it is.
  enforce_security_group_inbound_rules_on_private_link_traffic = var.private_link ? "off" : "on"
  dynamic "access_logs" {
    for_each = var.access_log_bucket[*]
    content {
      bucket  = access_logs.value
      enabled = true
    }
  }
}

resource "aws_lb_target_group" "this" {
  name               = var.name
  target_type        = "ip"
  protocol           = "TCP"
  port               = var.port
  vpc_id             = var.vpc_id
  preserve_client_ip = false
  # A task that leaves gets time to end its streams; nothing cuts them, not even failing health checks, because only the
  # task can tell whether a batch is being committed.
  deregistration_delay   = 180
  connection_termination = false
  target_health_state {
    enable_unhealthy_connection_termination = false
  }
  health_check {
    protocol            = "HTTP"
    port                = var.admin_port
    path                = "/readyz"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
}

resource "aws_lb_listener" "this" {
  load_balancer_arn = aws_lb.this.arn
  port              = var.port
  protocol          = local.tls ? "TLS" : "TCP"
  certificate_arn   = var.certificate_arn
  ssl_policy        = local.tls ? "ELBSecurityPolicy-TLS13-1-2-2021-06" : null
  alpn_policy       = local.tls ? "HTTP2Only" : null
  # Where TLS ends here, it is 350 seconds and cannot be set.
  tcp_idle_timeout_seconds = local.tls ? null : var.idle_seconds
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }
}
