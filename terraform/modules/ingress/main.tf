# How partners outside the VPC reach ingest, and only ingest: not at all; through PrivateLink, from networks of accounts
# that were named; or over a public load balancer, by TLS, from ranges that were named. Ingest itself has no TLS yet, and
# does not verify a partner's name: TLS ends at the load balancer, and only the accounts or ranges named here can connect.

locals {
  private_link = var.kind == "privatelink"
  public       = var.kind == "public"
}

resource "aws_vpc_endpoint_service" "this" {
  count                      = local.private_link ? 1 : 0
  acceptance_required        = true
  network_load_balancer_arns = [var.internal_nlb_arn]
  allowed_principals         = var.principal_arns
  tags                       = { Name = var.name }
}

module "public" {
  source                 = "../nlb"
  count                  = local.public ? 1 : 0
  name                   = "${var.name}-public"
  internal               = false
  deletion_protection    = var.deletion_protection
  vpc_id                 = var.vpc_id
  subnet_ids             = var.public_subnet_ids
  port                   = var.port
  admin_port             = var.admin_port
  task_security_group_id = var.task_security_group_id
  client_cidrs           = var.cidrs
  certificate_arn        = var.certificate_arn
  idle_seconds           = var.idle_seconds
}
