# shellcheck shell=sh
# What attach does in each place. A plan is a word and what belongs to it: none, there TARGET, link TARGET BUS (to put the disc
# itself where a link to it is), tray TARGET BUS, new BUS TARGET ADDRESS, impossible.

plan_live() {
  live_plan=none live_target='' live_bus='' live_was=''
  obstacle='no bus of it takes a CD drive while it runs (SATA and IDE do not)'
  has_place live || return 0
  find_domain live
  plan_place live
  if [ "$plan" = new ]; then
    wanted_buses=$(hot_buses)
    set -- "$temp/live.rows"
    # The same place for both, if both get a new drive.
    if has_place config; then
      plan_place config
      [ "$plan" != new ] || set -- "$@" "$temp/config.rows"
    fi
    plan=impossible
    if find_room "$wanted_buses" "$@"; then
      plan=new
    elif [ -n "$wants_live" ] || ! has_place config; then
      fitting="a virtio-scsi controller ($scsi_controller)"
      [ "$machine" != xenfv ] || fitting='a CD drive with any disc before it starts'
      hint="give it $fitting, or leave --live out: then it is there at the next start"
      [ -n "$persistent" ] ||
        hint="it is transient, so this cannot wait for its next start: create it again with a CD drive, or with $fitting"
      [ "$toolstack" != xe ] || hint='shut it down, repeat, and start it again'
      fail "$name: a CD drive cannot be added while it runs: it has no empty tray and no room on ${wanted_buses:-a bus that can}" "$hint"
    fi
  fi
  [ "$plan" != twin ] || plan=new
  if [ "$plan:$machine" = tray:xenfv ] && ! can_insert "$live_target"; then
    if [ -n "$wants_live" ] || ! has_place config; then refuse_to_fill; fi
    plan=impossible
    obstacle="$live_target $unfit: a disc now would crash QEMU"
  fi
  live_plan=$plan
}

plan_config() {
  config_plan=none config_target='' config_bus='' config_was=''
  has_place config || return 0
  plan_place config
  # Never USB unasked: Windows does not read a disc there.
  if [ "$plan" = new ] && [ "$live_plan" != new ]; then
    find_room "$(cold_buses)" "$temp/config.rows" ||
      fail "$name: there is no room for a CD drive on $(cold_buses | sed -e 's/ /, /' -e 's/ \([a-z]*\)$/ or \1/')" \
        "empty a CD drive that it has$(controller_advice)"
  fi
  [ "$plan" != twin ] || plan=new
  config_plan=$plan
}

# Only on this bus does a running guest take a CD drive; Windows needs vioscsi to see it.
scsi_controller="<controller type='scsi' model='virtio-scsi'/>"

# Prints which controller to add for a CD drive, and where; nothing where another bus is asked for. Windows has a driver for SATA,
# which x86 machines can have; the machines of other architectures cannot.
controller_advice() {
  edit=", or add a controller: virsh edit $uuid"
  find_domain config
  case $bus:$machine in
    *:xen*) ;;
    :pc* | :q35* | sata:pc* | sata:q35*) printf "%s, into <devices>: %s" "$edit" "<controller type='sata'/>" ;;
    :* | scsi:*) printf '%s, into <devices>: %s' "$edit" "$scsi_controller" ;;
    *) printf '%s' "$edit" ;;
  esac
}

# Prints the buses on which the running guest takes a new CD drive. An HVM guest of Xen takes none; what PV drivers see is no CD to it.
hot_buses() {
  find_domain live
  case $machine:$bus in
    xenfv:*) ;;
    xenp*) echo xen ;;
    *:) echo scsi ;;
    *:scsi | *:usb) echo "$bus" ;;
  esac
}

# Prints the buses on which the configuration takes a new CD drive.
cold_buses() {
  find_domain config
  case $machine:$bus in
    xenfv:) echo ide ;;
    xenp*) echo xen ;;
    *) echo "${bus:-sata ide scsi}" ;;
  esac
}

# Whether a place is among those to change.
has_place() {
  case " $places " in
    *" $1 "*) ;;
    *) return 1 ;;
  esac
}
