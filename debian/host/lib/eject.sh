# shellcheck shell=sh
# eject: takes our discs out of a guest's CD drives, which stay, except those on USB.

cmd_eject() {
  need_temp
  disc_rows >"$temp/discs"
  release=
  [ -z "$disc" ] || named_disc
  if [ -n "$qmp" ]; then
    qmp_eject
    return
  fi
  open_guest_for_change "$1"
  need_known_guest
  choose_places
  for place in $places; do
    held_in "$place" | RELEASE=$release awk -F "$separator" 'ENVIRON["RELEASE"] == "" || $4 "" == ENVIRON["RELEASE"]' >"$temp/$place.held"
    need_cd_drives "$place"
  done
  begin_changes
  : >"$temp/report"
  for place in $places; do
    while IFS=$separator read -r target bus _ held source _ <&3; do
      change_medium "$place" "$target" "$bus" ''
      printf '%s: %s is out of %s (%s%s), %s\n' "$name" "$(held_words "$held" "$source")" "$target" "$bus" \
        "$(whole_drive_words "$bus")" "$(place_words "$place")" >>"$temp/report"
    done 3<"$temp/$place.held"
  done
  [ -s "$temp/report" ] || printf '%s: it holds no disc%s\n' "$name" "${release:+ $release}" >>"$temp/report"
  cat "$temp/report"
}
