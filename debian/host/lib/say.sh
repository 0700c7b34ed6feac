# shellcheck shell=sh
# Messages, the ways to end, and the temporary folder.
# Exit codes: 0 good, 1 failed, 2 usage, 3 a tool is missing.

# Prints a remark and, if given, a hint on standard error.
note() {
  printf 'virtio-win: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf 'hint: %s\n' "$2" >&2
}

# Ends with exit code 1: FACT, with its place, and the next step.
fail() {
  note "$1" "$2"
  exit 1
}

# Ends with exit code 2: FACT and, if given, another next step than --help.
usage_error() {
  is_usage_error=yes
  note "$1" "${2:-virtio-win --help lists commands and options}"
  exit 2
}

# Ends with exit code 3 unless all programs are there; each is given as PROGRAM:DEBIAN-PACKAGE.
need_tools() {
  missing=
  packages=
  for tool in "$@"; do
    command -v "${tool%%:*}" >/dev/null && continue
    missing="$missing ${tool%%:*}"
    packages="$packages ${tool#*:}"
  done
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2086 # one argument per package
  note "missing:$missing" "as root, type: $(manager_command install $packages)"
  exit 3
}

# Succeeds on a host whose packages rpm installs.
has_rpm() {
  command -v rpm >/dev/null && ! command -v apt-get >/dev/null
}

# Prints the command of this host's package manager that installs or reinstalls packages, given by their names in Debian.
manager_command() {
  action=$1
  shift
  if ! has_rpm; then
    [ "$action" = install ] || action='install --reinstall'
    echo "apt-get $action $*"
    return
  fi
  names=
  for name in "$@"; do
    case $name in
      libvirt-clients) name=libvirt-client ;;
      qemu-block-extra) name='qemu-block-curl qemu-block-iscsi' ;;
      qemu-system-x86) name=qemu-kvm ;;
      virtinst) name=virt-install ;;
    esac
    names="$names $name"
  done
  echo "dnf $action$names"
}

# Prints how to install a disc.
disc_command() {
  if has_rpm; then manager_command install ./PACKAGE.rpm; else manager_command install ./PACKAGE.deb; fi
}

# Whether root runs the command; asks once.
is_root() {
  [ -n "${user_id:-}" ] || user_id=$(id -u)
  [ "$user_id" = 0 ]
}

# Makes the folder $temp, which is removed at the end, unless it is there.
need_temp() {
  [ -n "${temp:-}" ] || make_temp
}

# Makes a folder $temp for this shell; it is for a subshell too, whose end removes it.
make_temp() {
  temp=$(mktemp -d "${TMPDIR:-/tmp}/virtio-win.XXXXXX" 2>/dev/null) ||
    fail "${TMPDIR:-/tmp}: no temporary folder can be made there" 'set TMPDIR to a folder that has room and that you can write to'
  trap 'clean_up' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 141' PIPE
  trap 'exit 143' TERM
}

# A redirection that fails, as on a full disk, ends dash with 2, which is the exit code of a usage error here.
clean_up() {
  status=$?
  trap '' HUP INT TERM PIPE # a signal now would end this half-way
  if [ -n "${qmp_process:-}" ]; then kill "$qmp_process" 2>/dev/null || true; fi
  [ -z "${is_serving:-}" ] || stop_server
  [ -z "${locked:-}" ] || rm -f "$locked"
  rm -rf "$temp"
  if [ "$status" -eq 2 ] && [ -z "${is_usage_error:-}" ]; then exit 1; fi
}
