# shellcheck shell=sh
# eject: our discs out of a guest's CD drives; the drives stay.

cmd_eject() {
  need_temp
  disc_rows >"$temp/discs"
  release=
  [ -z "$disc" ] || named_disc
  if [ -n "$qmp" ]; then
    qmp_eject
    return
  fi
  open_guest "$1"
  need_qemu_guest
  choose_places
  for place in $places; do
    held_in "$place" | RELEASE=$release awk -F "$separator" 'ENVIRON["RELEASE"] == "" || $4 == ENVIRON["RELEASE"]' >"$temp/$place.held"
    need_cd_drives "$temp/$place.held"
  done
  begin_changes
  : >"$temp/report"
  for place in $places; do
    while IFS=$separator read -r target bus _ held _ <&3; do
      change_medium "$place" "$target" ''
      printf '%s: %s is out of %s (%s), %s\n' "$name" "$held" "$target" "$bus" "$(place_words "$place")" >>"$temp/report"
    done 3<"$temp/$place.held"
  done
  [ -s "$temp/report" ] || printf '%s: it holds no disc\n' "$name" >>"$temp/report"
  cat "$temp/report"
}
