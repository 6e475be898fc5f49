variable "name" {
  description = "Prefix of every name."
  type        = string
}

variable "image" {
  description = "Image of the fairway command, by digest."
  type        = string
  validation {
    condition     = can(regex("^[^@ ]+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image must be given by digest: repository@sha256:…"
  }
}

variable "environment" {
  description = "Where the database and the services are."
  type        = map(string)
}

variable "secrets" {
  description = "Passwords of the database: environment variable to ARN of an SSM parameter."
  type        = map(string)
}

variable "repository_arn" {
  type = string
}

variable "log_group" {
  type = object({ name = string, arn = string })
}

variable "kms_key_arn" {
  description = "Key of the passwords."
  type        = string
}

variable "vpc_id" {
  type = string
}

variable "reaches" {
  description = "What the task may connect to, by a description of each: the database, AWS's endpoints, the services."
  type        = map(object({ security_group_id = string, port = number }))
}

variable "s3_prefix_list_id" {
  type = string
}
