variable "name" {
  description = "Prefix of every name, so that copies of the system live side by side."
  type        = string
}

variable "cidr" {
  description = "Range of the VPC, /16 to /20: nine subnets are cut from it."
  type        = string
  validation {
    condition     = can(cidrhost(var.cidr, 0)) && try(tonumber(split("/", var.cidr)[1]) >= 16 && tonumber(split("/", var.cidr)[1]) <= 20, false)
    error_message = "cidr must be an IPv4 range from /16 to /20, such as 10.20.0.0/16."
  }
}

variable "availability_zones" {
  description = "Three zones."
  type        = list(string)
  validation {
    condition     = length(distinct(var.availability_zones)) == 3
    error_message = "Three different availability zones are needed."
  }
}

variable "nat" {
  description = "Whether private subnets reach the internet. Tasks do not need it: endpoints serve them."
  type        = bool
  default     = false
}

variable "endpoint_zones" {
  description = "In how many zones each endpoint has an address. One serves all zones and costs a third; its zone may fail."
  type        = number
  default     = 3
  validation {
    condition     = contains([1, 2, 3], var.endpoint_zones)
    error_message = "endpoint_zones must be 1, 2 or 3."
  }
}

variable "kms_key_arn" {
  description = "Key of the log."
  type        = string
}

variable "flow_log_accepted" {
  description = "Whether accepted connections are logged, too."
  type        = bool
  default     = false
}

variable "flow_log_days" {
  description = "Days logs of connections are kept."
  type        = number
  default     = 30
}
