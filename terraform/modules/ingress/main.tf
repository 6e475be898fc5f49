# How partners outside the VPC reach ingest, and only ingest: not at all; through PrivateLink, from networks of accounts
# that were named; or over a public load balancer, from ranges that were named. Ingest itself has no TLS yet, and does not verify
# a partner's name: TLS ends at a load balancer of their own, and only the accounts or ranges named here can connect.

locals {
  private_link = var.kind == "privatelink"
  public       = var.kind == "public"
  tls          = var.certificate_arn != null || var.domain != null
  # PrivateLink without TLS leads to the internal load balancer: not for production.
  door = local.public ? "public" : local.private_link && local.tls ? "link" : null
}

resource "aws_vpc_endpoint_service" "this" {
  count                      = local.private_link ? 1 : 0
  acceptance_required        = true
  network_load_balancer_arns = [local.tls ? module.door[0].arn : var.internal_nlb_arn]
  allowed_principals         = var.principal_arns
  tags                       = { Name = var.name }
}

module "door" {
  source                 = "../nlb"
  count                  = local.door == null ? 0 : 1
  name                   = "${var.name}-${local.door}"
  internal               = !local.public
  private_link           = local.private_link
  deletion_protection    = var.deletion_protection
  vpc_id                 = var.vpc_id
  subnet_ids             = local.public ? var.public_subnet_ids : var.private_subnet_ids
  port                   = var.port
  admin_port             = var.admin_port
  task_security_group_id = var.task_security_group_id
  client_cidrs           = var.cidrs
  certificate_arn        = local.certificate_arn
  access_log_bucket      = one(aws_s3_bucket_policy.access_log[*].bucket)
  idle_seconds           = var.idle_seconds
}

moved {
  from = module.public
  to   = module.door
}
