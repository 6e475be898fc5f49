# What partners use. Aurora, because it fails over in half a minute and its storage grows by itself.
name               = "fairway-prod"
region             = "eu-west-1"
production         = true
availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
cidr               = "10.40.0.0/16"
log_days           = 90

database = {
  kind           = "aurora"
  instance_class = "db.r7g.xlarge"
  multi_az       = true
  backup_days    = 35
}

# 500 million prices at 16 bytes, and room to load them.
query = {
  size              = { cpu = 4096, memory = 16384 }
  tasks             = { min = 3, max = 12 }
  requests_per_task = 1000000
  book_bytes_max    = "10GB"
  start_seconds     = 300
}

ingest = {
  size             = { cpu = 4096, memory = 8192 }
  tasks            = { min = 3, max = 9 }
  uploads_max      = 16
  uploads_per_task = 8
}

loader = {
  partners              = ["acme", "blue-anchor"]
  writers               = { "blue-anchor" = ["arn:aws:iam::210987654321:role/fairway-upload"] }
  size                  = { cpu = 2048, memory = 4096 }
  vcpus_max             = 16
  transfer_acceleration = true
}

partner_ingress = {
  kind            = "privatelink"
  principal_arns  = ["arn:aws:iam::210987654321:root"]
  domain          = { name = "ingest.fairway.example.com", zone = "fairway.example.com" }
  access_log_days = 90
}

alarm_receivers = {
  page   = ["https://calls.example.com/fairway-prod", "fairway-oncall@example.com"]
  ticket = ["fairway@example.com"]
}
thresholds = { uploads_in_flight = 15, database_connections = 800, database_free_memory_mb = 2048 }

# A repository made or renamed since July 2026 needs its repository_ids, too: see terraform/README.md.
github = {
  repository     = "fairway-rates/fairway"
  environments   = ["prod"]
  infrastructure = true
}
