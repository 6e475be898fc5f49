variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "database_arn" {
  description = "Of the RDS instance or of the Aurora cluster."
  type        = string
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:rds:[a-z0-9-]+:[0-9]{12}:(db|cluster):", var.database_arn))
    error_message = "database_arn must be the ARN of an RDS instance or of an Aurora cluster."
  }
}

variable "region" {
  description = "Where the copies go: that of the provider aws.elsewhere."
  type        = string
}

variable "days" {
  description = "Days a copy is kept."
  type        = number
  default     = 35
  validation {
    condition     = contains(range(1, 366), var.days)
    error_message = "days must be 1 to 365."
  }
}

variable "deletion_protection" {
  description = "Whether copies refuse to be destroyed."
  type        = bool
  default     = true
}
