# Who may reach a task, and what it may reach. Nothing else is open.

resource "aws_security_group" "this" {
  name        = "${local.name}-tasks"
  description = "Tasks of ${local.name}"
  vpc_id      = var.vpc_id
  tags        = { Name = "${local.name}-tasks" }
}

locals {
  load_balancer_groups = merge({ internal = module.nlb.security_group_id }, var.load_balancer_security_group_ids)
  from_load_balancers = merge([
    for load_balancer, group in local.load_balancer_groups : {
      for purpose, port in { grpc = var.port, health = var.admin_port } :
      "${load_balancer}-${purpose}" => { group = group, port = port }
    }
  ]...)
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  for_each                     = local.from_load_balancers
  security_group_id            = aws_security_group.this.id
  description                  = "From a load balancer: ${each.key}"
  referenced_security_group_id = each.value.group
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "mesh" {
  count                        = var.mesh ? 1 : 0
  security_group_id            = aws_security_group.this.id
  description                  = "From the proxies of the mesh"
  referenced_security_group_id = var.cluster.mesh_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = local.mesh_port
  to_port                      = local.mesh_port
}

# Tasks of every service are members of the mesh's group, and call this service through it.
resource "aws_vpc_security_group_egress_rule" "mesh" {
  count                        = var.mesh ? 1 : 0
  security_group_id            = var.cluster.mesh_security_group_id
  description                  = "To the proxies of ${local.name}"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = local.mesh_port
  to_port                      = local.mesh_port
}

resource "aws_vpc_security_group_egress_rule" "database" {
  security_group_id            = aws_security_group.this.id
  description                  = "PostgreSQL"
  referenced_security_group_id = var.database_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_egress_rule" "endpoints" {
  security_group_id            = aws_security_group.this.id
  description                  = "AWS, through its endpoints in the VPC"
  referenced_security_group_id = var.endpoint_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  security_group_id = aws_security_group.this.id
  description       = "S3, where ECR keeps the layers of images"
  prefix_list_id    = var.s3_prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
