# shellcheck shell=sh
# Drives, as each toolstack changes them: a change is a verb of virsh with a file that describes the drive, XML for libvirt and a row
# (target, bus, medium) for the others.

# Does VERB (attach-device, update-device or detach-device) with the drive in FILE in PLACE; errors go to $temp/refusal.
apply_change() {
  case $toolstack in
    libvirt)
      set -- "$1" "$uuid" "$2" "--$3"
      if [ "$1:$4:$force" = update-device:--live:yes ]; then set -- "$@" --force; fi
      try_virsh "$@" >/dev/null
      ;;
    xl) xl_change "$@" ;;
    xe) xe_change "$@" ;;
  esac
}

# Sets $disc_path to what the guest's drive has where that is no path of this host.
locate_disc() {
  [ "$toolstack" != xe ] || find_xe_disc
}

# Prints how to empty the drive $target in $place by hand.
eject_words() {
  case $toolstack in
    libvirt) printf 'virsh change-media %s %s --eject --%s' "$uuid" "$target" "$place" ;;
    xl) printf 'xl cd-eject %s %s' "$handle" "$target" ;;
    xe) printf 'xe vm-cd-eject uuid=%s' "$uuid" ;;
  esac
}

# Prints the drive at TARGET in PLACE as apply_change takes it: as it is, or with another medium if that is given, a path or empty.
describe_drive() {
  case $toolstack in
    libvirt)
      if [ $# -eq 2 ]; then
        disk_xml "$temp/$1.xml" "$2"
      else
        [ -z "$3" ] || find_dac
        disk_xml "$temp/$1.xml" "$2" "${3:+$(source_xml)}"
      fi
      ;;
    *)
      awk -F "$separator" -v OFS="$separator" '
        BEGIN { changes = ARGC > 3; medium = ARGV[3]; target = ARGV[2]; ARGC = 2 }
        $1 == "disk" && $3 == target { print $3, $4, (changes ? medium : $6) }' "$temp/$1.rows" "$2" ${3+"$3"}
      ;;
  esac
}

# Prints a new CD drive with the disc as apply_change takes it: TARGET, BUS, ADDRESS.
describe_new_drive() {
  case $toolstack in
    libvirt) new_disk_xml "$@" ;;
    *) printf '%s\n' "$1$separator$2$separator$disc_path" ;;
  esac
}

# Whether a drive on BUS comes and goes with its medium: QEMU has USB drives as sticks, and a paravirtual drive of Xen has no tray.
is_whole_drive() {
  case $1 in
    usb | xen) ;;
    *) return 1 ;;
  esac
}
