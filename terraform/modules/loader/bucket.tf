# Where partners put files: incoming/<partner>/… . A file that cannot be loaded is laid under quarantine/, with its report.

data "aws_caller_identity" "current" {}

locals {
  incoming   = { for partner in var.partners : partner => "incoming/${partner}/" }
  quarantine = "quarantine/"
}

resource "aws_s3_bucket" "this" {
  bucket        = "${var.name}-incoming-${data.aws_caller_identity.current.account_id}"
  force_destroy = !var.deletion_protection
}

# A version is what a batch id is made of: overwriting a file is a new batch, never a changed one.
resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id
  versioning_configuration {
    status = "Enabled"
  }
}

# S3's own keys: with a key of ours, every partner's account would need a grant on it to write.
resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# No ACLs: what a partner's account writes is ours.
resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "OnlyOverTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }],
      [for partner in sort(keys(var.writers)) : {
        Sid       = "Partner${replace(title(replace(partner, "-", " ")), " ", "")}"
        Effect    = "Allow"
        Principal = { AWS = sort(var.writers[partner]) }
        Action    = ["s3:PutObject", "s3:AbortMultipartUpload"]
        Resource  = "${aws_s3_bucket.this.arn}/${local.incoming[partner]}*"
      }],
    )
  })
  depends_on = [aws_s3_bucket_public_access_block.this]
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id
  rule {
    id     = "unfinished-uploads"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = var.unfinished_upload_days
    }
  }
  rule {
    id     = "old-files"
    status = "Enabled"
    filter {}
    expiration {
      days = var.keep_days
    }
    noncurrent_version_expiration {
      noncurrent_days = var.keep_days
    }
  }
  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_accelerate_configuration" "this" {
  count  = var.transfer_acceleration ? 1 : 0
  bucket = aws_s3_bucket.this.id
  status = "Enabled"
}

resource "aws_s3_bucket_notification" "this" {
  bucket      = aws_s3_bucket.this.id
  eventbridge = true
}
