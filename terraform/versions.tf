terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
  # Which bucket and key: environments/*.s3.tfbackend.
  backend "s3" {}
}

locals {
  tags = { System = "fairway", Copy = var.name, ManagedBy = "terraform" }
}

provider "aws" {
  region = var.region
  default_tags {
    tags = local.tags
  }
}

# Where copies of the database's backups are.
provider "aws" {
  alias  = "elsewhere"
  region = try(var.database.copies.region, var.region)
  default_tags {
    tags = local.tags
  }
}
