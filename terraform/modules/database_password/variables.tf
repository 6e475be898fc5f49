variable "parameter_name" {
  description = "Name of the SecureString, such as /fairway-prod/database/password."
  type        = string
  validation {
    condition     = startswith(var.parameter_name, "/")
    error_message = "parameter_name must begin with a slash."
  }
}

variable "password_version" {
  description = "Raise it for a new password; the database takes it over in the same apply."
  type        = number
}

variable "kms_key_arn" {
  description = "Key of the SecureString."
  type        = string
}
