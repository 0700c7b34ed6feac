# shellcheck shell=sh
# Empty CD drives of running HVM guests of Xen, whichever toolstack has them.

# Whether the drive TARGET of the running HVM guest can get a medium; else $unfit says why not, and $asks_root how to find out. For a
# drive that is empty at the start, QEMU has no back end (its state stays 1, XenbusStateInitialising); when it gets a medium, QEMU makes
# that anew without a path and crashes (xen_block_drive_create in hw/block/xen-block.c; tried: 7.2). XenServer has a QEMU of its own.
can_insert() {
  unfit='was empty when the guest started' asks_root=
  [ "$toolstack" != xe ] || return 0
  backends=/local/domain/0/backend/qdisk/$domid
  if is_remote || ! numbers=$(xenstore-list "$backends" 2>/dev/null); then
    unfit='may have been empty when the guest started' asks_root="repeat it as root on the host of the guest, whose xenstore knows"
    return 1
  fi
  for number in $numbers; do
    [ "$(xenstore-read "$backends/$number/dev" "$backends/$number/state" 2>/dev/null | in_one_line)" != "$1 1" ] || return 1
  done
}

# Fails since the running guest of Xen would lose its QEMU.
refuse_to_fill() {
  hint='leave --live out, then shut the guest down and start it'
  [ -n "$persistent" ] || hint='it is transient: shut it down, and create it again with the disc in that drive'
  [ -z "$asks_root" ] || hint="$asks_root; or $hint"
  fail "$name: $live_target $unfit: a disc now would crash QEMU, and the guest would lose its disks" "$hint"
}
