# Terraform's own way in. `plan` reads, for what a change would do and for what somebody did by hand; `apply` makes the roles
# of everything, so it may do everything: what bounds it is who approves (.github/workflows/infrastructure.yaml).

locals {
  infrastructure = {
    for role, one in {
      plan  = { policy = "ReadOnlyAccess", endings = ["plan", "drift"] }
      apply = { policy = "AdministratorAccess", endings = ["apply"] }
    } : role => one if var.infrastructure
  }
}

resource "aws_iam_role" "infrastructure" {
  for_each             = local.infrastructure
  name                 = "${var.name}-${each.key}"
  description          = "Terraform of ${local.repository.owner}/${local.repository.name}: ${each.key}"
  max_session_duration = 3600
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = flatten([
      for environment in sort(var.environments) : [for ending in each.value.endings : local.trust["${environment}-${ending}"]]
    ])
  })
}

resource "aws_iam_role_policy_attachment" "infrastructure" {
  for_each   = local.infrastructure
  role       = aws_iam_role.infrastructure[each.key].name
  policy_arn = "arn:aws:iam::aws:policy/${each.value.policy}"
}

resource "aws_iam_role_policy" "plan" {
  count = var.infrastructure ? 1 : 0
  name  = "plan"
  role  = aws_iam_role.infrastructure["plan"].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # The provider reads a SecureString decrypted, even where nothing of it is written down.
      {
        Effect    = "Allow"
        Action    = ["kms:Decrypt"]
        Resource  = [var.kms_key_arn]
        Condition = { StringEquals = { "kms:ViaService" = "ssm.${data.aws_region.current.name}.amazonaws.com" } }
      },
      # These apply to no single resource. Policies are judged for ci/release/preflight, state machines by the provider.
      {
        Effect   = "Allow"
        Action   = ["secretsmanager:GetRandomPassword", "access-analyzer:ValidatePolicy", "states:ValidateStateMachineDefinition"]
        Resource = "*"
      },
      # What partners sent is nobody's business here.
      { Effect = "Deny", Action = ["s3:GetObject", "s3:GetObjectVersion"], Resource = ["${var.files_bucket_arn}/*"] },
    ]
  })
}
