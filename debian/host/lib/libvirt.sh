# shellcheck shell=sh
# Asks libvirt about guests, through virsh.

# Runs virsh, quietly, on the host that --connect names, for $patience seconds if that is set. In the foreground ssh can ask for a password.
# The path is that of coreutils: the timeout within busybox leaves a process behind that waits to the end.
run_virsh() {
  [ -z "$connect" ] || set -- -c "$connect" "$@"
  ${patience:+/usr/bin/timeout --foreground "$patience"} virsh -q "$@" 7>&-
}

# Runs virsh; its errors go to $temp/refusal.
try_virsh() {
  run_virsh "$@" 2>"$temp/refusal"
}

# Writes a row for each guest of libvirt, running or not, to $temp/guests: uuid, name.
list_libvirt_guests() {
  need_tools virsh:libvirt-clients
  try_virsh list --all --uuid --name >"$temp/listed" || no_libvirt
  awk -v OFS="$separator" 'length($1) == 36 { name = substr($0, 38); sub(/[ \t]+$/, "", name); print $1, name }' \
    "$temp/listed" >"$temp/guests"
}

no_libvirt() {
  fail "${connect:-libvirt}: $(refusal)" \
    'is libvirtd running, and may you use it? --connect qemu:///system or qemu:///session names another one'
}

# Sets $places to the places to change: config, live or both, in this order.
choose_places() {
  [ -z "$wants_live" ] || [ -n "$active" ] ||
    fail "$name: it is not running, so --live has nothing to change" 'leave --live out'
  [ -z "$wants_config" ] || [ -n "$persistent" ] ||
    fail "$name: it has no configuration to change, it is only running" 'leave --config out'
  case $toolstack:$active:$wants_live$wants_config in
    xe:yes:*) places=live ;; # a change of a running guest stays in its configuration
    *:) places="${persistent:+config} ${active:+live}" ;;
    *) places="${wants_config:+config} ${wants_live:+live}" ;;
  esac
  if [ -n "$saved" ]; then
    note "$name: it has a saved state, which keeps its own devices" "the change counts from its next start without it: virsh managedsave-remove $uuid drops it"
  fi
}

# Fails unless QEMU or Xen runs the guest.
need_known_guest() {
  kind=$(guest_kind)
  case $kind in
    kvm | qemu | hvf | kqemu | xen) ;;
    *) fail "$name: it is a guest of the kind '$kind'; only guests of QEMU, KVM and Xen are supported" 'virtio-win help snippet lists other configurations to paste' ;;
  esac
}

# Prints the type of the guest in its XML; nothing for a guest without.
guest_kind() {
  for place in config live; do
    if [ -e "$temp/$place.rows" ]; then
      find_domain "$place"
      printf '%s\n' "$type"
      break
    fi
  done
}

# Prints a place for people.
place_words() {
  case $1:$toolstack in
    live:xe) printf 'now and at the next start' ;;
    live:*) printf 'now' ;;
    config:*) printf 'at the next start' ;;
    saved:*) printf 'in the saved state' ;;
  esac
}

# Warns where the guest is on another host: that host needs the disc too.
note_remote() {
  ! is_remote || note "$uri is another host: $disc_path must be there too" 'install the same package there'
}

# Whether the guest is one of a libvirt on another host, which $uri names then.
is_remote() {
  [ "$toolstack" = libvirt ] || return 1
  find_uri
  case ${uri%%\?*} in
    *:///*) return 1 ;;
    *://?*) ;;
    *) return 1 ;;
  esac
}

# Sets $uri to the one that libvirt is asked at; to nothing where it does not answer.
find_uri() {
  [ -z "${uri+known}" ] || return 0
  uri=$(run_virsh uri 2>/dev/null) || uri=
}
