# As whom the services log in to the database. Each has two logins, a and b, which take turns: an odd login_version means a, an
# even one b. Raising it makes a new password for the login whose turn it is, and touches nothing of the other. Running tasks go
# on with that one, and so do those that are started meanwhile, until a release has migrated, which gives the new password to the
# database, and brought tasks to the new login. A roll-back brings them to the other one again, which still works.

variable "login_password_parameter_arns" {
  description = "The SecureStrings that hold their passwords."
  type        = object({ ingest_a = string, ingest_b = string, query_a = string, query_b = string })
}

locals {
  turn = var.login_version % 2 == 1 ? "a" : "b"
  # b has a password from the beginning, and nobody uses it before its first turn makes another one.
  turns_taken = { a = floor((var.login_version + 1) / 2), b = floor(var.login_version / 2) + 1 }

  logins = {
    for service in ["ingest", "query"] : service => {
      user          = "fairway_${service}_${local.turn}"
      parameter_arn = var.login_password_parameter_arns["${service}_${local.turn}"]
      # Of both, because revisions of either are started, whichever came last.
      parameter_arns = [for turn in ["a", "b"] : var.login_password_parameter_arns["${service}_${turn}"]]
    }
  }

  database_environment = {
    POSTGRES_HOST        = module.database.host
    POSTGRES_PORT        = tostring(module.database.port)
    POSTGRES_DB          = "fairway"
    POSTGRES_SSLMODE     = "verify-full"
    POSTGRES_SSLROOTCERT = "/usr/local/share/fairway/rds-ca.pem" # ci/release/build_images puts it there
  }
}
