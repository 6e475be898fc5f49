variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "kind" {
  description = "instance: RDS for PostgreSQL; aurora: Aurora PostgreSQL, which fails over faster and grows its storage by itself."
  type        = string
  default     = "instance"
  validation {
    condition     = contains(["instance", "aurora"], var.kind)
    error_message = "kind must be instance or aurora."
  }
}

variable "production" {
  description = "Production must survive the loss of a zone and a careless apply."
  type        = bool
  default     = false
}

variable "multi_az" {
  description = "A standby in another zone (aurora: a reader, which takes over)."
  type        = bool
  default     = true
  validation {
    condition     = var.multi_az || !var.production
    error_message = "Production needs multi_az = true."
  }
}

variable "deletion_protection" {
  description = "Refuse to delete the database, and take a last snapshot if it is deleted after all."
  type        = bool
  default     = true
  validation {
    condition     = var.deletion_protection || !var.production
    error_message = "Production needs deletion_protection = true."
  }
}

variable "instance_class" {
  description = "Such as db.t4g.medium."
  type        = string
  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.(medium|[0-9]*x?large)$|^db\\.serverless$", var.instance_class))
    error_message = "instance_class must look like db.r7g.large; below medium there is no Performance Insights."
  }
}

variable "serverless" {
  description = "Least and greatest ACU, 2 GB of memory each, of instances of the class db.serverless (aurora only); null: instances are of a fixed size."
  type        = object({ min_acu = number, max_acu = number })
  default     = null
  validation {
    condition     = (var.serverless != null) == (var.instance_class == "db.serverless")
    error_message = "serverless and instance_class = \"db.serverless\" go together: one says how much the other may take."
  }
  validation {
    condition     = var.serverless == null || var.kind == "aurora"
    error_message = "Only Aurora is serverless: kind must be aurora."
  }
  validation {
    condition     = var.serverless == null || try(var.serverless.min_acu >= 0.5 && var.serverless.max_acu >= max(1, var.serverless.min_acu) && var.serverless.max_acu <= 256, false)
    error_message = "serverless must be 0.5 to 256 ACU, and max_acu at least 1. It cannot pause at 0: query always listens for commits."
  }
  validation {
    condition     = var.serverless == null || try(alltrue([for acu in values(var.serverless) : floor(acu * 2) == acu * 2]), false)
    error_message = "serverless goes in steps of half an ACU."
  }
}

variable "engine_version" {
  description = "PostgreSQL 15. instance: 15 alone, because its minor version is AWS's; aurora: 15.10, an LTS, or another 15.x. null: these."
  type        = string
  default     = null
  validation {
    condition     = var.engine_version == null || can(regex(var.kind == "aurora" ? "^15\\.[0-9]{1,2}$" : "^15$", var.engine_version))
    error_message = "Fairway is tested with PostgreSQL 15: engine_version must be 15.x for aurora, and 15 for an instance, whose minor version AWS raises."
  }
}

variable "storage_gb" {
  description = "Gigabytes at first, and the bound of its own growth (instance only)."
  type        = object({ initial = number, max = number })
  default     = { initial = 50, max = 500 }
  validation {
    condition     = var.storage_gb.initial >= 20 && var.storage_gb.max > var.storage_gb.initial
    error_message = "storage_gb.initial must be at least 20, and max greater than it."
  }
}

variable "iops" {
  description = "Reads and writes a second of the disk; null: what its size comes with, 3,000, and 12,000 from 400 GB on (instance only)."
  type        = number
  default     = null
  validation {
    condition     = var.iops == null || try(var.iops >= 12000 && var.iops <= 64000, false)
    error_message = "iops must be 12000 to 64000: what gp3 comes with at 400 GB cannot be lowered."
  }
  validation {
    condition     = var.iops == null || (var.kind == "instance" && var.storage_gb.initial >= 400)
    error_message = "AWS takes iops of an instance only, and only from storage_gb.initial = 400 on; Aurora's grow by themselves."
  }
}

variable "storage_throughput" {
  description = "MiB a second of the disk; null: what its size comes with, 125, and 500 from 400 GB on (instance only)."
  type        = number
  default     = null
  validation {
    condition     = var.storage_throughput == null || try(var.storage_throughput >= 500 && var.storage_throughput <= min(4000, var.iops / 4), false)
    error_message = "storage_throughput needs iops, and must be 500 to 4000 and at most a quarter of them."
  }
}

variable "read_replicas" {
  description = "Copies that only read, for SQL that is not Fairway's (aurora: readers besides the one that takes over)."
  type        = number
  default     = 0
  validation {
    condition     = contains(range(0, 6), var.read_replicas)
    error_message = "read_replicas must be 0 to 5."
  }
}

variable "apply_immediately" {
  description = "Whether changes, such as of its class or disk, are made at once instead of in the maintenance window. Some restart it."
  type        = bool
  default     = false
}

variable "backup_days" {
  description = "Days one can go back to any second of."
  type        = number
  default     = 7
  validation {
    condition     = var.backup_days >= (var.production ? 7 : 1) && var.backup_days <= 35
    error_message = "backup_days must be 1 to 35, and at least 7 in production."
  }
}

variable "log_days" {
  description = "Days PostgreSQL's log is kept."
  type        = number
  default     = 30
}

variable "log_kms_key_arn" {
  description = "Key of that log."
  type        = string
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  description = "The database subnets."
  type        = list(string)
}

variable "client_security_group_ids" {
  description = "Who may connect, by a name for each."
  type        = map(string)
}

variable "password" {
  description = "Of the administrator, fairway; from the module database_password."
  type        = string
  ephemeral   = true
  sensitive   = true
}

variable "password_version" {
  description = "Raised together with the password."
  type        = number
}
