variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "repository" {
  description = "owner/name on GitHub."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "repository must be owner/name, without wildcards."
  }
}

variable "refs" {
  description = "Refs whose runs may deploy, such as refs/heads/main."
  type        = set(string)
  default     = []
  validation {
    condition     = alltrue([for ref in var.refs : can(regex("^refs/(heads|tags)/[A-Za-z0-9._/-]+$", ref))])
    error_message = "refs must be whole, such as refs/heads/main, without wildcards."
  }
}

variable "environments" {
  description = "GitHub environments whose jobs may deploy: a job with an environment is known by it, not by its ref."
  type        = set(string)
  default     = []
  validation {
    condition     = alltrue([for environment in var.environments : can(regex("^[A-Za-z0-9._-]+$", environment))])
    error_message = "environments must be names, without wildcards."
  }
  validation {
    condition     = length(var.environments) + length(var.refs) > 0
    error_message = "Name at least one ref or environment."
  }
}

variable "deployment_parameter_arn" {
  description = "The SSM parameter with the resource names that the pipeline needs."
  type        = string
}

variable "cluster_arn" {
  type = string
}

variable "service_arns" {
  type = list(string)
}

variable "task_families" {
  description = "Families of task definitions it may add revisions to."
  type        = list(string)
}

variable "one_off_families" {
  description = "Those of them it may run by itself."
  type        = list(string)
}

variable "job_definition_arns" {
  description = "Batch job definitions it may add revisions to, without revision."
  type        = list(string)
}

variable "image_parameter_arn" {
  description = "Where it writes which image of the jobs it has released."
  type        = string
}

variable "repository_arns" {
  description = "Where it pushes images."
  type        = list(string)
}

variable "log_group_arns" {
  description = "Logs it may show."
  type        = list(string)
}

variable "alarm_arns" {
  description = "Alarms it watches after a deployment."
  type        = list(string)
}

variable "passed_role_arns" {
  description = "Roles of the tasks."
  type        = list(string)
}
