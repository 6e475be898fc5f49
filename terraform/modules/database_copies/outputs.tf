output "vault" {
  description = "Where the copies are: region and name of the vault."
  value       = { region = var.region, name = aws_backup_vault.elsewhere.name }
}
