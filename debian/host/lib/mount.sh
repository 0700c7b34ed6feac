# shellcheck shell=sh
# mount and umount: shows the files of the disc on this host, read-only.

cmd_mount() {
  choose_disc
  folder=$(mount_folder "${1:-}")
  made=
  if [ ! -d "$folder" ]; then
    mkdir -p -- "$folder" || fail "$folder: it cannot be made" 'name another folder: virtio-win mount DIR'
    made=yes
  fi
  folder=$(readlink -f -- "$folder")
  if [ -n "$(mount_kind "$folder")" ]; then
    is_same_disc && {
      printf '%s is already mounted at %s\n' "$release" "$folder"
      return
    }
    fail "$folder: something is mounted there already" "virtio-win umount $folder, or name another folder"
  fi
  mount_as_root || mount_by_fuseiso || mount_by_udisks || no_mount
  printf '%s is mounted read-only at %s\n' "$release" "$folder"
}

cmd_umount() {
  need_temp
  folder=$(mount_folder "${1:-}")
  [ ! -d "$folder" ] || folder=$(readlink -f -- "$folder")
  case $(mount_kind "$folder") in
    '') fail "$folder: no disc is mounted there" 'name its folder; findmnt lists what is mounted' ;;
    fuse.fuseiso)
      need_tools fusermount:fuse
      run_quietly fusermount -u "$folder"
      ;;
    iso9660 | udf)
      if is_root; then
        run_quietly umount "$folder"
      else
        need_tools udisksctl:udisks2
        device=$(mount_field "$folder" 1)
        run_quietly udisksctl unmount -b "$device"
        udisksctl loop-delete -b "$device" >/dev/null 2>&1 || true
      fi
      ;;
    *) fail "$folder: what is mounted there is no disc" 'name the folder of the disc' ;;
  esac || fail "$folder: it cannot be unmounted: $(quiet_words)" "end what uses it: fuser -vm $folder"
  [ -n "${1:-}" ] || rmdir "$folder" 2>/dev/null || true
  printf '%s is free\n' "$folder"
}

# Prints the mount point: the folder that is named, else one of the user.
mount_folder() {
  if [ -n "$1" ]; then
    printf '%s' "$1"
  elif is_root; then
    printf /run/virtio-win
  else
    printf '%s/virtio-win' "${XDG_RUNTIME_DIR:-$HOME}"
  fi
}

# Prints the type of the file system that is mounted at a folder; nothing when none is.
mount_kind() {
  mount_field "$1" 3
}

# Prints a field of the folder's line in /proc/mounts (proc(5): space, tab and backslash are octal there).
mount_field() {
  MOUNTED=$1 FIELD=$2 awk '
    { place = $2; gsub(/\\040/, " ", place); gsub(/\\011/, "\t", place); gsub(/\\134/, "\\", place) }
    place == ENVIRON["MOUNTED"] { found = $ENVIRON["FIELD"] }
    END { print found }' /proc/mounts
}

is_same_disc() {
  if [ "$(mount_kind "$folder")" = fuse.fuseiso ]; then
    is_of_fuseiso
    return
  fi
  device=$(mount_field "$folder" 1)
  backing=$(cat "/sys/block/${device##*/}/loop/backing_file" 2>/dev/null) || return 1
  [ "$backing" = "$(readlink -f "$disc_path")" ]
}

# Which disc fuseiso shows is known only from the arguments of its process.
is_of_fuseiso() {
  given=$(printf '%s\n' fuseiso "$disc_path" "$folder" -o ro)
  for process in $(grep -lsx fuseiso /proc/[0-9]*/comm || true); do
    [ "$(tr '\000' '\n' 2>/dev/null <"${process%comm}cmdline" || true)" != "$given" ] || return 0
  done
  return 1
}

mount_as_root() {
  is_root || return 1
  run_quietly mount -t iso9660 -o loop,ro,nosuid,nodev "$disc_path" "$folder"
}

mount_by_fuseiso() {
  command -v fuseiso >/dev/null || return 1
  run_quietly fuseiso "$disc_path" "$folder" -o ro
}

# udisks chooses the folder itself.
mount_by_udisks() {
  ! is_root && command -v udisksctl >/dev/null || return 1
  udisksctl loop-setup -r -f "$disc_path" --no-user-interaction >"$temp/loop" 2>"$temp/quiet" || return 1
  device=$(sed -n 's/.* as \(\/dev\/loop[0-9]*\).*/\1/p' "$temp/loop")
  if run_quietly udisksctl mount -b "$device" --no-user-interaction; then
    [ -z "$made" ] || rmdir "$folder"
    folder=$(mount_place "$device")
    return 0
  fi
  udisksctl loop-delete -b "$device" --no-user-interaction >/dev/null 2>&1 || true
  return 1
}

# Prints where a device is mounted.
mount_place() {
  DEVICE=$1 awk '$1 == ENVIRON["DEVICE"] { place = $2 } END { gsub(/\\040/, " ", place); print place }' /proc/mounts
}

no_mount() {
  [ -z "$made" ] || rmdir "$folder" 2>/dev/null || true
  reason=$(quiet_words)
  grep -q iso9660 /proc/filesystems || reason="${reason:+$reason; }this kernel has no iso9660 loaded"
  is_root || reason="${reason:+$reason; }only root may mount without a helper"
  fail "$disc_path: it cannot be mounted at $folder: $reason" \
    "as root, type: $(manager_command install fuseiso); or read it without mounting: bsdtar -tf, 7z l"
}

# Runs a program and keeps its output for a message.
run_quietly() {
  "$@" >"$temp/quiet" 2>&1
}

quiet_words() {
  [ ! -e "$temp/quiet" ] || in_one_line <"$temp/quiet"
}
