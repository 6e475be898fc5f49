variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "partners" {
  description = "Who sends files. Each has a place in the bucket, incoming/<partner>/, and is named in the batches made of them."
  type        = set(string)
  validation {
    condition     = length(var.partners) > 0 && alltrue([for partner in var.partners : can(regex("^[a-z][a-z0-9-]{1,31}$", partner))])
    error_message = "partners must be names of 2 to 32 of a-z, 0-9 and -, one at least."
  }
}

variable "writers" {
  description = "Accounts or roles outside this account that may write files, by partner."
  type        = map(set(string))
  default     = {}
  validation {
    condition     = alltrue([for partner in keys(var.writers) : contains(var.partners, partner)])
    error_message = "writers must be of a partner that is in partners."
  }
  validation {
    condition     = alltrue([for arn in flatten([for arns in values(var.writers) : tolist(arns)]) : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:", arn))])
    error_message = "writers must be ARNs of accounts, roles or users; everybody (*) is none."
  }
}

variable "image" {
  description = "Image of the fairway command, by digest. The first one: later ones are the pipeline's."
  type        = string
  validation {
    condition     = can(regex("^[^@ ]+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image must be given by digest: repository@sha256:…"
  }
}

variable "size" {
  description = "CPU units (1024: one core) and MiB of memory of a job; one of the pairs Fargate has."
  type        = object({ cpu = number, memory = number })
  default     = { cpu = 1024, memory = 2048 }
  validation {
    condition = try(contains({
      "256"  = [512, 1024, 2048]
      "512"  = range(1024, 4097, 1024)
      "1024" = range(2048, 8193, 1024)
      "2048" = range(4096, 16385, 1024)
      "4096" = range(8192, 30721, 1024)
    }[tostring(var.size.cpu)], var.size.memory), false)
    error_message = "Fargate has no job with this pair of cpu and memory."
  }
}

variable "vcpus_max" {
  description = "Cores of all jobs together: how many files are loaded at a time."
  type        = number
  default     = 4
  validation {
    condition     = var.vcpus_max >= 1 && floor(var.vcpus_max) == var.vcpus_max
    error_message = "vcpus_max must be a whole number from 1."
  }
  validation {
    condition     = var.vcpus_max * 1024 >= var.size.cpu
    error_message = "vcpus_max must be at least the cores of one job (size.cpu / 1024): Batch would keep a larger one waiting for ever."
  }
}

variable "attempts" {
  description = "How often a job is tried. Loads are idempotent."
  type        = number
  default     = 5
  validation {
    condition     = var.attempts >= 1 && var.attempts <= 10
    error_message = "attempts must be 1 to 10."
  }
}

variable "attempt_minutes" {
  description = "How long one attempt may take."
  type        = number
  default     = 60
}

variable "transfer_acceleration" {
  description = "Whether partners may upload over Amazon's edge, which is faster from other continents and costs more."
  type        = bool
  default     = false
}

variable "unfinished_upload_days" {
  description = "After how many days the parts of a multipart upload that was never completed are removed."
  type        = number
  default     = 3
  validation {
    condition     = var.unfinished_upload_days >= 1
    error_message = "unfinished_upload_days must be at least 1."
  }
}

variable "keep_days" {
  description = "How long files are kept. The prices are in the database; files are for looking things up."
  type        = number
  default     = 90
  validation {
    condition     = var.keep_days >= 7
    error_message = "keep_days must be at least 7: what failed must still be there when somebody looks."
  }
}

variable "log_days" {
  type    = number
  default = 30
}

variable "batch_service_role_arn" {
  description = "Role of the compute environment; null: the one AWS makes for Batch."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Whether the bucket refuses to go with files in it."
  type        = bool
  default     = false
}

variable "secrets" {
  description = "Environment variables whose values are secrets (API key, certificates): ARNs."
  type        = map(string)
  default     = {}
}

variable "ingest" {
  description = "Where files go. Jobs cannot join the mesh: they use the load balancer."
  type        = object({ address = string, port = number, security_group_id = string })
}

variable "metrics_namespace" {
  description = "CloudWatch's namespace."
  type        = string
}

variable "repository_arn" {
  type = string
}

variable "log_group" {
  type = object({ name = string, arn = string })
}

variable "kms_key_arn" {
  description = "Key of the log and the secrets."
  type        = string
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  description = "The private subnets."
  type        = list(string)
}

variable "endpoint_security_group_id" {
  type = string
}

variable "s3_prefix_list_id" {
  type = string
}
