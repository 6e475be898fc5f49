# Who came in: a line for each connection through the door, with address, time, bytes and TLS.

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  logged = var.access_log_days == null ? [] : ["${var.name}-access-${data.aws_caller_identity.current.account_id}"]
}

resource "aws_s3_bucket" "access_log" {
  count         = length(local.logged)
  bucket        = local.logged[count.index]
  force_destroy = !var.deletion_protection
}

# Load balancers write under S3's own keys, or under one of ours whose policy names them.
resource "aws_s3_bucket_server_side_encryption_configuration" "access_log" {
  count  = length(local.logged)
  bucket = aws_s3_bucket.access_log[0].id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "access_log" {
  count                   = length(local.logged)
  bucket                  = aws_s3_bucket.access_log[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "access_log" {
  count  = length(local.logged)
  bucket = aws_s3_bucket.access_log[0].id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "access_log" {
  count  = length(local.logged)
  bucket = aws_s3_bucket.access_log[0].bucket
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyOverTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.access_log[0].arn, "${aws_s3_bucket.access_log[0].arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      merge(local.log_delivery, {
        Sid      = "Look"
        Action   = "s3:GetBucketAcl"
        Resource = aws_s3_bucket.access_log[0].arn
      }),
      merge(local.log_delivery, {
        Sid      = "Write"
        Action   = "s3:PutObject"
        Resource = "${aws_s3_bucket.access_log[0].arn}/AWSLogs/${data.aws_caller_identity.current.account_id}/*"
      }),
    ]
  })
  depends_on = [aws_s3_bucket_public_access_block.access_log]
}

locals {
  # For this account's load balancers, and for nobody else's.
  log_delivery = {
    Effect    = "Allow"
    Principal = { Service = "delivery.logs.amazonaws.com" }
    Condition = {
      StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
      ArnLike      = { "aws:SourceArn" = "arn:aws:logs:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:*" }
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "access_log" {
  count  = length(local.logged)
  bucket = aws_s3_bucket.access_log[0].id
  rule {
    id     = "old-logs"
    status = "Enabled"
    filter {}
    expiration {
      days = var.access_log_days
    }
  }
}
