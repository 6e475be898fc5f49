# Files that partners put into a bucket, instead of streaming them.

module "loader" {
  source                 = "../loader"
  name                   = var.name
  partners               = var.loader.partners
  writers                = var.loader.writers
  image                  = var.images.cli
  size                   = var.loader.size
  vcpus_max              = var.loader.vcpus_max
  transfer_acceleration  = var.loader.transfer_acceleration
  unfinished_upload_days = var.loader.unfinished_upload_days
  keep_days              = var.loader.keep_days
  log_days               = var.log_days
  batch_service_role_arn = var.batch_service_role_arn
  deletion_protection    = var.production
  secrets                = var.tls_secrets.loader
  ingest = {
    address           = module.ingest.address
    port              = local.ports.ingest.grpc
    security_group_id = module.ingest.nlb.security_group_id
  }
  metrics_namespace          = local.metrics_namespace
  repository_arn             = module.cluster.repository_arns["cli"]
  log_group                  = module.cluster.log_groups["loader"]
  kms_key_arn                = aws_kms_key.this.arn
  vpc_id                     = module.network.vpc_id
  subnet_ids                 = module.network.subnet_ids["private"]
  endpoint_security_group_id = module.network.endpoint_security_group_id
  s3_prefix_list_id          = module.network.s3_prefix_list_id
}
