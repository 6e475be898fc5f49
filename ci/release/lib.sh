# What the steps of a release share. Sourced. Needs awscli, jq, and credentials of the environment's deploy role.
# shellcheck shell=bash

# Seconds between two looks at something that takes minutes.
poll_seconds=${RELEASE_POLL_SECONDS:-10}
export AWS_PAGER=

die() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# usage WANTED "$@": the comment at the head of the script is its help.
usage() {
  local wanted=$1
  shift
  if [[ ${1:-} == --help ]]; then
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
    exit 0
  fi
  if [[ $# -lt $wanted ]]; then
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2
    exit 2
  fi
}

# Reads the names of things in an environment, which Terraform wrote down for us, into $deployment.
load_deployment() {
  deployment=${RELEASE_DEPLOYMENT:-$(aws ssm get-parameter --name "/$1/deployment" --query Parameter.Value --output text)} ||
    die "there is no environment $1, or this role may not see it; it goes by the name in its values, such as fairway-staging"
  AWS_REGION=$(name .region)
  export AWS_REGION AWS_DEFAULT_REGION=$AWS_REGION
}

# name FILTER: something out of $deployment.
name() { jq --exit-status --raw-output "$1" <<<"$deployment"; }

# Makes a revision of a task's definition that differs in the image of one container; prints its ARN. The newest revision
# is the model, so that what Terraform changed comes along.
register_revision() { # family container image
  local definition
  definition=$(aws ecs describe-task-definition --task-definition "$1" --query taskDefinition --output json |
    jq --arg container "$2" --arg image "$3" '
      (.containerDefinitions[] | select(.name == $container)).image = $image
      | del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities, .registeredAt, .registeredBy,
            .deregisteredAt)')
  aws ecs register-task-definition --cli-input-json "$definition" --query taskDefinition.taskDefinitionArn --output text
}

# until_true SECONDS COMMAND...: looks again and again. COMMAND says 0: yes, 1: not yet, anything else: it never will.
until_true() {
  local end=$((SECONDS + $1)) result
  shift
  while true; do
    result=0
    "$@" || result=$?
    [[ $result -eq 1 ]] || return "$result"
    ((SECONDS < end)) || return 124
    sleep "$poll_seconds"
  done
}
