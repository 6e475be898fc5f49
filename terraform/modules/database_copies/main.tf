# Copies of the database's backups in another region, for the day on which its own is lost. Once a day AWS Backup takes a
# snapshot and copies it: instances and Aurora alike, which RDS's own replication of backups does not do.

locals {
  # Here a snapshot is only on its way: the database's own backups reach further back, to any second.
  days_here = min(2, var.days)
}

# The copies' key is of their region: with that of the lost one nobody could read them.
resource "aws_kms_key" "elsewhere" {
  provider                = aws.elsewhere
  description             = "Copies of the database of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_alias" "elsewhere" {
  provider      = aws.elsewhere
  name          = "alias/${var.name}-database-copies"
  target_key_id = aws_kms_key.elsewhere.id
}

resource "aws_backup_vault" "elsewhere" {
  provider      = aws.elsewhere
  name          = "${var.name}-database"
  kms_key_arn   = aws_kms_key.elsewhere.arn
  force_destroy = !var.deletion_protection
}

# A snapshot keeps its database's key, whichever the vault has.
resource "aws_backup_vault" "here" {
  name          = "${var.name}-database"
  force_destroy = !var.deletion_protection
}

resource "aws_backup_plan" "this" {
  name = "${var.name}-database"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.here.name
    # Away from RDS's own backup at 02:00 and its maintenance at 03:30, beside which it would not start.
    schedule          = "cron(0 8 * * ? *)"
    start_window      = 60
    completion_window = 720
    lifecycle {
      delete_after = local.days_here
    }
    copy_action {
      destination_vault_arn = aws_backup_vault.elsewhere.arn
      lifecycle {
        delete_after = var.days
      }
    }
  }
}

resource "aws_backup_selection" "this" {
  name         = "${var.name}-database"
  plan_id      = aws_backup_plan.this.id
  iam_role_arn = aws_iam_role.this.arn
  resources    = [var.database_arn]
}

resource "aws_iam_role" "this" {
  name = "${var.name}-database-copies"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "backup.amazonaws.com" }
    }]
  })
}

# AWS's own list: what AWS Backup needs changes with it.
resource "aws_iam_role_policy_attachment" "this" {
  role       = aws_iam_role.this.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
}
