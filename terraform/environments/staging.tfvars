# Production at a smaller size: the same zones, standby and endpoints, so that a failover can be tried here first.
name               = "fairway-staging"
region             = "eu-west-1"
production         = false
availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
cidr               = "10.30.0.0/18"
log_days           = 14

database = {
  instance_class = "db.m7g.large"
  multi_az       = true
  storage_gb     = { initial = 50, max = 300 }
  backup_days    = 7
}

query = {
  size              = { cpu = 1024, memory = 4096 }
  tasks             = { min = 2, max = 4 }
  night             = { tasks_min = 1, from = "20:00", until = "03:30" }
  requests_per_task = 200000
}

ingest = {
  size  = { cpu = 1024, memory = 2048 }
  tasks = { min = 2, max = 4 }
  night = { tasks_min = 1, from = "20:00", until = "03:30" }
}

loader = {
  partners = ["acme", "blue-anchor"]
}

alarm_receivers = { ticket = ["fairway-staging@example.com"] } # at night, nobody

# A repository made or renamed since July 2026 needs its repository_ids, too: see terraform/README.md.
github = {
  repository     = "fairway-rates/fairway"
  environments   = ["staging"]
  infrastructure = true
}
