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

# Whether the path, which leads to RELEASE now, is a link: a guest that opened it earlier may have another release.
is_link() {
  [ "${2##*/}" != "$1.iso" ]
}

# Prints how to call what a drive holds: RELEASE, PATH.
held_words() {
  if is_link "$1" "$2"; then printf 'the link %s' "${2##*/}"; else printf '%s' "$1"; fi
}

# Prints a row of a held disc: where, target, bus, release, path, tray, chosen, present, leads_to. It is given as WHERE, TARGET,
# BUS, RELEASE, PATH and TRAY. For a link, leads_to is the release; only a configuration, which opens it anew, has that as its disc.
disc_row() {
  leads_to=
  is_present=
  [ ! -e "$5" ] || is_present=yes
  ! is_link "$4" "$5" || leads_to=$4
  case $1:$leads_to in
    config:* | *:) row_disc=$4 ;;
    *) row_disc= ;;
  esac
  is_chosen=
  [ -z "$row_disc" ] || [ "$row_disc" != "$chosen" ] || is_chosen=yes
  row=$1$separator$2$separator$3$separator$row_disc$separator$5$separator$6
  printf '%s\n' "$row$separator$is_chosen$separator$is_present$separator$leads_to"
}

# Fails when a disc that PLACE holds, as its rows in $temp/PLACE.held say, is not in a CD drive, whose medium alone can be changed.
need_cd_drives() {
  while IFS=$separator read -r target _ device held source _ <&5; do
    [ "$device" = cdrom ] || fail "$name: $target holds $(held_words "$held" "$source") as a $device, not in a CD drive" \
      "take the whole device away: virsh detach-disk $uuid $target --$1"
  done 5<"$temp/$1.held"
}
