# What IAM Access Analyzer says of the policies in a plan. Sourced after report.sh.
# shellcheck shell=bash

# [{address, kind, resource, policy}], each policy once. What a policy says of things that are not there yet is unknown to
# Terraform, and such a policy is missing here: before the first apply, most are.
policies_of() { # plan.json
  jq --compact-output '
    def resources: .resources[]?, (.child_modules[]? | resources);
    [.planned_values.root_module | resources | select(.mode == "managed") | . as $one | .values |
      (select($one.type == "aws_iam_role" and .assume_role_policy)
        | {kind: "RESOURCE_POLICY", resource: "AWS::IAM::AssumeRolePolicyDocument", policy: .assume_role_policy}),
      (select(($one.type | IN("aws_iam_role_policy", "aws_iam_policy")) and .policy) | {kind: "IDENTITY_POLICY", policy}),
      (select($one.type == "aws_s3_bucket_policy" and .policy) | {kind: "RESOURCE_POLICY", resource: "AWS::S3::Bucket", policy}),
      (select(($one.type | IN("aws_sqs_queue_policy", "aws_sns_topic_policy", "aws_kms_key")) and .policy)
        | {kind: "RESOURCE_POLICY", policy}),
      (select($one.type == "aws_cloudwatch_log_resource_policy" and .policy_document)
        | {kind: "RESOURCE_POLICY", policy: .policy_document})
      | .address = $one.address]
    | unique_by(.kind, .policy)[]' "$1"
}

check_policy() { # {address, kind, resource, policy}
  local address findings resource=()
  address=$(jq --raw-output .address <<<"$1")
  mapfile -t resource < <(jq --raw-output '.resource // empty | "--validate-policy-resource-type", .' <<<"$1")
  findings=$(aws accessanalyzer validate-policy --policy-type "$(jq --raw-output .kind <<<"$1")" "${resource[@]}" \
    --policy-document "$(jq --raw-output .policy <<<"$1")" --query findings --output json)
  jq --raw-output --arg address "$address" '.[] | select(.findingType != "SUGGESTION")
    | (if .findingType == "WARNING" then "warning " else "refused " end)
      + " \($address): \(.issueCode): \(.findingDetails) \(.learnMoreLink)"' <<<"$findings"
}
