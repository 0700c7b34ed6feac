# shellcheck shell=sh
# prune: removes discs that an upgrade kept for guests, once no guest uses them. /var/lib/virtio-win/kept names one path per line.

cmd_prune() {
  need_temp
  kept=${VIRTIO_WIN_SYSROOT:-}/var/lib/virtio-win/kept
  if [ ! -s "$kept" ]; then
    echo 'nothing is kept'
    return
  fi
  [ -w "$kept" ] || fail "$kept: only root may change it" 'run it as root'
  disc_rows >"$temp/discs"
  find_users
  : >"$temp/kept"
  while IFS= read -r path <&3; do
    prune_path "$path"
  done 3<"$kept"
  if [ -s "$temp/kept" ]; then
    cp "$temp/kept" "$kept.new"
    mv "$kept.new" "$kept"
  else
    rm -f "$kept"
  fi
}

# Writes rows of what the guests of libvirt hold or may hold. Where libvirt does not answer, guests_naming still reads its files.
find_users() {
  : >"$temp/leftovers"
  : >"$temp/doubtful"
  choose_toolstack
  if [ -z "$connect" ] && [ "$toolstack" = libvirt ]; then
    if ! command -v virsh >/dev/null; then
      note "virsh is not there: guests are looked for in libvirt's files only"
      return
    fi
    if ! try_virsh list --all --uuid >/dev/null; then
      note "libvirt does not answer, so guests are looked for in its files only: $(refusal)"
      return
    fi
  fi
  chosen=
  list_guests
  leftovers >"$temp/leftovers"
}

# Removes one kept file that nothing uses; what stays goes to $temp/kept.
prune_path() {
  case $1 in
    "$disc_dir"/*/* | "$disc_dir/virtio-win.iso" | "$disc_dir/xenpv-win.iso") known= ;;
    "$disc_dir"/*.iso) known=yes ;;
    *) known= ;;
  esac
  [ -n "$known" ] || fail "$kept: $1 is not a disc in $disc_dir" "correct the line by hand"
  if [ ! -e "$1" ]; then
    echo "$1: gone already"
  elif [ -e "${1%.iso}.disc" ]; then
    echo "$1: installed again, so it is no longer a kept file"
  elif guests=$(users_of "$1") && [ -n "$guests" ]; then
    printf '%s\n' "$1" >>"$temp/kept"
    echo "$1: kept, used by: $guests"
  else
    rm -f "$1"
    log_line "removed $1"
    echo "$1: removed"
  fi
}

# Prints who uses a file: guests, processes that have it open, loop devices. A drive that may hold any disc may hold this one.
users_of() {
  {
    {
      awk -F "$separator" '{ print "perhaps guest " $1 " (" $5 " has " $8 ")" }' "$temp/doubtful"
      RELEASE=$(basename "$1" .iso) awk -F "$separator" '$7 "" == ENVIRON["RELEASE"] || $12 "" == ENVIRON["RELEASE"] { print "guest " $1 }' "$temp/leftovers"
      guests_naming "$1" "${VIRTIO_WIN_SYSROOT:-}"
    } | sort -u
    numbers=$(stat -L -c '%d %i' "$1") # of device and file: find -samefile opens the file, so it would find itself
    find -L /proc/[0-9]*/fd -maxdepth 1 -inum "${numbers#* }" 2>/dev/null | while read -r open; do
      [ "$(stat -L -c '%d %i' "$open" 2>/dev/null)" != "$numbers" ] || echo "$open"
    done | sed 's,^/proc/\([0-9]*\)/.*,process \1,' | sort -u
    grep -lxF "$1" /sys/block/loop*/loop/backing_file 2>/dev/null | sed 's,^/sys/block/\([^/]*\)/.*,/dev/\1,'
  } | tr '\n' ',' | sed -e 's/,$//' -e 's/,/, /g'
}
