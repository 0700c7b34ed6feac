# shellcheck shell=sh
# Which of our discs a guest holds.

# Prints a row for each disc that the guest holds in PLACE: target, bus, device, release, path or URL, tray.
held_in() {
  perhaps_held_in "$1" | awk -F "$separator" '$4 != "-"'
}

# Prints such a row for each CD drive of which nothing shows whether it holds a disc; the release is a dash.
unknown_in() {
  perhaps_held_in "$1" | awk -F "$separator" '$4 == "-" && $3 == "cdrom"'
}

# Prints the rows of both.
perhaps_held_in() {
  [ -e "$temp/$1.rows" ] || return 0
  while IFS=$separator read -r row device target bus kind source tray _ <&5; do
    held=
    case $row:$kind:$source in
      disk:file:?*) held=$(release_of "$source") ;;
      disk:volume:?*)
        volume=$source
        source=$(volume_path "$source")
        if [ -n "$source" ]; then
          held=$(release_of "$source")
        else
          held=- source="volume $volume"
        fi
        ;;
      disk:network:?*) held=$(release_over_network "$target" "$source") ;;
    esac
    [ -z "$held" ] || printf '%s\n' "$target$separator$bus$separator$device$separator$held$separator$source$separator$tray"
  done 5<"$temp/$1.rows"
}

# Prints the path of the volume POOL/VOLUME; where its pool does not run, what that would make of the name.
volume_path() {
  run_virsh vol-path --pool "${1%%/*}" "${1#*/}" 2>/dev/null && return
  run_virsh pool-dumpxml "${1%%/*}" >"$temp/pool.xml" 2>/dev/null || return 0
  printf '%s/%s\n' "$(pool_folder "$temp/pool.xml")" "${1#*/}"
}

# Prints the release that a guest has over a network at TARGET, from URL; a dash where nothing shows that it is another disc.
# Its bytes are not at hand, so what counts is a name in the URL, else the size that a running guest sees.
release_over_network() {
  found=$(URL=$2 awk -F "$separator" '
    BEGIN { count = split(ENVIRON["URL"], part, /[:\/]/) }
    { for (i = 1; i <= count; i++) if (part[i] == $1 || part[i] == $1 ".iso") print $1 }' "$temp/discs" | head -n 1)
  if [ -n "$found" ]; then
    printf '%s\n' "$found"
    return
  fi
  size=
  if [ -e "$temp/live.rows" ] && [ "$(drive_at live "$1")" = "drive $2" ]; then
    size=$(run_virsh domblkinfo "$uuid" "$1" 2>/dev/null | awk '$1 == "Capacity:" { print $2 }')
  fi
  case $size:$2 in
    :*.iso | 0:*.iso) ;;
    :* | 0:*) echo - ;;
    *) SIZE=$size awk -F "$separator" '$5 == ENVIRON["SIZE"] { print $1; exit }' "$temp/discs" ;;
  esac
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
  case $2 in
    *://* | */"$1.iso") return 1 ;;
  esac
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
  case $5 in
    *://*) is_present=yes ;;
    *) [ ! -e "$5" ] || is_present=yes ;;
  esac
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
