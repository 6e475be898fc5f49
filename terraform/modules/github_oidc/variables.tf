variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "repository" {
  description = "The repository on GitHub as the subject of its jobs has it: owner/name, or owner@ID/name@ID."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9_-]+(/[A-Za-z0-9._-]+|@[0-9]+/[A-Za-z0-9._-]+@[0-9]+)$", var.repository))
    error_message = "repository must be owner/name or owner@ID/name@ID, without wildcards."
  }
}

variable "repository_ids" {
  description = "Ids of owner and repository, where var.repository has none; null: a subject with ids is refused."
  type        = object({ owner = string, repository = string })
  default     = null
  validation {
    condition     = var.repository_ids == null || can(regex("^[0-9]+ [0-9]+$", "${var.repository_ids.owner} ${var.repository_ids.repository}"))
    error_message = "repository_ids are numbers: gh api repos/OWNER/NAME prints them."
  }
}

variable "environments" {
  description = "GitHub environments whose jobs may deploy."
  type        = set(string)
  validation {
    condition     = length(var.environments) > 0 && alltrue([for environment in var.environments : can(regex("^[A-Za-z0-9._-]+$", environment))])
    error_message = "environments must be names, one at least, without wildcards."
  }
  validation {
    condition     = alltrue([for environment in var.environments : !can(regex("-(plan|apply|drift)$", environment))])
    error_message = "Names that end in -plan, -apply and -drift are those of Terraform's own environments."
  }
}

variable "branches" {
  description = "Branches whose jobs may deploy. Only those that are protected: whoever may push to one of them may deploy."
  type        = set(string)
  default     = ["main"]
  validation {
    condition     = length(var.branches) > 0 && alltrue([for branch in var.branches : can(regex("^[A-Za-z0-9][A-Za-z0-9._/-]*$", branch)) && !startswith(branch, "refs/")])
    error_message = "branches must be names, such as main, one at least, without wildcards."
  }
}

variable "infrastructure" {
  description = "Whether the pipeline is Terraform's, too: roles for the environments NAME-plan, NAME-apply and NAME-drift."
  type        = bool
  default     = false
}

variable "kms_key_arn" {
  description = "Key of the SecureStrings that Terraform's provider reads."
  type        = string
}

variable "files_bucket_arn" {
  description = "The bucket of the partners' files, which a plan does not read."
  type        = string
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
