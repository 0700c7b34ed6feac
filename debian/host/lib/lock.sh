# shellcheck shell=sh
# One lock per guest: commands of one user that change the same guest wait for each other. Other users, other hosts and virsh take no
# such lock, so each change compares the drive before and after (changes.sh, qmp-drives.sh).

# Takes the lock of the guest that find_guest found; xl knows guests by name. For libvirt, the key has no URI: one libvirtd answers under many (qemu:///system, qemu+unix:///system,
# aliases, for root also qemu:///session), and where two of them know the same UUID it is one guest that migrates.
lock_guest() {
  case $toolstack in
    xl) take_lock "xl-$(printf '%s' "$name" | cksum | cut -d ' ' -f 1)" ;;
    *) take_lock "$uuid" ;;
  esac
}

# Takes the lock of the QEMU behind $qmp, which may have several QMP sockets and often has no UUID. The paths of its UNIX sockets are
# the same through each of them and differ from those of any other QEMU.
lock_qemu() {
  name=$qmp
  qmp_must query-chardev '{}' '[.[] | .filename // "" | ltrimstr("disconnected:") | select(startswith("unix:"))] | sort | join(" ")'
  take_lock "qmp-$(printf '%s' "${answer:-$(readlink -f "$qmp")}" | cksum | cut -d ' ' -f 1)"
}

# Takes the lock KEY of the guest $name and holds it until the command ends.
take_lock() {
  need_tools flock:util-linux
  choose_lock_folder
  lock=$lock_folder/virtio-win-$1.lock
  waited=0
  until try_lock; do
    [ "$waited" -gt 0 ] || note "$name: another virtio-win is changing it; waiting for that one to end"
    [ "$waited" -lt 60 ] || fail "$name: another virtio-win has been changing it for a minute" "find the process: fuser $(shell_word "$lock")"
    waited=$((waited + 1))
    sleep 1
    # socat closes a silent connection.
    [ -z "$qmp" ] || qmp_must query-version
  done
  locked=$lock
}

# Tries to take $lock. The command that held it before deletes the file, so a lock on a deleted file does not count.
try_lock() {
  mask=$(umask)
  umask 077 # whoever can open the file can hold the lock
  # Without "command", dash ends with 2 when exec cannot open the file.
  command exec 7>>"$lock" || fail "$lock: the lock of $name cannot be opened" "remove what is there, or give $(id -un) write access to $lock_folder"
  umask "$mask"
  if flock -n 7; then
    # shellcheck disable=SC2046 # a word per file
    set -- $(stat -L -c %i "$lock" /proc/self/fd/7 2>/dev/null)
    [ $# -ne 2 ] || [ "$1" != "$2" ] || return 0
  fi
  exec 7>&-
  return 1
}

# Sets $lock_folder to a folder that only this user can write to. It must be the same in each session of the user, and sessions of cron or
# su have no XDG_RUNTIME_DIR; so that comes second, for users without a home.
choose_lock_folder() {
  if is_root; then
    set -- "${VIRTIO_WIN_SYSROOT:-}/run"
  else
    set -- "${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}" "${XDG_RUNTIME_DIR:-}"
  fi
  for lock_folder in "$@"; do
    [ -n "$lock_folder" ] || continue
    [ -d "$lock_folder" ] || (umask 077 && mkdir -p "$lock_folder") 2>/dev/null || true
    if [ -d "$lock_folder" ] && [ -w "$lock_folder" ]; then return 0; fi
  done
  fail "${1:-\$HOME}: no lock of the guest can be made there" "make it a folder that $(id -un) can write to"
}
