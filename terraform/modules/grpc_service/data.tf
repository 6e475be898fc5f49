# What the service is put into. Each is an output of another module.

variable "cluster" {
  description = "The cluster, and the mesh."
  type        = object({ name = string, arn = string, namespace_arn = string, mesh_security_group_id = string })
}

variable "repository_arns" {
  description = "Repositories of the two images."
  type        = list(string)
}

variable "log_group" {
  description = "Where the containers write."
  type        = object({ name = string, arn = string })
}

variable "metrics" {
  description = "Where the collector sends figures, and how often: CloudWatch's namespace and the log group it reads them from, and Prometheus."
  type = object({
    namespace      = string
    scrape_seconds = number
    log_group      = object({ name = string, arn = string })
    prometheus     = object({ arn = string, endpoint = string })
  })
}

variable "kms_key_arn" {
  description = "Key of the secrets."
  type        = string
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  description = "The private subnets."
  type        = list(string)
}

variable "database_security_group_id" {
  type = string
}

variable "endpoint_security_group_id" {
  type = string
}

variable "s3_prefix_list_id" {
  type = string
}

variable "client_cidrs" {
  description = "Ranges that may reach the load balancer."
  type        = set(string)
  default     = []
}

variable "client_security_group_ids" {
  description = "Security groups that may reach the load balancer, by a name for each."
  type        = map(string)
  default     = {}
}

variable "private_link" {
  description = "Whether partners reach the load balancer through PrivateLink."
  type        = bool
  default     = false
}

variable "target_group_arns" {
  description = "More target groups the tasks join, by a name for each: that of the public load balancer."
  type        = map(string)
  default     = {}
}

variable "load_balancer_security_group_ids" {
  description = "Security groups of the load balancers before them, by the same names."
  type        = map(string)
  default     = {}
}
