# The two services, the door for partners, and the command that runs now and then.

locals {
  # Flags of the services that an environment may set.
  query_environment = merge(local.database_environment, {
    POSTGRES_USER                 = local.logins.query.user
    FAIRWAY_QUERY_ENGINE          = var.query.engine
    FAIRWAY_QUERY_BOOK_BYTES_MAX  = var.query.book_bytes_max
    FAIRWAY_QUERY_BOOK_LOADERS    = tostring(var.query.book_loaders)
    FAIRWAY_QUERY_CONNECTIONS_MAX = tostring(var.query.connections_max)
    FAIRWAY_QUERY_CONNECTION_AGE  = tostring(var.query.connection_age)
    FAIRWAY_LOG_LEVEL             = var.query.log_level
  })
  ingest_environment = merge(local.database_environment, {
    POSTGRES_USER                  = local.logins.ingest.user
    FAIRWAY_INGEST_UPLOADS_MAX     = tostring(var.ingest.uploads_max)
    FAIRWAY_INGEST_CONNECTIONS_MAX = tostring(var.ingest.connections_max)
    FAIRWAY_INGEST_CONNECTION_AGE  = tostring(var.ingest.connection_age)
    FAIRWAY_LOG_LEVEL              = var.ingest.log_level
  })
  # The command migrates as the administrator, and gives passwords to the logins of the services.
  command_environment = merge(local.database_environment, {
    POSTGRES_USER          = module.database.administrator
    FAIRWAY_INGEST_LOGIN   = local.logins.ingest.user
    FAIRWAY_QUERY_LOGIN    = local.logins.query.user
    FAIRWAY_QUERY_ADDRESS  = module.query.address
    FAIRWAY_INGEST_ADDRESS = module.ingest.address
  })
  command_secrets = {
    POSTGRES_PASSWORD             = var.administrator_parameter_arn
    FAIRWAY_INGEST_LOGIN_PASSWORD = local.logins.ingest.parameter_arn
    FAIRWAY_QUERY_LOGIN_PASSWORD  = local.logins.query.parameter_arn
  }
  cluster = {
    name                   = module.cluster.name
    arn                    = module.cluster.arn
    namespace_arn          = module.cluster.namespace_arn
    mesh_security_group_id = module.cluster.mesh_security_group_id
  }
  client_cidrs = setunion([var.cidr], var.client_cidrs)
}

module "query" {
  source              = "../grpc_service"
  name                = var.name
  service             = "query"
  image               = var.images.query
  collector_image     = var.images.collector
  size                = var.query.size
  tasks               = var.query.tasks
  night               = var.query.night
  scaling             = { cpu_percent = var.query.cpu_percent, requests_per_task = var.query.requests_per_task }
  start_seconds       = var.query.start_seconds
  port                = local.ports.query.grpc
  admin_port          = local.ports.query.admin
  environment         = local.query_environment
  secrets             = { POSTGRES_PASSWORD = local.logins.query.parameter_arn }
  former_secrets      = local.logins.query.parameter_arns
  tls_secrets         = var.tls_secrets.query
  client_cidrs        = local.client_cidrs
  deletion_protection = var.production
  alarm_topic_arns    = module.observability.alarm_topic_arns
  mesh                = var.mesh

  cluster                    = local.cluster
  repository_arns            = [module.cluster.repository_arns["query"], module.cluster.repository_arns["collector"]]
  log_group                  = module.cluster.log_groups["query"]
  metrics                    = module.observability.metrics
  kms_key_arn                = aws_kms_key.this.arn
  vpc_id                     = module.network.vpc_id
  subnet_ids                 = module.network.subnet_ids["private"]
  database_security_group_id = module.database.security_group_id
  endpoint_security_group_id = module.network.endpoint_security_group_id
  s3_prefix_list_id          = module.network.s3_prefix_list_id
  client_security_group_ids  = { command = module.command.security_group_id }
}

module "ingest" {
  source              = "../grpc_service"
  name                = var.name
  service             = "ingest"
  image               = var.images.ingest
  collector_image     = var.images.collector
  size                = var.ingest.size
  tasks               = var.ingest.tasks
  night               = var.ingest.night
  scaling             = { cpu_percent = var.ingest.cpu_percent, uploads_per_task = var.ingest.uploads_per_task, refusals = var.ingest.refusals }
  task_protection     = true
  port                = local.ports.ingest.grpc
  admin_port          = local.ports.ingest.admin
  environment         = local.ingest_environment
  secrets             = { POSTGRES_PASSWORD = local.logins.ingest.parameter_arn }
  former_secrets      = local.logins.ingest.parameter_arns
  tls_secrets         = var.tls_secrets.ingest
  client_cidrs        = local.client_cidrs
  private_link        = module.ingress.exposes_internal_nlb
  deletion_protection = var.production
  alarm_topic_arns    = module.observability.alarm_topic_arns
  mesh                = var.mesh

  cluster                    = local.cluster
  repository_arns            = [module.cluster.repository_arns["ingest"], module.cluster.repository_arns["collector"]]
  log_group                  = module.cluster.log_groups["ingest"]
  metrics                    = module.observability.metrics
  kms_key_arn                = aws_kms_key.this.arn
  vpc_id                     = module.network.vpc_id
  subnet_ids                 = module.network.subnet_ids["private"]
  database_security_group_id = module.database.security_group_id
  endpoint_security_group_id = module.network.endpoint_security_group_id
  s3_prefix_list_id          = module.network.s3_prefix_list_id
  client_security_group_ids  = { command = module.command.security_group_id, loader = module.loader.security_group_id }

  target_group_arns                = module.ingress.target_group_arns
  load_balancer_security_group_ids = module.ingress.security_group_ids
}

module "ingress" {
  source                 = "../ingress"
  name                   = "${var.name}-ingest"
  kind                   = var.partner_ingress.kind
  principal_arns         = var.partner_ingress.principal_arns
  cidrs                  = var.partner_ingress.cidrs
  certificate_arn        = var.partner_ingress.certificate_arn
  domain                 = var.partner_ingress.domain
  access_log_days        = var.partner_ingress.access_log_days
  internal_nlb_arn       = module.ingest.nlb.arn
  deletion_protection    = var.production
  vpc_id                 = module.network.vpc_id
  public_subnet_ids      = module.network.subnet_ids["public"]
  private_subnet_ids     = module.network.subnet_ids["private"]
  port                   = local.ports.ingest.grpc
  admin_port             = local.ports.ingest.admin
  task_security_group_id = module.ingest.task_security_group_id
}

module "command" {
  source         = "../command"
  name           = var.name
  image          = var.images.cli
  environment    = local.command_environment
  secrets        = local.command_secrets
  repository_arn = module.cluster.repository_arns["cli"]
  log_group      = module.cluster.log_groups["command"]
  kms_key_arn    = aws_kms_key.this.arn
  vpc_id         = module.network.vpc_id
  reaches = {
    "PostgreSQL"    = { security_group_id = module.database.security_group_id, port = module.database.port }
    "AWS endpoints" = { security_group_id = module.network.endpoint_security_group_id, port = 443 }
    "query"         = { security_group_id = module.query.nlb.security_group_id, port = local.ports.query.grpc }
    "ingest"        = { security_group_id = module.ingest.nlb.security_group_id, port = local.ports.ingest.grpc }
  }
  s3_prefix_list_id = module.network.s3_prefix_list_id
}
