variable "parameter_name" {
  description = "Name of the SecureString, such as /fairway-prod/database/password."
  type        = string
  validation {
    condition     = startswith(var.parameter_name, "/")
    error_message = "parameter_name must begin with a slash."
  }
}

variable "description" {
  description = "Whose password it is, and how it is rotated."
  type        = string
}

variable "password_version" {
  description = "Another one makes a new password."
  type        = number
}

variable "kms_key_arn" {
  description = "Key of the SecureString."
  type        = string
}
