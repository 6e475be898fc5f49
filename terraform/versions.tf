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

provider "aws" {
  region = var.region
  default_tags {
    tags = { System = "fairway", Copy = var.name, ManagedBy = "terraform" }
  }
}
