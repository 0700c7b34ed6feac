# shellcheck shell=sh
# Guests, through the toolstack that knows them: libvirt (virsh), or on a host of Xen without --connect that of its dom0, xl or xe.

# Sets $toolstack.
choose_toolstack() {
  toolstack=libvirt
  case $connect in
    xl | xe)
      toolstack=$connect
      connect=
      ;;
    ?*) return 0 ;;
    *)
      [ -z "${LIBVIRT_DEFAULT_URI:-}" ] || return 0
      root=${VIRTIO_WIN_SYSROOT:-}
      saw=
      look_for_xen
      [ "$xen_role" = dom0 ] || return 0
      if [ -n "$has_inventory" ]; then
        toolstack=xe
      elif command -v xl >/dev/null || ! command -v virsh >/dev/null; then
        toolstack=xl
      fi
      ;;
  esac
  [ -z "$force" ] || [ "$toolstack" = libvirt ] || usage_error "--force: $toolstack cannot open a tray that the guest has locked" 'eject the disc inside the guest'
}

# Writes a row for each guest, running or not, to $temp/guests: uuid, name. The operand of xl can be a configuration file.
list_guests() {
  need_temp
  choose_toolstack
  case $toolstack in
    libvirt) list_libvirt_guests ;;
    xl) list_xl_guests "$@" ;;
    xe) list_xe_guests ;;
  esac
}

# Finds the guest by name or UUID; sets $uuid (empty where xl knows none), $name, $active, $persistent, $state, $saved and writes
# $temp/live.rows and $temp/config.rows.
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
  fail "$name: $(refusal)" "try again; if it stays, look into the log of $(toolstack_daemon)"
}

# Reads the state and the drives of the guest.
read_guest() {
  rm -f "$temp"/live.* "$temp"/config.* "$temp"/saved.* # of another guest
  saved=
  case $toolstack in
    libvirt) read_libvirt_state ;;
    xl) read_xl_state ;;
    xe) read_xe_state ;;
  esac || return 1
  if [ -n "$active" ]; then read_place live || return 1; fi
  if [ -n "$persistent" ] && [ "$toolstack:$active" != xe:yes ]; then read_place config || return 1; fi
  if [ -n "$saved" ]; then read_place saved || return 1; fi
}

# Writes the drives of the guest in a place (live, config or saved) to $temp/PLACE.rows.
read_place() {
  case $toolstack in
    libvirt) read_xml_place "$1" ;;
    xl) xl_rows "$1" >"$temp/$1.rows" ;;
    xe) xe_rows >"$temp/$1.rows" ;;
  esac
}

# Prints the errors of the toolstack on one line.
refusal() {
  sed -e 's/^error: //' -e 's/^libxl: error: [^:]*:[0-9]*:[^:]*: //' -e '/^$/d' -e '/^Parsing config from /d' "$temp/refusal" |
    tr '\n' ';' | sed -e 's/;$//' -e 's/;/; /g'
}

# Prints what keeps a log of the toolstack.
toolstack_daemon() {
  case $toolstack in
    libvirt) printf libvirtd ;;
    xl) printf 'xl (/var/log/xen)' ;;
    xe) printf xapi ;;
  esac
}
