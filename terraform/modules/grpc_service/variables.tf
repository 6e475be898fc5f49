variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "service" {
  description = "Which of the two."
  type        = string
  validation {
    condition     = contains(["query", "ingest"], var.service)
    error_message = "service must be query or ingest."
  }
}

variable "image" {
  description = "Image of the service, by digest. The first one: later ones are the pipeline's."
  type        = string
  validation {
    condition     = can(regex("^[^@ ]+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image must be given by digest: repository@sha256:…; a tag may mean another image tomorrow."
  }
}

variable "collector_image" {
  description = "Image of the AWS distribution of the OpenTelemetry collector, by digest."
  type        = string
  validation {
    condition     = can(regex("^[^@ ]+@sha256:[0-9a-f]{64}$", var.collector_image))
    error_message = "collector_image must be given by digest: repository@sha256:…"
  }
}

variable "size" {
  description = "CPU units (1024: one core) and MiB of memory of a task; one of the pairs Fargate has."
  type        = object({ cpu = number, memory = number })
  validation {
    condition = try(contains({
      "256"   = [512, 1024, 2048]
      "512"   = range(1024, 4097, 1024)
      "1024"  = range(2048, 8193, 1024)
      "2048"  = range(4096, 16385, 1024)
      "4096"  = range(8192, 30721, 1024)
      "8192"  = range(16384, 61441, 4096)
      "16384" = range(32768, 122881, 8192)
    }[tostring(var.size.cpu)], var.size.memory), false)
    error_message = "Fargate has no task with this pair of cpu and memory."
  }
}

variable "tasks" {
  description = "Least and greatest number of tasks."
  type        = object({ min = number, max = number })
  validation {
    condition     = var.tasks.min >= 1 && var.tasks.max >= var.tasks.min
    error_message = "tasks.min must be at least 1, and tasks.max not below it."
  }
}

variable "scaling" {
  description = "What a task should have to do: CPU in percent; calls a minute; uploads at a time. And how many refusals a minute of all tasks are too many. Without a number, it is not looked at."
  type = object({
    cpu_percent       = optional(number, 60)
    requests_per_task = optional(number)
    uploads_per_task  = optional(number)
    refusals          = optional(number)
  })
  default = {}
  validation {
    condition     = var.scaling.cpu_percent >= 10 && var.scaling.cpu_percent <= 90
    error_message = "scaling.cpu_percent must be 10 to 90: above it a burst finds no room."
  }
  validation {
    condition     = var.scaling.refusals == null || try(var.scaling.refusals >= 1, false)
    error_message = "scaling.refusals must be at least 1."
  }
}

variable "night" {
  description = "When fewer tasks than tasks.min will do, from and until a time of day; null: never."
  type        = object({ tasks_min = number, from = string, until = string, timezone = optional(string, "Etc/UTC") })
  default     = null
  validation {
    condition     = var.night == null || try(var.night.tasks_min >= 1 && var.night.tasks_min < var.tasks.min, false)
    error_message = "night.tasks_min must be at least 1, and below tasks.min."
  }
  validation {
    condition     = var.night == null || try(alltrue([for time in [var.night.from, var.night.until] : can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]$", time))]) && var.night.from != var.night.until, false)
    error_message = "night.from and night.until must be two times of day, such as 20:00."
  }
}

variable "port" {
  description = "gRPC."
  type        = number
}

variable "admin_port" {
  description = "/metrics, /livez, /readyz."
  type        = number
}

variable "environment" {
  description = "More environment variables."
  type        = map(string)
  default     = {}
}

variable "secrets" {
  description = "Environment variables whose values are secrets: ARNs of SSM parameters or of Secrets Manager's secrets."
  type        = map(string)
  default     = {}
  validation {
    condition     = alltrue([for arn in values(var.secrets) : can(regex("^arn:aws[a-z-]*:(ssm|secretsmanager):", arn))])
    error_message = "secrets are given by ARN, of an SSM parameter or of a secret; never by value."
  }
}

variable "former_secrets" {
  description = "ARNs of SSM parameters that revisions before this one have: tasks of those are started, too, until a release."
  type        = list(string)
  default     = []
}

variable "tls_secrets" {
  description = "The same, for certificates, keys and API keys: environment variable to ARN."
  type        = map(string)
  default     = {}
  validation {
    condition     = alltrue([for arn in values(var.tls_secrets) : can(regex("^arn:aws[a-z-]*:(ssm|secretsmanager):", arn))])
    error_message = "tls_secrets are given by ARN, of an SSM parameter or of a secret; never by value."
  }
}

variable "task_protection" {
  description = "Whether tasks protect themselves from being scaled in (ingest, while a batch runs)."
  type        = bool
  default     = false
}

variable "start_seconds" {
  description = "How long a task may take until it is ready: query loads all prices first."
  type        = number
  default     = 120
}

variable "idle_seconds" {
  description = "After how long without a byte a connection or a stream is dropped."
  type        = number
  default     = 350
}

variable "mesh" {
  description = "Whether tasks have a proxy of Service Connect, for callers that are services of ECS themselves."
  type        = bool
  default     = true
}

variable "errors_percent" {
  description = "Calls that may fail for reasons of ours, in percent, before the alarm."
  type        = number
  default     = 1
}

variable "errors_calls_min" {
  description = "As many calls a minute must there be before a percentage of them says anything."
  type        = number
  default     = 20
}

variable "alarm_topic_arns" {
  description = "The SNS topics that alarms notify: page for those that wake somebody, ticket for those that wait."
  type        = object({ page = string, ticket = string })
}

variable "deletion_protection" {
  type    = bool
  default = false
}
