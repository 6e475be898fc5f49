mock_provider "aws" { source = "../../tests/mocks" }

mock_provider "aws" {
  alias  = "elsewhere"
  source = "../../tests/mocks"
  override_resource {
    target = aws_kms_key.elsewhere
    values = { arn = "arn:aws:kms:eu-central-1:123456789012:key/66666666-7777-8888-9999-000000000000" }
  }
  override_resource {
    target = aws_backup_vault.elsewhere
    values = { arn = "arn:aws:backup:eu-central-1:123456789012:backup-vault:test-database" }
  }
}

variables {
  name         = "test"
  database_arn = "arn:aws:rds:eu-west-1:123456789012:cluster:test"
  region       = "eu-central-1"
}

run "a_copy_a_day_elsewhere" {
  assert {
    condition     = aws_backup_selection.this.resources == toset([var.database_arn])
    error_message = "Something else is copied."
  }
  assert {
    condition = (one(one(aws_backup_plan.this.rule).copy_action).destination_vault_arn == "arn:aws:backup:eu-central-1:123456789012:backup-vault:test-database" &&
    one(one(one(aws_backup_plan.this.rule).copy_action).lifecycle).delete_after == 35)
    error_message = "The copy goes elsewhere, and stays for 35 days."
  }
  assert {
    condition     = aws_backup_vault.elsewhere.kms_key_arn == "arn:aws:kms:eu-central-1:123456789012:key/66666666-7777-8888-9999-000000000000" && aws_kms_key.elsewhere.enable_key_rotation
    error_message = "Its key is lost with the region."
  }
  assert {
    condition     = !aws_backup_vault.elsewhere.force_destroy && !aws_backup_vault.here.force_destroy
    error_message = "A careless apply destroys the copies."
  }
}

run "trying_things_leaves_nothing_behind" {
  variables {
    deletion_protection = false
    days                = 1
  }
  assert {
    condition     = aws_backup_vault.elsewhere.force_destroy && one(one(aws_backup_plan.this.rule).lifecycle).delete_after == 1
    error_message = "Copies keep it from being destroyed, or are outlived by what they were made from."
  }
}

run "refuses_copies_of_something_else" {
  command         = plan
  expect_failures = [var.database_arn]
  variables {
    database_arn = "arn:aws:s3:::test"
  }
}

run "refuses_copies_that_are_kept_for_no_day" {
  command         = plan
  expect_failures = [var.days]
  variables {
    days = 0
  }
}
