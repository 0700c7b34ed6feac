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

# Prints the errors of virsh on one line.
refusal() {
  sed -e 's/^error: //' -e '/^$/d' "$temp/refusal" | tr '\n' ';' | sed -e 's/;$//' -e 's/;/; /g'
}

# Writes a row for each guest, running or not, to $temp/guests: uuid, name.
list_guests() {
  refuse_xen_without_libvirt
  need_tools virsh:libvirt-clients
  need_temp
  try_virsh list --all --uuid --name >"$temp/listed" || no_libvirt
  awk -v OFS="$separator" 'length($1) == 36 { name = substr($0, 38); sub(/[ \t]+$/, "", name); print $1, name }' \
    "$temp/listed" >"$temp/guests"
}

no_libvirt() {
  fail "${connect:-libvirt}: $(refusal)" \
    'is libvirtd running, and may you use it? --connect qemu:///system or qemu:///session names another one'
}

# Finds the guest by name or UUID; sets $uuid, $name, $active, $persistent, $state, $saved and writes $temp/live.xml and
# $temp/config.xml, each with its rows beside it.
open_guest() {
  find_guest "$1"
  read_guest || unreadable_guest
}

# As open_guest; keeps other commands from changing the guest.
open_guest_for_change() {
  find_guest "$1"
  lock_guest
  read_guest || unreadable_guest
}

unreadable_guest() {
  fail "$name: $(refusal)" 'try again; if it stays, look into the log of libvirtd'
}

# Finds the guest by name or UUID; sets $uuid and $name.
find_guest() {
  list_guests
  GUEST=$1 awk -F "$separator" '$1 == tolower(ENVIRON["GUEST"])' "$temp/guests" >"$temp/found"
  [ -s "$temp/found" ] || GUEST=$1 awk -F "$separator" '$2 == ENVIRON["GUEST"]' "$temp/guests" >"$temp/found"
  case $(wc -l <"$temp/found" | tr -d ' ') in
    0) no_guest "$1" ;;
    1) ;;
    *) fail "$1: several guests have this name" "give the UUID: $(cut -d "$separator" -f 1 "$temp/found" | in_one_line)" ;;
  esac
  IFS=$separator read -r uuid name <"$temp/found"
}

no_guest() {
  # virsh pads the names of its list with spaces, which hides those at the end of a name.
  case $1 in
    *' ') fail "$1: a name that ends in spaces finds no guest" "give the UUID: $(run_virsh domuuid "$1" 2>/dev/null || printf 'virsh list --all --uuid --name')" ;;
  esac
  names=$(cut -d "$separator" -f 2 "$temp/guests" | tr '\n' ',' | sed -e 's/,$//' -e 's/,/, /g')
  fail "$1: there is no such guest at $(run_virsh uri 2>/dev/null || printf '%s' "${connect:-libvirt}")" \
    "guests there: ${names:-none}; --connect URI names another libvirt"
}

# Sets $places to the places to change: config, live or both, in this order.
choose_places() {
  [ -z "$wants_live" ] || [ -n "$active" ] ||
    fail "$name: it is not running, so --live has nothing to change" 'leave --live out'
  [ -z "$wants_config" ] || [ -n "$persistent" ] ||
    fail "$name: it has no configuration to change, it is only running" 'leave --config out'
  case $wants_live$wants_config in
    '') places="${persistent:+config} ${active:+live}" ;;
    *) places="${wants_config:+config} ${wants_live:+live}" ;;
  esac
  if [ -n "$saved" ]; then
    note "$name: it has a saved state, which keeps its own devices" "the change counts from its next start without it: virsh managedsave-remove $uuid drops it"
  fi
}

# Fails unless QEMU runs the guest.
need_qemu_guest() {
  kind=
  for place in live config; do
    [ ! -e "$temp/$place.rows" ] || kind=$(awk -F "$separator" '$1 == "domain" { print $2 }' "$temp/$place.rows")
  done
  case $kind in
    kvm | qemu | hvf | kqemu) ;;
    xen) fail "$name: it runs on Xen, which attach does not support" 'virtio-win snippet xl prints the lines for its configuration' ;;
    *) fail "$name: it is a guest of the kind '$kind'; only guests of QEMU and KVM are supported" 'virtio-win help snippet lists other configurations to paste' ;;
  esac
}

# Prints a place for people.
place_words() {
  case $1 in
    live) printf 'now' ;;
    config) printf 'at the next start' ;;
    saved) printf 'in the saved state' ;;
  esac
}

# Warns where the guest is on another host: that host needs the disc too.
note_remote() {
  uri=$(run_virsh uri 2>/dev/null) || uri=
  case $uri in
    *://?*/*)
      case $uri in
        *:///*) ;;
        *) note "$uri is another host: $disc_path must be there too" 'install the same package there' ;;
      esac
      ;;
  esac
}
