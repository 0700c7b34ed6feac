# shellcheck shell=sh
# Devices without a driver on the disc.

# Prints on standard error what each device without a driver on the disc is, and where its driver may be; fails if there is one.
explain_devices() {
  unserved=
  while IFS=$separator read -r _ id name own inbox count near old family; do
    [ "$count" -eq 0 ] || continue
    unserved=yes
    [ -z "$old" ] || fail "$disc_dir/$release.disc: it has no hardware IDs; an older pvdisc wrote it" \
      'install a package of this disc that a newer pvdisc built'
    elsewhere=$(discs_with "$id" | in_one_line)
    if [ -n "$near" ]; then
      hint="the nearest IDs on it have another subsystem or revision:$near"
    elif [ -n "$elsewhere" ]; then
      hint="give --disc: these discs have one: $elsewhere"
    elif [ -z "$name" ]; then
      hint='check the ID in Device Manager: Details, Hardware Ids'
      case $id in
        PCI\\VEN_1AF4* | PCI\\VEN_1B36*) ;;
        *) hint="Windows may have its own driver; or $hint" ;;
      esac
    elif [ -n "$inbox" ]; then
      hint="Windows has its own driver $inbox"
    elif [ -n "$own" ]; then
      hint="its driver in virtio-win is $own"
      [ "$family" = virtio ] || hint="its driver among the Xen PV drivers is $own"
    else
      hint='no driver for Windows is known'
    fi
    note "$id: ${name:-not in the table of devices of virtio, QEMU and Xen}; no driver on $release serves it" "$hint"
  done <"$temp/devices"
  [ -z "$unserved" ] || exit 1
}

# Prints the other installed discs of drivers that have a driver for the device.
discs_with() {
  while IFS=$separator read -r other kind _; do
    if [ "$kind" = drivers ] && [ "$other" != "$release" ]; then
      find_drivers "$1" "$disc_dir/$other.disc" | while IFS=$separator read -r _ _ _ _ _ count _; do
        [ "$count" -eq 0 ] || printf '%s\n' "$other"
      done
    fi
  done <"$temp/discs"
}
