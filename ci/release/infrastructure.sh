# How Terraform plans an environment: what plan_changes, apply_changes and check_drift have in common. Sourced after lib.sh.
# Needs Terraform, credentials that may read the environment, and the images it began with in TF_VAR_images, as JSON: which
# ones run is the release's business, and Terraform leaves it alone.
# shellcheck shell=bash

terraform_folder=${RELEASE_TERRAFORM:-$(realpath "$(dirname "$0")/../../terraform")}

# backend ENVIRONMENT NAME: what its file says of where its state is.
backend() {
  [[ -e $terraform_folder/environments/$1.s3.tfbackend ]] || die "there is no environment $1"
  sed -n "s/^$2 *= *\"\(.*\)\"/\1/p" "$terraform_folder/environments/$1.s3.tfbackend"
}

in_terraform() { terraform -chdir="$terraform_folder" "$@"; }

# quietly FILE COMMAND…: what it says goes to the file, and is shown when it fails. Prints nothing else.
quietly() {
  local log=$1 status=0
  shift
  "$@" >"$log" 2>&1 </dev/null || status=$?
  [[ $status -eq 0 || $status -eq 2 ]] || cat "$log" >&2
  return "$status"
}

# make_plan ENVIRONMENT FOLDER [OPTION…]: plans into FOLDER, with options of terraform plan. There, plan is for Terraform,
# plan.json for scripts, and plan.txt for people. Sets $changes to yes or no, and $digest to what distinguishes one plan from another:
# two that would change the same have the same.
# shellcheck disable=SC2034 # Whoever sources this reads them.
make_plan() {
  local environment=$1 folder status=0
  folder=$(realpath "$2")
  [[ -e $terraform_folder/environments/$environment.tfvars ]] || die "there is no environment $environment"
  [[ -n ${TF_VAR_images:-} ]] || die "TF_VAR_images does not say which images $environment began with"
  quietly "$folder/init.txt" in_terraform init -input=false -no-color -reconfigure -lockfile=readonly \
    -backend-config="environments/$environment.s3.tfbackend" || die "Terraform cannot begin"
  quietly "$folder/log.txt" in_terraform plan -input=false -no-color -detailed-exitcode -out="$folder/plan" \
    -var-file="environments/$environment.tfvars" "${@:3}" || status=$?
  case $status in
    0) changes=no ;;
    2) changes=yes ;;
    *) die "Terraform cannot plan $environment" ;;
  esac
  in_terraform show -no-color "$folder/plan" >"$folder/plan.txt"
  in_terraform show -json "$folder/plan" >"$folder/plan.json"
  digest=$(jq --compact-output --sort-keys \
    '[.resource_changes // [] | .[] | select(.change.actions != ["no-op"])], .output_changes' "$folder/plan.json" |
    sha256sum | cut --delimiter ' ' --fields 1)
}

# show_plan TITLE FOLDER: here, and where GitHub shows what a job has to say, which takes a megabyte.
show_plan() {
  cat "$2/plan.txt"
  [[ -z ${GITHUB_STEP_SUMMARY:-} ]] || printf '### %s\n\n~~~~\n%s\n~~~~\n' "$1" "$(head --bytes 900000 "$2/plan.txt")" \
    >>"$GITHUB_STEP_SUMMARY"
}
