# For trying things: one task of each, no standby, AWS's endpoints in one zone.
name               = "fairway-dev"
region             = "eu-west-1"
production         = false
availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
cidr               = "10.20.0.0/20"
endpoint_zones     = 1
log_days           = 7

database = {
  instance_class = "db.t4g.medium"
  multi_az       = false
  storage_gb     = { initial = 20, max = 100 }
  backup_days    = 1
}

query = {
  size  = { cpu = 512, memory = 1024 }
  tasks = { min = 1, max = 2 }
}

ingest = {
  size             = { cpu = 512, memory = 1024 }
  tasks            = { min = 1, max = 2 }
  uploads_max      = 4
  uploads_per_task = 2
}

loader = {
  partners  = ["acme"]
  vcpus_max = 2
  keep_days = 14
}

mesh                    = false # a proxy would take half of such a task, and nobody calls through it
route_prometheus_alerts = false
thresholds              = { uploads_in_flight = 3, database_free_gb = 5 }
