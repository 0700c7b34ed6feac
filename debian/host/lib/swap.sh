# shellcheck shell=sh
# swap: the chosen disc instead of another one that the guest holds.

cmd_swap() {
  choose_disc
  if [ -n "$qmp" ]; then
    qmp_swap
    return
  fi
  open_guest "$1"
  need_qemu_guest
  choose_places
  for place in $places; do
    held_of_kind "$place" >"$temp/$place.held"
    need_cd_drives "$temp/$place.held"
  done
  begin_changes
  : >"$temp/report"
  for place in $places; do
    while IFS=$separator read -r target bus _ held source _ <&3; do
      if [ "$source" = "$disc_path" ]; then
        printf '%s: %s is already in %s (%s), %s\n' "$name" "$release" "$target" "$bus" "$(place_words "$place")" >>"$temp/report"
      else
        change_medium "$place" "$target" "$(source_xml)"
        printf '%s: %s is in %s (%s) instead of %s, %s\n' "$name" "$release" "$target" "$bus" "$held" "$(place_words "$place")" >>"$temp/report"
      fi
    done 3<"$temp/$place.held"
  done
  [ -s "$temp/report" ] || fail "$name: it holds no disc that could be swapped" "put one in: virtio-win attach $uuid"
  note_remote
  cat "$temp/report"
}
