# Fairway on AWS, whole. An environment is a file of values under environments/; a scaled-down copy is one more such file
# with another name.

data "aws_caller_identity" "current" {}

locals {
  account           = data.aws_caller_identity.current.account_id
  metrics_namespace = "Fairway/${var.name}"
  images            = toset(["cli", "collector", "ingest", "query"])
  ports = {
    query  = { grpc = 50051, admin = 9464 }
    ingest = { grpc = 50052, admin = 9465 }
  }
}

module "network" {
  source             = "../network"
  name               = var.name
  cidr               = var.cidr
  availability_zones = var.availability_zones
  nat                = var.nat
  endpoint_zones     = var.endpoint_zones
  flow_log_days      = var.log_days
  flow_log_accepted  = var.flow_log_accepted
  kms_key_arn        = aws_kms_key.this.arn
}

module "cluster" {
  source       = "../cluster"
  name         = var.name
  vpc_id       = module.network.vpc_id
  kms_key_arn  = aws_kms_key.this.arn
  repositories = local.images
  force_delete = !var.production
  log_groups   = ["command", "ingest", "loader", "query"]
  log_days     = var.log_days
}

module "observability" {
  source                  = "../observability"
  name                    = var.name
  kms_key_arn             = aws_kms_key.this.arn
  metrics_namespace       = local.metrics_namespace
  cluster_name            = module.cluster.name
  load_balancers          = { query = module.query.nlb, ingest = module.ingest.nlb }
  mesh_names              = var.mesh ? { query = module.query.mesh_name, ingest = module.ingest.mesh_name } : {}
  loader                  = { dead_letter_queue = module.loader.dead_letter_queue, metrics_namespace = module.loader.metrics_namespace }
  alarm_receivers         = var.alarm_receivers
  prometheus_rules        = file("${path.module}/../../../deploy/prometheus/rules.yaml")
  route_prometheus_alerts = var.route_prometheus_alerts
  thresholds              = var.thresholds
  database = {
    is_aurora                = module.database.is_aurora
    metric_dimensions        = module.database.metric_dimensions
    writer_metric_dimensions = module.database.writer_metric_dimensions
    instances                = module.database.instances
  }
}
