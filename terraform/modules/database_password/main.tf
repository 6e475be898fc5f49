# A password that appears in no state or plan: made by each apply, and written to a SecureString through a write-only argument
# when its version was raised. The database takes the administrator's from the parameter, by an ephemeral read, in the same way.
# A module of its own because mocked providers have no ephemeral resources (its users take the password as a variable).

ephemeral "aws_secretsmanager_random_password" "this" {
  password_length     = 40
  exclude_punctuation = true
}

resource "aws_ssm_parameter" "this" {
  name             = var.parameter_name
  description      = var.description
  type             = "SecureString"
  key_id           = var.kms_key_arn
  value_wo         = ephemeral.aws_secretsmanager_random_password.this.random_password
  value_wo_version = var.password_version
}

ephemeral "aws_ssm_parameter" "this" {
  arn             = aws_ssm_parameter.this.arn
  with_decryption = true
}
