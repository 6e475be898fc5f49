# Checks that run side by side, because each call of AWS's takes a second, and what they say together. Sourced after lib.sh; the
# folder $work must be there.
# shellcheck shell=bash disable=SC2154

checks=() names=()

# What a check says, a line each.
ok() { echo "ok       $*"; }
warn() { echo "warning  $*"; }
refuse() { echo "refused  $*"; }

# check WHAT FUNCTION…: begins it. Whatever makes the function fail, and was not expected there, is a refusal, too.
check() {
  "${@:2}" >"$work/check-${#checks[@]}" 2>"$work/check-${#checks[@]}.error" &
  checks+=($!) names+=("$1")
  while (($(jobs -rp | wc -l) >= 16)); do sleep 0.1; done
}

# Waits for all of them, and prints what they said in their order. 1: something was refused.
report() {
  local index
  for index in "${!checks[@]}"; do
    wait "${checks[index]}" ||
      refuse "${names[index]}: it cannot be looked at: $(last_line "$work/check-$index.error")" >>"$work/check-$index"
    cat "$work/check-$index" >>"$work/report"
  done
  cat "$work/report"
  ! grep -q '^refused' "$work/report"
}

last_line() { grep -v '^$' "$1" | tail -n 1; }
