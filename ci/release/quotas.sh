# Whether the quotas of an account let an environment be. Sourced after report.sh; $needs is what terraform/needs says.
# shellcheck shell=bash disable=SC2016,SC2154

# How much of a quota other copies and other systems use already. This copy's own is part of what it needs. Of Fargate's cores
# nobody counts that, so that one sees only this copy.
used_by_others() { # code
  local tagged='map(select(any((.Tags // .TagList // [])[]; .Key == "Copy" and .Value == $needs.name) | not)) | length'
  case $1 in
    L-F678F1CE) aws ec2 describe-vpcs --output json | jq --argjson needs "$needs" ".Vpcs | $tagged" ;;
    L-0263D0A3) aws ec2 describe-addresses --output json | jq --argjson needs "$needs" ".Addresses | $tagged" ;;
    L-7B6409FD) aws rds describe-db-instances --output json | jq --argjson needs "$needs" ".DBInstances | $tagged" ;;
    L-952B80B8) aws rds describe-db-clusters --output json | jq --argjson needs "$needs" ".DBClusters | $tagged" ;;
    L-69A177A2) aws elbv2 describe-load-balancers --output json | jq --argjson needs "$needs" \
      '[.LoadBalancers[] | select(.Type == "network").LoadBalancerName] - $needs.load_balancers | length' ;;
    *) echo 0 ;;
  esac
}

# What the account has; where nobody ever asked for another one, what AWS gives to everybody.
value_of() { # service code
  local value
  if value=$(aws service-quotas get-service-quota --service-code "$1" --quota-code "$2" \
    --query Quota.Value --output text 2>&1); then
    echo "$value"
  elif [[ $value == *NoSuchResourceException* ]]; then
    aws service-quotas get-aws-default-service-quota --service-code "$1" --quota-code "$2" --query Quota.Value --output text
  else
    echo "$value" >&2
    return 1
  fi
}

check_quota() { # {service, code, what, need}
  local service code what need value others
  read -r service code need what < <(jq --raw-output '"\(.service) \(.code) \(.need) \(.what)"' <<<"$1")
  value=$(value_of "$service" "$code")
  others=$(used_by_others "$code")
  value=${value%.*}
  if ((need + others <= value)); then
    ok "$what: $need needed, $others used by others, $value allowed"
  else
    refuse "$what: $need needed, $others used by others, $value allowed: aws service-quotas request-service-quota-increase" \
      "--region $AWS_REGION --service-code $service --quota-code $code --desired-value $((need + others))"
  fi
}
