# environments/staging.tfvars: production's shape, smaller.

mock_provider "aws" { source = "../../tests/mocks" }

variables {
  database_password           = "only for this test"
  administrator_parameter_arn = "arn:aws:ssm:eu-west-1:123456789012:parameter/fairway-staging/database/password"
  login_password_parameter_arns = {
    ingest_a = "arn:aws:ssm:eu-west-1:123456789012:parameter/fairway-staging/database/ingest_a"
    ingest_b = "arn:aws:ssm:eu-west-1:123456789012:parameter/fairway-staging/database/ingest_b"
    query_a  = "arn:aws:ssm:eu-west-1:123456789012:parameter/fairway-staging/database/query_a"
    query_b  = "arn:aws:ssm:eu-west-1:123456789012:parameter/fairway-staging/database/query_b"
  }
}

run "production_s_shape" {
  assert {
    condition     = var.database.multi_az && var.endpoint_zones == 3 && min(var.query.tasks.min, var.ingest.tasks.min) == 2
    error_message = "What production survives can be tried here."
  }
  assert {
    condition     = output.partner_address == null
    error_message = "Partners do not get in."
  }
}

run "the_pipeline_deploys" {
  assert {
    condition     = var.github.branches == toset(["main"]) && var.github.environments == toset(["staging"]) && length(module.github_oidc) == 1
    error_message = "The environment staging, on the main branch."
  }
  assert {
    condition     = toset(keys(output.infrastructure_role_arns)) == toset(["apply", "plan"])
    error_message = "Terraform plans and applies by the pipeline, too."
  }
  assert {
    condition     = length(local.alarm_arns) == 4
    error_message = "It watches the alarms of both services."
  }
}

run "partners_over_tls_when_asked_for" {
  command = plan
  variables {
    partner_ingress = {
      kind            = "public"
      cidrs           = ["203.0.113.0/24"]
      certificate_arn = "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    }
  }
  assert {
    condition     = one(keys(module.ingress.target_group_arns)) == "public"
    error_message = "Tasks of ingest join a public load balancer."
  }
}
