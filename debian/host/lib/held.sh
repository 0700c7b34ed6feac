# shellcheck shell=sh
# Which of our discs a guest holds.

# Prints a row for each disc that the guest holds in PLACE: target, bus, device, release, path, tray.
held_in() {
  [ -e "$temp/$1.rows" ] || return 0
  while IFS=$separator read -r row device target bus kind source tray _ <&5; do
    case $row:$kind:$source in
      disk:file:?*) ;;
      *) continue ;;
    esac
    held=$(release_of "$source")
    [ -z "$held" ] || printf '%s\n' "$target$separator$bus$separator$device$separator$held$separator$source$separator$tray"
  done 5<"$temp/$1.rows"
}

# Prints the rows of held_in whose disc is of the same kind as the chosen one.
held_of_kind() {
  held_in "$1" | while IFS=$separator read -r target bus device held source tray; do
    [ "$(kind_of "$held")" = "$disc_kind" ] || continue
    printf '%s\n' "$target$separator$bus$separator$device$separator$held$separator$source$separator$tray"
  done
}

# Fails when a row of held_in is not a CD drive, whose medium alone can be changed.
need_cd_drives() {
  while IFS=$separator read -r target _ device held _ <&5; do
    [ "$device" = cdrom ] || fail "$name: $target holds $held as a $device, not in a CD drive" \
      "take the whole device away: virsh detach-disk $uuid $target"
  done 5<"$1"
}
