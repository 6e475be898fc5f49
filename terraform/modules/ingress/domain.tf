# The door's name and certificate. AWS renews a certificate as long as its record stays.

locals {
  certificate_arn = var.certificate_arn != null ? var.certificate_arn : one(aws_acm_certificate_validation.this[*].certificate_arn)
}

data "aws_route53_zone" "this" {
  count = var.domain == null ? 0 : 1
  name  = var.domain.zone
}

resource "aws_acm_certificate" "this" {
  count             = var.domain != null && var.certificate_arn == null ? 1 : 0
  domain_name       = var.domain.name
  validation_method = "DNS"
  lifecycle {
    create_before_destroy = true
  }
}

# One name, one record.
resource "aws_route53_record" "certificate" {
  count           = length(aws_acm_certificate.this)
  zone_id         = data.aws_route53_zone.this[0].zone_id
  name            = one(aws_acm_certificate.this[0].domain_validation_options).resource_record_name
  type            = one(aws_acm_certificate.this[0].domain_validation_options).resource_record_type
  records         = [one(aws_acm_certificate.this[0].domain_validation_options).resource_record_value]
  ttl             = 300
  allow_overwrite = true # another copy's, of the same name
}

resource "aws_acm_certificate_validation" "this" {
  count                   = length(aws_acm_certificate.this)
  certificate_arn         = aws_acm_certificate.this[0].arn
  validation_record_fqdns = aws_route53_record.certificate[*].fqdn
}

# Through PrivateLink partners come to addresses of their own networks: there the name is theirs to set.
resource "aws_route53_record" "door" {
  count   = var.domain != null && local.public ? 1 : 0
  zone_id = data.aws_route53_zone.this[0].zone_id
  name    = var.domain.name
  type    = "A"
  alias {
    name                   = module.door[0].dns_name
    zone_id                = module.door[0].zone_id
    evaluate_target_health = true
  }
}
