# A password that appears in no state or plan: made for the moment of the apply, and written to a SecureString through a write-only argument, so
# that it is in no plan and in no state. The database takes it from the parameter, by an ephemeral read, in the same way.
# A module of its own because mocked providers have no ephemeral resources (its users take the password as a variable).

ephemeral "aws_secretsmanager_random_password" "this" {
  password_length     = 40
  exclude_punctuation = true
}

resource "aws_ssm_parameter" "this" {
  name             = var.parameter_name
  description      = "Password of the database. Rotate: raise password_version and apply"
  type             = "SecureString"
  key_id           = var.kms_key_arn
  value_wo         = ephemeral.aws_secretsmanager_random_password.this.random_password
  value_wo_version = var.password_version
}

ephemeral "aws_ssm_parameter" "this" {
  arn             = aws_ssm_parameter.this.arn
  with_decryption = true
}
