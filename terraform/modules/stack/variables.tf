variable "name" {
  description = "Prefix of every name. Another one is another copy of the system, beside the others."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,16}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 18 of a-z, 0-9 and -, beginning with a letter."
  }
}

variable "region" {
  type = string
}

variable "production" {
  description = "Whether the loss of a zone, or a careless apply, must not be noticed."
  type        = bool
  validation {
    condition     = !var.production || var.database.multi_az
    error_message = "Production needs database.multi_az = true."
  }
  validation {
    condition     = !var.production || min([for service in [var.query, var.ingest] : try(service.night.tasks_min, service.tasks.min)]...) >= 2
    error_message = "Production needs two tasks of each service at least, at night, too."
  }
  validation {
    condition     = !var.production || var.partner_ingress.kind == "none" || var.partner_ingress.certificate_arn != null || var.partner_ingress.domain != null
    error_message = "Production takes partners in over TLS only, through PrivateLink, too: partner_ingress needs certificate_arn or domain."
  }
  validation {
    condition     = !var.production || var.endpoint_zones == 3
    error_message = "Production needs AWS's endpoints in all three zones."
  }
  validation {
    condition     = !var.production || (min(length(var.alarm_receivers.page), length(var.alarm_receivers.ticket)) > 0 && var.route_prometheus_alerts)
    error_message = "Production needs somebody whom alarms reach: alarm_receivers of page and ticket, and route_prometheus_alerts = true."
  }
}

variable "availability_zones" {
  description = "Three zones of the region."
  type        = list(string)
}

variable "cidr" {
  description = "Range of the VPC, /16 to /20."
  type        = string
}

variable "nat" {
  description = "Whether private subnets reach the internet; nothing here needs it."
  type        = bool
  default     = false
}

variable "endpoint_zones" {
  description = "In how many zones AWS's endpoints have an address."
  type        = number
  default     = 3
}

variable "client_cidrs" {
  description = "Ranges besides the VPC's that reach the internal load balancers: peered networks, a VPN."
  type        = set(string)
  default     = []
}

variable "log_days" {
  description = "Days logs are kept."
  type        = number
  default     = 30
}

variable "flow_log_accepted" {
  description = "Whether the VPC's log has accepted connections besides refused ones: one line for each in ten minutes."
  type        = bool
  default     = false
}

variable "database" {
  description = "See modules/database; copies: backups in another region, see modules/database_copies."
  type = object({
    kind               = optional(string, "instance")
    instance_class     = string
    serverless         = optional(object({ min_acu = number, max_acu = number }))
    engine_version     = optional(string)
    multi_az           = bool
    storage_gb         = optional(object({ initial = number, max = number }), { initial = 50, max = 500 })
    iops               = optional(number)
    storage_throughput = optional(number)
    read_replicas      = optional(number, 0)
    apply_immediately  = optional(bool, false)
    backup_days        = optional(number, 7)
    restore            = optional(object({ snapshot = optional(string), time = optional(string), source = optional(string) }))
    copies             = optional(object({ region = string, days = optional(number, 35) }))
  })
  validation {
    condition     = try(var.database.copies.region, null) != var.region
    error_message = "database.copies.region must be another region: copies beside the database are lost with it."
  }
}

variable "password_version" {
  description = "Raise it for a new password of the database's administrator, as which no service logs in."
  type        = number
  default     = 1
}

variable "login_version" {
  description = "Raise it by one, apply and release, for new passwords of the services; see logins.tf in modules/stack."
  type        = number
  default     = 1
  validation {
    condition     = var.login_version >= 1 && floor(var.login_version) == var.login_version
    error_message = "login_version must be 1, 2, 3 and so on."
  }
}

variable "images" {
  description = "The first images, by digest; the pipeline deploys later ones. collector: the AWS distribution of OpenTelemetry."
  type        = object({ query = string, ingest = string, cli = string, collector = string })
}

variable "query" {
  description = "Tasks of query. A task holds all prices: 8 to 16 bytes each, and as much again while they are loaded."
  type = object({
    size              = object({ cpu = number, memory = number })
    tasks             = object({ min = number, max = number })
    night             = optional(object({ tasks_min = number, from = string, until = string, timezone = optional(string, "Etc/UTC") }))
    cpu_percent       = optional(number, 60)
    requests_per_task = optional(number)
    start_seconds     = optional(number, 120)
    engine            = optional(string, "memory")
    book_bytes_max    = optional(string, "0")
    book_loaders      = optional(number, 2)
    connections_max   = optional(number, 16)
    connection_age    = optional(number, 60)
    log_level         = optional(string, "info")
  })
  validation {
    condition     = contains(["memory", "sql"], var.query.engine)
    error_message = "query.engine must be memory or sql."
  }
  validation {
    condition     = contains(range(1, 65), var.query.book_loaders) && contains(range(1, 257), var.query.connections_max)
    error_message = "query.book_loaders must be 1 to 64, and connections_max 1 to 256: the service takes no others."
  }
  validation {
    condition     = contains(range(10, 81), var.query.connection_age)
    error_message = "query.connection_age must be 10 to 80 seconds: all clients have gone elsewhere before a drain of 90 ends."
  }
  validation {
    condition     = contains(["debug", "info", "warning", "error"], var.query.log_level)
    error_message = "query.log_level must be debug, info, warning or error."
  }
}

variable "ingest" {
  description = "Tasks of ingest. Each upload that runs may take 100 MB."
  type = object({
    size             = object({ cpu = number, memory = number })
    tasks            = object({ min = number, max = number })
    night            = optional(object({ tasks_min = number, from = string, until = string, timezone = optional(string, "Etc/UTC") }))
    cpu_percent      = optional(number, 60)
    uploads_max      = optional(number, 8)
    uploads_per_task = optional(number, 4)
    refusals         = optional(number, 5)
    connections_max  = optional(number, 16)
    connection_age   = optional(number, 60)
    log_level        = optional(string, "info")
  })
  validation {
    condition     = var.ingest.uploads_max * 100 <= var.ingest.size.memory - 512
    error_message = "ingest.size.memory must hold 100 MB for each of uploads_max, and 512 MB for the rest: the collector has 256 of them."
  }
  validation {
    condition     = contains(range(1, 257), var.ingest.uploads_max) && contains(range(1, 257), var.ingest.connections_max)
    error_message = "ingest.uploads_max and connections_max must be 1 to 256: the service takes no others."
  }
  validation {
    condition     = contains(range(10, 81), var.ingest.connection_age)
    error_message = "ingest.connection_age must be 10 to 80 seconds: all clients have gone elsewhere before a drain of 90 ends."
  }
  validation {
    condition     = contains(["debug", "info", "warning", "error"], var.ingest.log_level)
    error_message = "ingest.log_level must be debug, info, warning or error."
  }
}

variable "loader" {
  description = "See modules/loader."
  type = object({
    partners               = set(string)
    writers                = optional(map(set(string)), {})
    size                   = optional(object({ cpu = number, memory = number }), { cpu = 1024, memory = 2048 })
    vcpus_max              = optional(number, 4)
    transfer_acceleration  = optional(bool, false)
    unfinished_upload_days = optional(number, 3)
    keep_days              = optional(number, 90)
  })
}

variable "partner_ingress" {
  description = "How partners outside the VPC reach ingest: none, privatelink or public; see modules/ingress."
  type = object({
    kind            = optional(string, "none")
    principal_arns  = optional(set(string), [])
    cidrs           = optional(set(string), [])
    certificate_arn = optional(string)
    domain          = optional(object({ name = string, zone = string }))
    access_log_days = optional(number)
  })
  default = {}
}

variable "tls_secrets" {
  description = "Certificates, keys and API keys: environment variable to the ARN of a secret, for each program."
  type = object({
    query  = optional(map(string), {})
    ingest = optional(map(string), {})
    loader = optional(map(string), {})
  })
  default = {}
}

variable "mesh" {
  description = "Whether tasks have a proxy of Service Connect. Only services of ECS can call through it; docs/operations.md says what it costs."
  type        = bool
  default     = true
}

variable "alarm_receivers" {
  description = "Whom alarms reach, by severity: addresses of mail, or https URLs of a service that calls people."
  type        = object({ page = optional(set(string), []), ticket = optional(set(string), []) })
  default     = {}
}

variable "route_prometheus_alerts" {
  description = "Whether Prometheus' alerts go where CloudWatch's go."
  type        = bool
  default     = true
}

variable "thresholds" {
  description = "When a place is narrow: see modules/observability. A map, because unknown names of an object are dropped."
  type        = map(number)
  default     = {}
  validation {
    condition = length(setsubtract(keys(var.thresholds), [
      "database_cpu_percent", "database_free_gb", "database_free_memory_mb", "database_connections", "database_queue_depth",
      "database_load_per_core", "database_commit_ms", "database_free_local_gb", "stale_seconds", "uploads_in_flight",
      "load_wait_seconds"
    ])) == 0
    error_message = "thresholds may have the names of modules/observability alone."
  }
}

variable "github" {
  description = "The repository whose pipeline deploys; null: none. See modules/github_oidc, and terraform/README.md for what it needs."
  type = object({
    repository     = string
    repository_ids = optional(object({ owner = string, repository = string }))
    environments   = set(string)
    branches       = optional(set(string), ["main"])
    infrastructure = optional(bool, false)
  })
  default = null
}

variable "batch_service_role_arn" {
  description = "Role of the loader's compute environment; null: the one AWS makes for Batch."
  type        = string
  default     = null
}
