# Whom the roles trust. In a job's token GitHub writes its repository in one of two ways: owner/name, or, for those made or
# renamed since 2026-07-15, owner@ID/name@ID. Both mean the same one here, where its ids are known. They are whole texts, no
# patterns: whoever makes a repository chooses its name.
# https://docs.github.com/actions/reference/openid-connect-reference (sub, ref, repository_id)
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html (the keys AWS reads)

locals {
  written = regex("^(?P<owner>[^@/]+)(?:@(?P<owner_id>[0-9]+))?/(?P<name>[^@/]+)(?:@(?P<id>[0-9]+))?$", var.repository)
  repository = {
    owner    = local.written.owner
    name     = local.written.name
    owner_id = var.repository_ids == null ? local.written.owner_id : var.repository_ids.owner
    id       = var.repository_ids == null ? local.written.id : var.repository_ids.repository
  }
  names = concat(
    ["${local.repository.owner}/${local.repository.name}"],
    local.repository.id == null ? [] : [
      "${local.repository.owner}@${local.repository.owner_id}/${local.repository.name}@${local.repository.id}"
    ],
  )

  # The branches of each environment. Only what shows plans serves any: a pull request's ref is one of its own.
  branches = merge(
    { for environment in var.environments : environment => var.branches },
    { for environment in var.environments : "${environment}-apply" => var.branches },
    { for environment in var.environments : "${environment}-drift" => var.branches },
    { for environment in var.environments : "${environment}-plan" => toset([]) },
  )

  # The subject of a job in an environment says nothing of its branch, which anybody who may push can choose: AWS asks for
  # both. And for the id, where it is known, so that whoever gets the name later is somebody else.
  trust = {
    for environment, branches in local.branches : environment => {
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = data.aws_iam_openid_connect_provider.github.arn }
      Condition = {
        StringEquals = {
          for claim, value in {
            aud           = "sts.amazonaws.com"
            sub           = [for name in local.names : "repo:${name}:environment:${environment}"]
            ref           = length(branches) == 0 ? null : [for branch in sort(branches) : "refs/heads/${branch}"]
            repository_id = local.repository.id
          } : "${local.host}:${claim}" => value if value != null
        }
      }
    }
  }
}
