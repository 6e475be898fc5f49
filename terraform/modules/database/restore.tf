# What a new database is made from, where it does not begin empty. Of a database that is there, this is not looked at: neither
# naming a backup nor forgetting it again replaces one. docs/runbook.md has the steps.

variable "restore" {
  description = "A backup that a new database begins with: snapshot, by name or ARN; or time, in UTC or latest, of source, the name or resource id of another database. null: none."
  type        = object({ snapshot = optional(string), time = optional(string), source = optional(string) })
  default     = null
  validation {
    condition     = var.restore == null || try((var.restore.snapshot == null) != (var.restore.time == null), false)
    error_message = "restore needs either snapshot or time, and not both."
  }
  validation {
    condition     = try(var.restore.snapshot, null) == null || can(regex("^(arn:aws[a-z-]*:rds:[a-z0-9-]+:[0-9]{12}:(cluster-)?snapshot:)?((rds|awsbackup):)?[A-Za-z][A-Za-z0-9-]*$", var.restore.snapshot))
    error_message = "restore.snapshot must be the name or the ARN of a snapshot."
  }
  validation {
    condition     = try(coalesce(var.restore.time, "latest"), "latest") == "latest" || try(formatdate("YYYY-MM-DD'T'hh:mm:ss'Z'", var.restore.time) == var.restore.time, false)
    error_message = "restore.time must be latest, or a time in UTC such as 2026-11-27T09:30:00Z."
  }
  validation {
    condition     = var.restore == null || try((var.restore.time == null) == (var.restore.source == null), false)
    error_message = "restore.source belongs to restore.time: whose backups there are."
  }
  validation {
    condition     = try(var.restore.source, null) == null || try(var.restore.source != var.name, false)
    error_message = "restore.source is another database: give the one that was lost another name first, and the new one gets its name."
  }
}

locals {
  restore_snapshot = try(var.restore.snapshot, null)
  # Of a database that is gone only the resource id is left.
  restore_times = [
    for restore in var.restore[*] : {
      time        = restore.time == "latest" ? null : restore.time
      latest      = restore.time == "latest" ? true : null
      identifier  = local.restore_by_id ? null : restore.source
      resource_id = local.restore_by_id ? restore.source : null
    } if restore.time != null
  ]
  restore_by_id = can(regex("^(db|cluster)-[A-Z0-9]{16,}$", try(var.restore.source, "")))
}
