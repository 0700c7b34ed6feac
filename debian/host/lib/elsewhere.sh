# shellcheck shell=sh
# Discs that a guest has not from the folder of the discs: copies, network exports, volumes, block devices.

# Prints the release that a file is: one of the folder of the discs, or a copy under its own name, as on NFS; nothing for another file.
# A copy that is not on this host, or not readable here, is what its name says.
release_of_file() {
  own=$(release_of "$1")
  case $own:$1 in
    :*/*.iso)
      own=$(release_in_name "${1##*/}")
      if [ -n "$own" ] && bytes=$(stat -L -c %s "$1" 2>/dev/null); then
        find_disc "$own"
        [ "$its_size" = "$bytes" ] || own=
      fi
      ;;
  esac
  [ -z "$own" ] || printf '%s\n' "$own"
}

# Prints where a copy is; nothing for a disc in its own folder.
copy_words() {
  case $1 in
    *://* | 'volume '* | /dev/*) ;;
    *) [ -n "$(release_of "$1")" ] || printf ' from %s' "$1" ;;
  esac
}

# Prints the release that a guest has at TARGET from SOURCE, a URL or POOL/VOLUME, whose bytes cannot be read here; a dash where it may be
# a disc or not. A release in the name decides, else the size that a running guest sees, else a name that ends in .iso: that is another
# disc unless it looks like one of ours.
release_elsewhere() {
  found=$(release_in_name "$2")
  if [ -n "$found" ]; then
    printf '%s\n' "$found"
    return
  fi
  size=
  if [ "$toolstack" = libvirt ] && [ -e "$temp/live.rows" ] && [ "$(drive_at live "$1")" = "drive $2" ]; then
    size=$(run_virsh domblkinfo "$uuid" "$1" 2>/dev/null | awk '$1 == "Capacity:" { print $2 }')
  fi
  case $size:$2 in
    :*virtio-win*.iso | 0:*virtio-win*.iso) echo - ;;
    :*.iso | 0:*.iso) ;;
    :* | 0:*) echo - ;;
    *) release_with_size "$size" ;;
  esac
}

# As release_elsewhere for a block device, such as an iSCSI LUN or an NBD device, whose size this host may know; the host's own CD drive is
# no disc of ours.
release_of_device() {
  case $2 in
    /dev/sr[0-9]* | /dev/cdrom* | /dev/dvd*) return ;;
  esac
  block=$(readlink -f "$2") || block=
  read_line "${VIRTIO_WIN_SYSROOT:-}/sys/class/block/${block##*/}/size"
  sectors=${line:-0}
  if [ "$sectors" -gt 0 ] && [ -z "$(release_in_name "$2")" ]; then
    release_with_size $((sectors * 512))
  else
    release_elsewhere "$1" "$2"
  fi
}

# As release_elsewhere for what QEMU itself says, which knows the size of each medium: FILE or URL, SIZE.
release_of_medium() {
  case $1 in
    *://*) medium=$(release_in_name "$1") ;;
    *) medium=$(release_of_file "$1") ;;
  esac
  case $1:$medium in
    *://*: | /dev/*:) medium=$(release_with_size "$2") ;;
  esac
  [ -z "$medium" ] || printf '%s\n' "$medium"
}

# Prints the release whose name, or the name of its file, is a part of a URL, a POOL/VOLUME or a path; udev puts -lun-N behind a target.
release_in_name() {
  # Most names hold no release, and then awk need not start.
  while :; do
    IFS=$separator read -r its_release _ <&6 || return 0
    case $1 in
      *"$its_release"*) break ;;
    esac
  done 6<"$temp/discs"
  URL=$1 awk -F "$separator" '
    BEGIN { count = split(ENVIRON["URL"], part, /[:\/]/) }
    {
      for (i = 1; i <= count; i++) {
        sub(/-lun-[0-9]+$/, "", part[i])
        if (part[i] == $1 "" || part[i] == $1 ".iso") { print $1; exit }
      }
    }' "$temp/discs"
}

release_with_size() {
  while IFS=$separator read -r its_release _ _ _ its_size _ <&6; do
    if [ "$its_size" = "$1" ]; then
      printf '%s\n' "$its_release"
      return
    fi
  done 6<"$temp/discs"
}
