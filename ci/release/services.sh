# How services and jobs get from one revision to another: what roll_out and roll_back have in common. Sourced after lib.sh.
# shellcheck shell=bash

describe_service() { # service
  aws ecs describe-services --cluster "$(name .cluster)" --services "$(name ".services.$1.service")" \
    --query 'services[0]' --output json
}

# The newest revision of the jobs of each partner, in the form it is registered in.
jobs_now() {
  local arn newest
  for arn in $(name '.job_definitions // {} | .[]' || true); do
    newest=$(aws batch describe-job-definitions --job-definition-name "${arn##*/}" --status ACTIVE --output json |
      jq '.jobDefinitions | max_by(.revision) | del(.jobDefinitionArn, .revision, .status, .containerOrchestrationType)')
    [[ $newest != null ]] || die "there is no job definition ${arn##*/}"
    echo "$newest"
  done | jq --slurp .
}

# {"services": {"query": "arn…", "ingest": "arn…"}, "jobs": […]}
what_runs() {
  jq --null-input --arg query "$(describe_service query | jq --raw-output .taskDefinition)" \
    --arg ingest "$(describe_service ingest | jq --raw-output .taskDefinition)" --argjson jobs "$(jobs_now)" \
    '{services: {query: $query, ingest: $ingest}, jobs: $jobs}'
}

register_jobs() { # definitions
  local definition image parameter
  while read -r definition; do
    aws batch register-job-definition --cli-input-json "$definition" --query jobDefinitionArn --output text
  done < <(jq --compact-output '.[]' <<<"$1")
  # Terraform, which registers jobs anew when it changes them, reads the image from here.
  image=$(jq --exit-status --raw-output '.[0].containerProperties.image' <<<"$1") &&
    parameter=$(name .job_image) || return 0
  aws ssm put-parameter --name "$parameter" --value "$image" --overwrite --query Version --output text >/dev/null
}

# Whether the service runs this revision and no other. 2: it will not, because ECS turned it back.
has_moved() { # service revision
  local primary
  primary=$(describe_service "$1" | jq --compact-output '.deployments[] | select(.status == "PRIMARY")') || return 1
  if [[ $(jq --raw-output .taskDefinition <<<"$primary") != "$2" ]]; then return 2; fi
  case $(jq --raw-output .rolloutState <<<"$primary") in
    COMPLETED) return 0 ;;
    FAILED) return 2 ;;
    *) return 1 ;;
  esac
}

# move_services {"query": REVISION, …}: all at once, then waits for all together. An upload, which its task protects,
# may take half an hour; a target lets go of its connections for three minutes, and a task drains for two, once per
# zone. All of it ends before credentials do, which last an hour.
move_services() {
  local service failed=0 end
  for service in $(jq --raw-output keys[] <<<"$1"); do
    aws ecs update-service --cluster "$(name .cluster)" --service "$(name ".services.$service.service")" \
      --task-definition "$(jq --raw-output ".$service" <<<"$1")" --query service.serviceArn --output text
  done
  end=$((SECONDS + ${RELEASE_ROLL_OUT_SECONDS:-3300}))
  for service in $(jq --raw-output keys[] <<<"$1"); do
    if until_true $((end - SECONDS)) has_moved "$service" "$(jq --raw-output ".$service" <<<"$1")"; then
      echo "$service runs $(jq --raw-output ".$service" <<<"$1")"
    else
      echo "$service does not run $(jq --raw-output ".$service" <<<"$1"):" >&2
      describe_service "$service" | jq --raw-output '.events[:5][]? | "  \(.createdAt) \(.message)"' >&2
      failed=1
    fi
  done
  return $failed
}
