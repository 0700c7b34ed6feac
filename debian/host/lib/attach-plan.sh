# shellcheck shell=sh
# What attach does in each place. A plan is a word and what belongs to it: none, there TARGET, link TARGET BUS (to put the disc
# itself where a link to it is), tray TARGET BUS, new BUS TARGET ADDRESS, impossible.

plan_live() {
  live_plan=none live_target='' live_bus='' live_was=''
  obstacle='no bus of it takes a CD drive while it runs (SATA and IDE do not)'
  has_place live || return 0
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
      [ "$(machine_of live)" != xenfv ] || fitting='a CD drive with any disc before it starts'
      hint="give it $fitting, or leave --live out: then it is there at the next start"
      [ -n "$persistent" ] ||
        hint="it is transient, so this cannot wait for its next start: create it again with a CD drive, or with $fitting"
      [ "$toolstack" != xe ] || hint='shut it down, repeat, and start it again'
      fail "$name: a CD drive cannot be added while it runs: it has no empty tray and no room on ${wanted_buses:-a bus that can}" "$hint"
    fi
  fi
  [ "$plan" != twin ] || plan=new
  if [ "$plan:$(machine_of live)" = tray:xenfv ] && ! can_insert "$live_target"; then
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
  case $bus:$(machine_of config) in
    *:xen*) ;;
    :pc* | :q35* | sata:pc* | sata:q35*) printf "%s, into <devices>: %s" "$edit" "<controller type='sata'/>" ;;
    :* | scsi:*) printf '%s, into <devices>: %s' "$edit" "$scsi_controller" ;;
    *) printf '%s' "$edit" ;;
  esac
}

# Prints the machine of the guest in PLACE.
machine_of() {
  awk -F "$separator" '$1 == "domain" { print $3 }' "$temp/$1.rows"
}

# Prints the buses on which the running guest takes a new CD drive. An HVM guest of Xen takes none; what PV drivers see is no CD to it.
hot_buses() {
  case $(machine_of live):$bus in
    xenfv:*) ;;
    xenp*) echo xen ;;
    *:) echo scsi ;;
    *:scsi | *:usb) echo "$bus" ;;
  esac
}

# Prints the buses on which the configuration takes a new CD drive.
cold_buses() {
  case $(machine_of config):$bus in
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

# Sets $plan for a place: there, link, tray, twin (new, as the other place has it) or new; and what belongs to it but for new.
plan_place() {
  plan=new found='' was=''
  while IFS=$separator read -r target on _ held source _ <&3; do
    if ! is_link "$held" "$source"; then
      plan=there found=$target$separator$on
      break
    fi
    plan=link found=$target$separator$on was=$(held_words "$held" "$source")
  done 3<"$temp/$1.held"
  [ "$plan" != new ] || plan_like_other "$1"
  if [ "$plan" = new ]; then
    found=$(BUS=$bus awk -F "$separator" -v OFS="$separator" '
      $1 == "disk" && $2 == "cdrom" && $6 == "" && ($4 == ENVIRON["BUS"] || ENVIRON["BUS"] == "" && $4 !~ /^(usb|xen)$/) { print $3, $4; exit }
      ' "$temp/$1.rows")
    [ -z "$found" ] || plan=tray
  fi
  case $1 in
    live) live_target=${found%"$separator"*} live_bus=${found#*"$separator"} live_was=$was ;;
    config) config_target=${found%"$separator"*} config_bus=${found#*"$separator"} config_was=$was ;;
  esac
}

# Sets $plan to tray or twin where the guest's other place has the disc in a drive that can be the same one here.
plan_like_other() {
  case $1 in
    live) other=config ;;
    *) other=live ;;
  esac
  [ -s "$temp/$other.held" ] || return 0
  like=$(PLACE=$1 TARGET=$(head -n 1 "$temp/$other.held" | cut -d "$separator" -f 1) BUS=$bus awk -F "$separator" -v OFS="$separator" '
    FNR == 1 { file++ }
    file == 1 { if ($1 == "disk" && $3 == ENVIRON["TARGET"] && $2 == "cdrom") { on = $4; address = $8 } }
    file == 2 && $1 == "disk" && $3 == ENVIRON["TARGET"] { same = ($2 == "cdrom" && $4 == on && $6 == "" ? "tray" : "taken") }
    file == 2 && $1 == "disk" && $4 == on && $8 == address && address != "" { used = 1 }
    END {
      if (on == "" || ENVIRON["BUS"] != "" && ENVIRON["BUS"] != on || same == "taken") exit
      if (same == "tray") print "tray", ENVIRON["TARGET"], on
      else if (!used && (ENVIRON["PLACE"] == "config" || on ~ /^(scsi|usb|xen)$/)) print "twin", ENVIRON["TARGET"], on, address
    }' "$temp/$other.rows" "$temp/$1.rows")
  [ -n "$like" ] || return 0
  IFS=$separator read -r plan new_target new_bus new_address <<END
$like
END
  found=$new_target$separator$new_bus
}
