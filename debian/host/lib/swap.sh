# shellcheck shell=sh
# swap: replaces another disc that the guest holds by the chosen one.

cmd_swap() {
  choose_disc
  if [ -n "$qmp" ]; then
    qmp_swap
    return
  fi
  open_guest_for_change "$1"
  need_known_guest
  need_family
  locate_disc
  choose_places
  for place in $places; do
    held_of_kind "$place" >"$temp/$place.held"
    need_cd_drives "$place"
  done
  begin_changes
  : >"$temp/report"
  for place in $places; do
    swap_in "$place" >>"$temp/report"
  done
  [ -s "$temp/report" ] || fail "$name: it holds no disc that could be swapped" "put one in: virtio-win attach $handle"
  note_remote
  cat "$temp/report"
}

# Puts the disc into one drive of PLACE and takes other discs of its kind out of the other drives.
swap_in() {
  where=$(place_words "$1")
  disc_target=$(DISC=$disc_path awk -F "$separator" '$5 == ENVIRON["DISC"] { print $1; exit }' "$temp/$1.held")
  while IFS=$separator read -r target bus _ held source _ <&3; do
    what=$(held_words "$held" "$source")
    whole=$(whole_drive_words "$bus")
    if [ "$target" = "$disc_target" ]; then
      printf '%s: %s is already in %s (%s), %s\n' "$name" "$release" "$target" "$bus" "$where"
    elif [ -n "$disc_target" ]; then
      change_medium "$1" "$target" "$bus" ''
      printf '%s: %s is out of %s (%s%s), for %s is in %s, %s\n' "$name" "$what" "$target" "$bus" "$whole" "$release" "$disc_target" "$where"
    else
      change_medium "$1" "$target" "$bus" "$disc_path"
      disc_target=$target
      printf '%s: %s is in %s (%s%s) instead of %s, %s\n' "$name" "$release" "$target" "$bus" "$whole" "$what" "$where"
    fi
  done 3<"$temp/$1.held"
}
