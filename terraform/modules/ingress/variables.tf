variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "kind" {
  description = "none, privatelink or public."
  type        = string
  default     = "none"
  validation {
    condition     = contains(["none", "privatelink", "public"], var.kind)
    error_message = "kind must be none, privatelink or public."
  }
}

variable "principal_arns" {
  description = "privatelink: accounts or roles that may ask for an endpoint; each endpoint is accepted by hand."
  type        = set(string)
  default     = []
  validation {
    condition     = alltrue([for arn in var.principal_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:", arn))])
    error_message = "principal_arns must be ARNs of accounts, roles or users; everybody (*) is none."
  }
  validation {
    condition     = var.kind != "privatelink" || length(var.principal_arns) > 0
    error_message = "privatelink needs principal_arns."
  }
}

variable "cidrs" {
  description = "public: ranges that may connect, those of partners."
  type        = set(string)
  default     = []
  validation {
    condition     = var.kind != "public" || length(var.cidrs) > 0
    error_message = "public needs cidrs: the ranges of partners."
  }
  validation {
    condition     = alltrue([for cidr in var.cidrs : try(tonumber(split("/", cidr)[1]), 32) >= 8])
    error_message = "Every caller can upload as any partner, so cidrs are ranges of partners: none wider than /8."
  }
}

variable "certificate_arn" {
  description = "Certificate in ACM with which TLS ends at the load balancer; null: one is made for domain."
  type        = string
  default     = null
  validation {
    condition     = var.kind != "public" || var.certificate_arn != null || var.domain != null
    error_message = "Nothing goes over the internet without TLS: public needs certificate_arn or domain."
  }
}

variable "domain" {
  description = "The door's name, in a public zone of Route 53. It points there if the door is public, and gets a certificate unless there is one."
  type        = object({ name = string, zone = string })
  default     = null
  validation {
    condition     = var.domain == null || try(var.domain.name == var.domain.zone || endswith(var.domain.name, ".${var.domain.zone}"), false)
    error_message = "domain.name must be in domain.zone: ingest.fairway.example.com in fairway.example.com."
  }
  validation {
    condition     = var.domain == null || var.kind != "none"
    error_message = "domain is the name of a door: with kind none there is none."
  }
}

variable "access_log_days" {
  description = "Days that the log of connections through the door is kept; null: there is none."
  type        = number
  default     = null
  validation {
    condition     = var.access_log_days == null || try(var.access_log_days >= 1, false)
    error_message = "access_log_days must be at least 1."
  }
  validation {
    condition     = var.access_log_days == null || (var.kind != "none" && (var.certificate_arn != null || var.domain != null))
    error_message = "A load balancer logs connections that it ends TLS of: access_log_days needs a door with certificate_arn or domain."
  }
}

variable "internal_nlb_arn" {
  description = "The load balancer of ingest; PrivateLink exposes a load balancer whole, which is why each service has its own."
  type        = string
}

variable "deletion_protection" {
  type    = bool
  default = false
}

variable "vpc_id" {
  type = string
}

variable "public_subnet_ids" {
  type = list(string)
}

variable "private_subnet_ids" {
  type = list(string)
}

variable "port" {
  type = number
}

variable "admin_port" {
  type = number
}

variable "task_security_group_id" {
  type = string
}

variable "idle_seconds" {
  type    = number
  default = 350
}
