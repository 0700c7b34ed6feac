# shellcheck shell=sh
# Which of our discs a guest holds.

# Prints a row for each disc that the guest holds in PLACE: target, bus, device, release, source, tray. The source is a path, a URL, or
# "volume POOL/VOLUME" where that is no file of this host.
held_in() {
  look_for_discs "$1"
  while IFS=$separator read -r target on device held row <&5; do
    [ "$held" = - ] || printf '%s\n' "$target$separator$on$separator$device$separator$held$separator$row"
  done 5<"$temp/$1.perhaps"
}

# Prints such a row for each CD drive that may hold a disc or not; the release is a dash.
unknown_in() {
  look_for_discs "$1"
  while IFS=$separator read -r target on device held row <&5; do
    [ "$device:$held" != cdrom:- ] || printf '%s\n' "$target$separator$on$separator$device$separator$held$separator$row"
  done 5<"$temp/$1.perhaps"
}

# Writes the rows of both to $temp/PLACE.perhaps, once for each reading of the guest.
look_for_discs() {
  [ ! -e "$temp/$1.perhaps" ] || return 0
  : >"$temp/$1.perhaps"
  [ -e "$temp/$1.rows" ] || return 0
  find_real_folder
  while IFS=$separator read -r row device target on kind source tray _ <&5; do
    held=
    case $row:$kind:$source in
      disk:file:?*) held=$(release_of_file "$source") ;;
      disk:volume:?*)
        volume=$(volume_path "$source")
        if [ -f "$volume" ]; then held=$(release_of_file "$volume"); else held=$(release_of "$volume"); fi
        if [ -z "$held" ] && [ ! -f "$volume" ]; then
          held=$(release_elsewhere "$target" "$source")
          # Without its pool, not even the name of a volume is sure.
          [ -n "$held$volume" ] || held=-
          volume="volume $source"
        fi
        source=$volume
        ;;
      disk:network:?*) held=$(release_elsewhere "$target" "$source") ;;
      disk:block:?*) held=$(release_of_device "$target" "$source") ;;
    esac
    [ -z "$held" ] || printf '%s\n' "$target$separator$on$separator$device$separator$held$separator$source$separator$tray"
  done 5<"$temp/$1.rows" >"$temp/$1.perhaps"
}

# Prints the path of the volume POOL/VOLUME; where its pool does not run, the path in the pool's folder; nothing where the pool is gone.
# The path of an iSCSI volume is a device, and that of an RBD volume exists on no host.
volume_path() {
  run_virsh vol-path --pool "${1%%/*}" "${1#*/}" 2>/dev/null && return
  run_virsh pool-dumpxml "${1%%/*}" >"$temp/pool.xml" 2>/dev/null || return 0
  printf '%s/%s\n' "$(pool_folder "$temp/pool.xml")" "${1#*/}"
}

# Prints the rows of held_in whose disc is of the same kind as the chosen one.
held_of_kind() {
  held_in "$1" | while IFS=$separator read -r target bus device held source tray; do
    [ "$(kind_of "$held")" = "$disc_kind" ] || continue
    printf '%s\n' "$target$separator$bus$separator$device$separator$held$separator$source$separator$tray"
  done
}

# Whether the source, which leads to RELEASE now, is a link: a guest that opened it earlier may have another release.
is_link() {
  case $2 in
    *://* | 'volume '* | /dev/* | */"$1.iso") return 1 ;;
  esac
}

# Prints what a drive holds: RELEASE, SOURCE.
held_words() {
  if is_link "$1" "$2"; then printf 'the link %s' "${2##*/}"; else printf '%s%s' "$1" "$(copy_words "$2")"; fi
}

# Prints a row of a held disc: where, target, bus, release, source, tray, chosen, present, leads_to, family. Its arguments are WHERE, TARGET,
# BUS, RELEASE, SOURCE and TRAY. For a link, leads_to is the release; only a configuration, which opens it anew, has that as its disc.
disc_row() {
  leads_to=
  is_present=
  case $5 in
    *://* | 'volume '*) is_present=yes ;;
    *) [ ! -e "$5" ] || is_present=yes ;;
  esac
  ! is_link "$4" "$5" || leads_to=$4
  case $1:$leads_to in
    config:* | *:) row_disc=$4 ;;
    *) row_disc= ;;
  esac
  is_chosen=
  row_family=
  if [ -n "$row_disc" ]; then
    ! is_among "$row_disc" "$chosen" || is_chosen=yes
    ! find_disc "$row_disc" || row_family=$its_family
  fi
  row=$1$separator$2$separator$3$separator$row_disc$separator$5$separator$6
  printf '%s\n' "$row$separator$is_chosen$separator$is_present$separator$leads_to$separator$row_family"
}

# Whether a release is one of these lines.
is_among() {
  case "
$2
" in
    *"
$1
"*) ;;
    *) return 1 ;;
  esac
}

# Fails unless the discs in $temp/PLACE.held are in CD drives: only their medium can be changed.
need_cd_drives() {
  while IFS=$separator read -r target on device held source _ <&5; do
    [ "$device:$on" = disk:xen ] || [ "$device" = cdrom ] || fail "$name: $target holds $(held_words "$held" "$source") as a $device, not in a CD drive" \
      "take the whole device away$([ "$toolstack" != libvirt ] || printf ': virsh detach-disk %s %s --%s' "$uuid" "$target" "$1")"
  done 5<"$temp/$1.held"
}
