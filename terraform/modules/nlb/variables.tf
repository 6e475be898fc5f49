variable "name" {
  description = "Name of the load balancer and its target group."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,31}$", var.name)) && !startswith(var.name, "internal-")
    error_message = "name must be at most 32 of a-z, 0-9 and -, and not begin with internal-."
  }
}

variable "internal" {
  description = "Whether it has private addresses only."
  type        = bool
  default     = true
}

variable "certificate_arn" {
  description = "Certificate in ACM with which TLS ends here; null: the bytes are passed on as they are."
  type        = string
  default     = null
  validation {
    condition     = var.certificate_arn == null || can(regex("^arn:aws[a-z-]*:acm:", var.certificate_arn))
    error_message = "certificate_arn must be the ARN of a certificate in ACM."
  }
  validation {
    condition     = var.internal || var.certificate_arn != null
    error_message = "Nothing goes over the internet without TLS: a load balancer that is not internal needs certificate_arn."
  }
}

variable "access_log_bucket" {
  description = "Bucket in which it notes every connection; null: nowhere. AWS notes those of TLS only."
  type        = string
  default     = null
  validation {
    condition     = var.access_log_bucket == null || var.certificate_arn != null
    error_message = "A load balancer logs connections that it ends TLS of: access_log_bucket needs certificate_arn."
  }
}

variable "private_link" {
  description = "Whether a PrivateLink endpoint service stands before it."
  type        = bool
  default     = false
}

variable "deletion_protection" {
  type    = bool
  default = false
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "port" {
  description = "The gRPC port, of the listener and of the tasks."
  type        = number
}

variable "admin_port" {
  description = "Where tasks answer /readyz."
  type        = number
}

variable "task_security_group_id" {
  type = string
}

variable "client_cidrs" {
  description = "Ranges that may connect."
  type        = set(string)
  default     = []
  validation {
    condition     = alltrue([for cidr in var.client_cidrs : can(cidrhost(cidr, 0))])
    error_message = "client_cidrs must be IPv4 ranges, such as 10.20.0.0/16."
  }
  validation {
    condition     = !var.internal || !contains(var.client_cidrs, "0.0.0.0/0")
    error_message = "An internal load balancer serves known ranges: 0.0.0.0/0 is none."
  }
}

variable "client_security_group_ids" {
  description = "Security groups that may connect, by a name for each."
  type        = map(string)
  default     = {}
}

variable "idle_seconds" {
  description = "After how long without a byte a connection is dropped. Clients and servers ping every 60 s."
  type        = number
  default     = 350
  validation {
    condition     = var.idle_seconds >= 120 && var.idle_seconds <= 6000
    error_message = "idle_seconds must be 120 to 6000: twice the interval of pings at least."
  }
}
