variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "vpc_id" {
  type = string
}

variable "kms_key_arn" {
  description = "Key of logs and images."
  type        = string
}

variable "repositories" {
  description = "What images there are."
  type        = set(string)
}

variable "images_kept" {
  description = "Images kept per repository."
  type        = number
  default     = 50
  validation {
    condition     = var.images_kept >= 10
    error_message = "images_kept must be at least 10: a running image that is removed can start no new task."
  }
}

variable "force_delete" {
  description = "Whether repositories may be destroyed with images in them."
  type        = bool
  default     = false
}

variable "log_groups" {
  description = "What logs there are."
  type        = set(string)
}

variable "log_days" {
  description = "Days a log is kept."
  type        = number
  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_days)
    error_message = "log_days must be one of CloudWatch's retentions, such as 14, 30 or 90."
  }
}
