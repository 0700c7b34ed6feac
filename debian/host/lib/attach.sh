# shellcheck shell=sh
# attach: the disc into a libvirt guest, once.

cmd_attach() {
  choose_disc
  if [ -n "$qmp" ]; then
    qmp_attach
    return
  fi
  open_guest "$1"
  need_qemu_guest
  choose_places
  need_free_of_others
  plan_live
  plan_config
  note_remote
  make_plans
}

# Fails when the guest holds another disc of the same kind: two of them confuse Windows and people.
need_free_of_others() {
  for place in $places; do
    held_of_kind "$place" >"$temp/$place.held"
    while IFS=$separator read -r target _ _ held _ <&3; do
      [ "$held" = "$release" ] || fail "$name: $target already holds $held ($(place_words "$place"))" \
        "to change it for $release: virtio-win swap; to take it out: virtio-win eject"
    done 3<"$temp/$place.held"
  done
}

# A plan is a word and what belongs to it: none, there TARGET, tray TARGET BUS, new BUS TARGET ADDRESS, impossible.
plan_live() {
  live_plan=none
  has_place live || return 0
  plan_place live
  if [ "$plan" = new ]; then
    wanted_buses=scsi
    [ -z "$bus" ] || wanted_buses=$bus
    case $wanted_buses in
      scsi | usb) ;;
      *) wanted_buses= ;;
    esac
    set -- "$temp/live.rows"
    # The same place for both, if both get a new drive.
    if has_place config; then
      plan_place config
      [ "$plan" != new ] || set -- "$@" "$temp/config.rows"
    fi
    plan=impossible
    if find_room "$wanted_buses" "$@"; then
      plan=new
    elif [ -z "$persistent" ] || [ -n "$wants_live" ]; then
      fail "$name: while it runs it takes no new CD drive: it has no empty tray and no room on ${wanted_buses:-a bus that can}" \
        'give it a virtio-scsi controller, or leave --live out: then it is there at the next start'
    fi
  fi
  live_plan=$plan
}

plan_config() {
  config_plan=none
  has_place config || return 0
  plan_place config
  if [ "$plan" = new ] && [ "$live_plan" != new ]; then
    find_room "${bus:-sata ide scsi usb}" "$temp/config.rows" ||
      fail "$name: there is no room for a CD drive on ${bus:-sata, ide, scsi or usb}" \
        'empty a CD drive that it has, or add a controller: virsh edit'
  fi
  config_plan=$plan
}

# Whether a place is among those to change.
has_place() {
  case " $places " in
    *" $1 "*) ;;
    *) return 1 ;;
  esac
}

# Sets $plan for a place: there, tray or new; for the first two also the target in $PLACE_target and $PLACE_bus.
plan_place() {
  plan=new
  found=$(head -n 1 "$temp/$1.held" | cut -d "$separator" -f 1,2)
  if [ -n "$found" ]; then
    plan=there
  else
    found=$(BUS=$bus awk -F "$separator" -v OFS="$separator" '
      $1 == "disk" && $2 == "cdrom" && $6 == "" && (ENVIRON["BUS"] == "" || ENVIRON["BUS"] == $4) { print $3, $4; exit }' "$temp/$1.rows")
    [ -z "$found" ] || plan=tray
  fi
  case $1 in
    live) live_target=${found%"$separator"*} live_bus=${found#*"$separator"} ;;
    config) config_target=${found%"$separator"*} config_bus=${found#*"$separator"} ;;
  esac
}

# The configuration comes first: it can always be undone, even when the running guest then refuses.
make_plans() {
  begin_changes
  : >"$temp/report"
  for place in $places; do
    case $place in
      live) plan=$live_plan target=$live_target on=$live_bus ;;
      config) plan=$config_plan target=$config_target on=$config_bus ;;
    esac
    case $plan in
      tray) change_medium "$place" "$target" "$(source_xml)" ;;
      new)
        target=$new_target on=$new_bus
        new_disk_xml "$new_target" "$new_bus" "$new_address" >"$temp/new"
        change attach-device "$temp/new" "$place" detach-device "$temp/new"
        ;;
    esac
    report_plan >>"$temp/report"
  done
  cat "$temp/report"
  if [ "$live_plan" = impossible ]; then
    note "$name: no bus of it takes a CD drive while it runs (SATA and IDE do not)" \
      'shut it down and start it again; a restart inside the guest is not enough'
  fi
}

report_plan() {
  case $plan in
    impossible) ;;
    there) printf '%s: %s is already in %s (%s), %s\n' "$name" "$release" "$target" "$on" "$(place_words "$place")" ;;
    new) printf '%s: %s is in the new drive %s (%s), %s\n' "$name" "$release" "$target" "$on" "$(place_words "$place")" ;;
    *) printf '%s: %s is in %s (%s), %s\n' "$name" "$release" "$target" "$on" "$(place_words "$place")" ;;
  esac
}
