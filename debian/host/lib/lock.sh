# shellcheck shell=sh
# One lock per guest: commands of a user that change the same guest wait for each other. Those of other users and hosts, and virsh
# itself, know no such lock; for them each change looks at the guest before and after (changes.sh, qmp-drives.sh).

# Takes the lock of the libvirt guest $uuid.
lock_guest() {
  lock_uri=$(try_virsh uri) || no_libvirt
  take_lock "$uuid-$(printf '%s' "$lock_uri" | cksum | cut -d ' ' -f 1)"
}

# Takes the lock of the QEMU behind $qmp. It may have several QMP sockets, and often no UUID: what all of them agree on, and no other
# QEMU has, is the paths of its UNIX sockets.
lock_qemu() {
  name=$qmp
  qmp_must query-chardev
  sockets=$(printf '%s' "$answer" | jq -r '[.[] | .filename | ltrimstr("disconnected:") | select(startswith("unix:"))] | sort | join(" ")')
  take_lock "qmp-$(printf '%s' "${sockets:-$(readlink -f "$qmp")}" | cksum | cut -d ' ' -f 1)"
}

# Takes the lock KEY for the guest $name, and holds it until the command ends, however it ends.
take_lock() {
  need_tools flock:util-linux
  lock_folder=$(lock_folder)
  mkdir -p "$lock_folder" 2>/dev/null || true
  [ -w "$lock_folder" ] || fail "$lock_folder: no lock of the guest can be made there" "make it a folder that $(id -un) can write to"
  lock=$lock_folder/virtio-win-$1.lock
  waited=0
  until try_lock; do
    [ "$waited" -gt 0 ] || note "$name: another virtio-win is changing it; waiting for that one to end"
    [ "$waited" -lt 60 ] || fail "$name: another virtio-win has been changing it for a minute" "see which process it is: fuser $lock"
    waited=$((waited + 1))
    sleep 1
    # A silent connection to QEMU ends.
    [ -z "$qmp" ] || qmp_must query-version
  done
  locked=$lock
}

# A lock whose file has gone meanwhile, with the command that had it, is none.
try_lock() {
  mask=$(umask)
  umask 077 # who may open the file may hold the lock
  exec 7>>"$lock"
  umask "$mask"
  if flock -n 7 && [ "$(stat -L -c %i "$lock" 2>/dev/null)" = "$(stat -L -c %i /proc/self/fd/7)" ]; then return 0; fi
  exec 7>&-
  return 1
}

# Prints a folder that only this user can write to, the same for each session of root.
lock_folder() {
  if [ "$(id -u)" = 0 ]; then
    printf '%s' "${VIRTIO_WIN_SYSROOT:-}/run"
  elif [ -n "${XDG_RUNTIME_DIR:-}" ] && [ -w "$XDG_RUNTIME_DIR" ]; then
    printf '%s' "$XDG_RUNTIME_DIR"
  else
    printf '%s' "${XDG_CACHE_HOME:-${HOME:-}/.cache}"
  fi
}
