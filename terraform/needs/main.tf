# What an environment asks an account for, from its values alone: no provider, no credentials. ci/release/preflight compares it
# with what the account has. What Terraform makes is compared with it by tests/terraform/needs.py.

locals {
  services  = { query = var.query, ingest = var.ingest }
  is_aurora = var.database.kind == "aurora"
  instances = (local.is_aurora && var.database.multi_az ? 2 : 1) + var.database.read_replicas
  nats      = var.nat ? length(var.availability_zones) : 0
  # Cores: all tasks at their largest number and, while they are deployed, as many new ones; loads; a command.
  task_vcpus = sum([for service in local.services : service.size.cpu / 1024 * service.tasks.max])
  vcpus      = 2 * local.task_vcpus + var.loader.vcpus_max + 0.25

  # Partners' own door ends TLS; PrivateLink without TLS leads to ingest's.
  has_tls        = var.partner_ingress.certificate_arn != null || var.partner_ingress.domain != null
  doors          = { public = "${var.name}-ingest-public", privatelink = local.has_tls ? "${var.name}-ingest-link" : null }
  load_balancers = compact(["${var.name}-query", "${var.name}-ingest", lookup(local.doors, var.partner_ingress.kind, null)])

  # By their codes in Service Quotas. All are of an account in a region, but those that say of what else.
  quotas = [
    { service = "fargate", code = "L-3032A538", what = "cores of Fargate", need = ceil(local.vcpus) },
    { service = "vpc", code = "L-F678F1CE", what = "VPCs", need = 1 },
    { service = "vpc", code = "L-29B6F2EB", what = "interface endpoints of a VPC", need = 8 },
    { service = "vpc", code = "L-FE5A380F", what = "NAT gateways of a zone", need = var.nat ? 1 : 0 },
    { service = "ec2", code = "L-0263D0A3", what = "elastic addresses", need = local.nats },
    { service = "elasticloadbalancing", code = "L-69A177A2", what = "network load balancers", need = length(local.load_balancers) },
    { service = "rds", code = "L-7B6409FD", what = "database instances", need = local.instances },
    { service = "rds", code = "L-952B80B8", what = "database clusters", need = local.is_aurora ? 1 : 0 },
  ]

  needs = {
    name               = var.name
    region             = var.region
    availability_zones = var.availability_zones
    quotas             = [for quota in local.quotas : quota if quota.need > 0]
    load_balancers     = local.load_balancers
    github             = var.github
    database = {
      engine = local.is_aurora ? "aurora-postgresql" : "postgres"
      # A whole version, or the major one, of which the newest minor is taken.
      version = coalesce(var.database.engine_version, local.is_aurora ? "15.10" : "15")
      class   = var.database.instance_class
      zones   = var.database.multi_az ? 2 : 1
    }
  }
}
