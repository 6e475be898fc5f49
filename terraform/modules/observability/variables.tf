variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "kms_key_arn" {
  description = "Key of the topic, the log and Prometheus."
  type        = string
}

variable "metrics_namespace" {
  description = "CloudWatch's namespace of the services' figures."
  type        = string
}

variable "cluster_name" {
  type = string
}

variable "load_balancers" {
  description = "The load balancer of each service, by the service's name."
  type        = map(object({ metric_dimensions = map(string) }))
}

variable "mesh_names" {
  description = "The name of each service in the mesh, as its figures have it; none without a mesh."
  type        = map(string)
  default     = {}
}

variable "database" {
  description = "How CloudWatch names the database, the one that writes, and each instance."
  type = object({
    is_aurora                = bool
    metric_dimensions        = map(string)
    writer_metric_dimensions = map(string)
    instances                = list(string)
  })
}

variable "loader" {
  type = object({ dead_letter_queue = string, metrics_namespace = string })
}

variable "alarm_receivers" {
  description = "Whom to notify, by severity: addresses of mail, or https URLs of a service that calls people. Each confirms once."
  type        = object({ page = optional(set(string), []), ticket = optional(set(string), []) })
  default     = {}
  validation {
    condition = alltrue([for receiver in setunion(var.alarm_receivers.page, var.alarm_receivers.ticket) :
    can(regex("^([^@ ]+@[^@ ]+\\.[^@ ]+|https://[^ ]+)$", receiver))])
    error_message = "alarm_receivers must be addresses of mail, or https URLs."
  }
}

variable "prometheus_rules" {
  description = "Rules and alerts, as Prometheus reads them."
  type        = string
  validation {
    condition     = can(yamldecode(var.prometheus_rules).groups)
    error_message = "prometheus_rules must be YAML with groups."
  }
}

variable "route_prometheus_alerts" {
  description = "Whether Prometheus' alerts reach the topic."
  type        = bool
  default     = true
}

variable "thresholds" {
  description = "When a place is narrow."
  type = object({
    database_cpu_percent    = optional(number, 80)
    database_free_gb        = optional(number, 10)
    database_free_memory_mb = optional(number, 256)
    database_connections    = optional(number, 160)
    database_queue_depth    = optional(number, 32)
    database_load_per_core  = optional(number, 2)
    database_commit_ms      = optional(number, 50)
    database_free_local_gb  = optional(number, 5)
    stale_seconds           = optional(number, 30)
    uploads_in_flight       = optional(number, 5)
    load_wait_seconds       = optional(number, 900)
  })
  default = {}
}
