# environments/dev.tfvars: small, and no less closed.

mock_provider "aws" { source = "../../tests/mocks" }

variables {
  database_password           = "only for this test"
  administrator_parameter_arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/fairway-dev/database/password"
  login_password_parameter_arns = {
    ingest_a = "arn:aws:ssm:eu-west-1:123456789012:parameter/fairway-dev/database/ingest_a"
    ingest_b = "arn:aws:ssm:eu-west-1:123456789012:parameter/fairway-dev/database/ingest_b"
    query_a  = "arn:aws:ssm:eu-west-1:123456789012:parameter/fairway-dev/database/query_a"
    query_b  = "arn:aws:ssm:eu-west-1:123456789012:parameter/fairway-dev/database/query_b"
  }
}

run "small" {
  assert {
    condition     = var.database.multi_az == false && var.endpoint_zones == 1 && var.query.tasks.min == 1 && var.ingest.tasks.min == 1
    error_message = "One of each."
  }
  assert {
    condition     = length(module.github_oidc) == 0 && output.deploy_role_arn == null && length(output.infrastructure_role_arns) == 0
    error_message = "No pipeline deploys here."
  }
}

run "no_proxies" {
  assert {
    condition     = module.query.mesh_name == null && module.ingest.mesh_name == null
    error_message = "Half of a small task is not for a proxy that nobody calls through."
  }
}

run "closed" {
  assert {
    condition     = output.partner_address == null
    error_message = "Partners do not get in."
  }
  assert {
    condition     = local.client_cidrs == toset([var.cidr])
    error_message = "Load balancers admit more than the VPC."
  }
}

# What comes of it in tasks and roles, tests/terraform looks at, in what the real provider makes.
run "services_have_logins_of_their_own" {
  command = plan
  assert {
    condition     = [local.query_environment.POSTGRES_USER, local.ingest_environment.POSTGRES_USER] == ["fairway_query_a", "fairway_ingest_a"]
    error_message = "A service is another one in the database, or its administrator."
  }
  assert {
    condition = alltrue([for environment in [local.query_environment, local.ingest_environment, local.command_environment] :
      environment.POSTGRES_SSLMODE == "verify-full" && environment.POSTGRES_SSLROOTCERT == "/usr/local/share/fairway/rds-ca.pem"
    ])
    error_message = "A task accepts any server as the database."
  }
  assert {
    condition     = local.command_environment.POSTGRES_USER == "fairway" && local.command_secrets.POSTGRES_PASSWORD == var.administrator_parameter_arn
    error_message = "The command does not migrate as the administrator."
  }
  assert {
    condition     = !contains(flatten([for login in local.logins : login.parameter_arns]), var.administrator_parameter_arn)
    error_message = "A service may read the administrator's password."
  }
  assert {
    condition     = output.login_password_versions == { ingest_a = 1, ingest_b = 1, query_a = 1, query_b = 1 }
    error_message = "A login has no password."
  }
}

run "the_second_turn_is_of_b" {
  command = plan
  variables {
    login_version = 2
  }
  assert {
    condition     = output.login_password_versions == { ingest_a = 1, ingest_b = 2, query_a = 1, query_b = 2 }
    error_message = "It must touch the password of b alone: a is in use."
  }
  assert {
    condition = { for service, login in local.logins : service => [login.user, login.parameter_arn] } == {
      ingest = ["fairway_ingest_b", var.login_password_parameter_arns.ingest_b]
      query  = ["fairway_query_b", var.login_password_parameter_arns.query_b]
    }
    error_message = "It is not b's turn."
  }
  assert {
    condition = ([local.command_environment.FAIRWAY_QUERY_LOGIN, local.command_environment.FAIRWAY_INGEST_LOGIN] == ["fairway_query_b", "fairway_ingest_b"] &&
      local.command_secrets.FAIRWAY_QUERY_LOGIN_PASSWORD == var.login_password_parameter_arns.query_b &&
    local.command_secrets.FAIRWAY_INGEST_LOGIN_PASSWORD == var.login_password_parameter_arns.ingest_b)
    error_message = "A migration gives the database other passwords than services come with."
  }
}

run "the_third_turn_is_of_a" {
  command = plan
  variables {
    login_version = 3
  }
  assert {
    condition     = output.login_password_versions == { ingest_a = 2, ingest_b = 2, query_a = 2, query_b = 2 } && local.logins.query.user == "fairway_query_a"
    error_message = "It must touch the password of a alone: b is in use."
  }
}

run "refuses_half_a_turn" {
  command         = plan
  expect_failures = [var.login_version]
  variables {
    login_version = 1.5
  }
}

run "the_pipeline_finds_everything" {
  assert {
    condition     = toset(keys(local.deployment.services)) == toset(["query", "ingest"]) && local.deployment.command.family == "fairway-dev-command"
    error_message = "The deployment parameter does not name both services and the command."
  }
  assert {
    condition     = local.deployment.job_image == "/fairway-dev/loader/image"
    error_message = "The deployment parameter does not name the parameter of the jobs' image."
  }
  assert {
    condition     = toset(keys(local.deployment.loads)) == toset(["dead_letters", "job_queue", "shares"])
    error_message = "The deployment parameter does not name what redrive_loads needs."
  }
  assert {
    condition     = toset(keys(jsondecode(aws_ssm_parameter.deployment.value).repositories)) == toset(["cli", "collector", "ingest", "query"])
    error_message = "The deployment parameter does not name every repository."
  }
}

run "a_copy_beside_it" {
  variables {
    name = "fairway-try"
    cidr = "10.21.0.0/20"
  }
  assert {
    condition     = aws_ssm_parameter.deployment.name == "/fairway-try/deployment" && local.metrics_namespace == "Fairway/fairway-try" && aws_kms_alias.this.name == "alias/fairway-try"
    error_message = "Its names are its own."
  }
  assert {
    condition     = alltrue([for name in output.alarm_names : startswith(name, "fairway-try-")])
    error_message = "Alarms too."
  }
}

run "refuses_thresholds_of_nothing" {
  command         = plan
  expect_failures = [var.thresholds]
  variables {
    thresholds = { database_conections = 999 }
  }
}

run "refuses_a_long_name" {
  command         = plan
  expect_failures = [var.name]
  variables {
    name = "fairway-of-somebody-else"
  }
}

run "refuses_more_uploads_than_memory" {
  command         = plan
  expect_failures = [var.ingest]
  variables {
    ingest = { size = { cpu = 512, memory = 1024 }, tasks = { min = 1, max = 2 }, uploads_max = 16 }
  }
}

# What the runbook says to change, as far as it is not a module's own: tests/terraform applies those of the database.
run "levers_reach_the_services" {
  command = plan
  variables {
    query = {
      size            = { cpu = 512, memory = 1024 }
      tasks           = { min = 1, max = 2 }
      engine          = "sql"
      book_bytes_max  = "2GB"
      book_loaders    = 8
      connections_max = 32
      connection_age  = 30
      log_level       = "debug"
    }
    ingest = {
      size            = { cpu = 512, memory = 1024 }
      tasks           = { min = 1, max = 2 }
      uploads_max     = 3
      connections_max = 12
      connection_age  = 40
      log_level       = "warning"
    }
  }
  assert {
    condition = { for name, value in local.query_environment : name => value if startswith(name, "FAIRWAY_") } == {
      FAIRWAY_QUERY_ENGINE          = "sql"
      FAIRWAY_QUERY_BOOK_BYTES_MAX  = "2GB"
      FAIRWAY_QUERY_BOOK_LOADERS    = "8"
      FAIRWAY_QUERY_CONNECTIONS_MAX = "32"
      FAIRWAY_QUERY_CONNECTION_AGE  = "30"
      FAIRWAY_LOG_LEVEL             = "debug"
    }
    error_message = "A lever of query moves nothing."
  }
  assert {
    condition = { for name, value in local.ingest_environment : name => value if startswith(name, "FAIRWAY_") } == {
      FAIRWAY_INGEST_UPLOADS_MAX     = "3"
      FAIRWAY_INGEST_CONNECTIONS_MAX = "12"
      FAIRWAY_INGEST_CONNECTION_AGE  = "40"
      FAIRWAY_LOG_LEVEL              = "warning"
    }
    error_message = "A lever of ingest moves nothing."
  }
}

run "a_read_replica_when_asked_for" {
  command = plan
  variables {
    database = { instance_class = "db.t4g.medium", multi_az = false, backup_days = 1, read_replicas = 1 }
  }
  assert {
    condition     = length(output.database_read_hosts) == 1
    error_message = "There is none."
  }
}

# The class is refused without its bounds: both reach the database.
run "a_serverless_database_when_asked_for" {
  command = plan
  variables {
    database = { kind = "aurora", instance_class = "db.serverless", serverless = { min_acu = 0.5, max_acu = 4 }, multi_az = false, backup_days = 1 }
  }
  assert {
    condition     = module.database.is_aurora
    error_message = "It is an instance."
  }
}

run "refuses_copies_beside_the_database" {
  command         = plan
  expect_failures = [var.database]
  variables {
    database = { instance_class = "db.t4g.medium", multi_az = false, backup_days = 1, copies = { region = "eu-west-1" } }
  }
}

run "refuses_flags_that_query_does_not_take" {
  command         = plan
  expect_failures = [var.query]
  variables {
    query = { size = { cpu = 512, memory = 1024 }, tasks = { min = 1, max = 2 }, engine = "disk" }
  }
}

run "refuses_flags_that_ingest_does_not_take" {
  command         = plan
  expect_failures = [var.ingest]
  variables {
    ingest = { size = { cpu = 512, memory = 1024 }, tasks = { min = 1, max = 2 }, uploads_max = 4, connections_max = 300 }
  }
}
