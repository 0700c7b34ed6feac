# shellcheck shell=sh
# --all PATTERN: a command for each guest whose name matches, one after the other.

# Runs the command for each guest with the options that were given. One guest that fails does not keep the others from their change.
each_guest() {
  need_temp
  [ "$command" = eject ] || choose_disc
  list_guests
  : >"$temp/matching"
  while IFS=$separator read -r uuid name <&3; do
    # shellcheck disable=SC2254
    case $name in
      $pattern) printf '%s\n' "${uuid:-$name}" >>"$temp/matching" ;;
    esac
  done 3<"$temp/guests"
  [ -s "$temp/matching" ] || fail "$pattern: no guest at $(guests_place) has such a name" \
    'a pattern is as in a shell, and quoted: --all "win-*"'
  failed=0
  while IFS= read -r guest <&3; do
    set +e # not "||", which would switch it off inside too
    change_guest "$guest"
    ended=$?
    set -e
    [ "$ended" -eq 0 ] || failed=$((failed + 1))
  done 3<"$temp/matching"
  [ "$failed" -eq 0 ] || fail "$pattern: $failed of $(wc -l <"$temp/matching" | tr -d ' ') guests failed" \
    'the messages above say why; the other guests have what was asked for'
}

# Runs the command for one guest; what ends it ends only that.
change_guest() (
  set -e
  make_temp
  "cmd_$command" "$1"
)
