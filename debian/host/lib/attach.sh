# shellcheck shell=sh
# attach: puts the disc into a guest, once.

cmd_attach() {
  choose_disc
  if [ -n "$qmp" ]; then
    qmp_attach
    return
  fi
  open_guest_for_change "$1"
  need_known_guest
  need_family
  locate_disc
  find_pools
  note_pools
  choose_places
  for place in live config; do
    held_of_kind "$place" >"$temp/$place.held"
  done
  need_free_of_others
  need_known
  plan_live
  plan_config
  note_remote
  make_plans
}

# Fails when the guest holds another disc of the same kind (two of them confuse Windows and people), or this one in a drive for no CD.
need_free_of_others() {
  for place in $places; do
    need_cd_drives "$place"
    while IFS=$separator read -r target _ _ held source _ <&3; do
      [ "$held" = "$release" ] || fail "$name: $target already holds $(held_words "$held" "$source") ($(place_words "$place"))" \
        "to change it for $release: virtio-win swap; to take it out: virtio-win eject"
    done 3<"$temp/$place.held"
  done
}

# Fails when a place without the disc has a drive that may hold it.
need_known() {
  for place in $places; do
    [ ! -s "$temp/$place.held" ] || continue
    unknown_in "$place" >"$temp/unknown"
    IFS=$separator read -r target _ _ _ source _ <"$temp/unknown" || continue
    hint="empty the drive: $(eject_words)"
    [ "$toolstack" = xe ] || [ -n "$active" ] || hint="start the guest, since the size of a medium is known while it is in use, then repeat; or $hint"
    fail "$name: $target has $source, which may be $release or not ($(place_words "$place"))" "$hint"
  done
}

# The configuration comes first: it can always be undone, even when the running guest then refuses.
make_plans() {
  begin_changes
  : >"$temp/report"
  for place in $places; do
    case $place in
      live) plan=$live_plan target=$live_target on=$live_bus was=$live_was ;;
      config) plan=$config_plan target=$config_target on=$config_bus was=$config_was ;;
    esac
    case $plan in
      tray | link) change_medium "$place" "$target" "$on" "$disc_path" ;;
      new)
        target=$new_target on=$new_bus
        describe_new_drive "$new_target" "$new_bus" "$new_address" >"$temp/new"
        change attach-device "$temp/new" "$place" detach-device "$temp/new" "$new_target" "drive $disc_path"
        ;;
    esac
    report_plan >>"$temp/report"
  done
  cat "$temp/report"
  if [ "$live_plan" = impossible ]; then
    note "$name: $obstacle" \
      'shut it down and start it again; a restart inside the guest is not enough'
  fi
}

report_plan() {
  where=$(place_words "$place")
  case $plan in
    impossible) ;;
    there) printf '%s: %s is already in %s (%s), %s\n' "$name" "$release" "$target" "$on" "$where" ;;
    new) printf '%s: %s is in the new drive %s (%s), %s\n' "$name" "$release" "$target" "$on" "$where" ;;
    link) printf '%s: %s is in %s (%s) instead of %s, %s\n' "$name" "$release" "$target" "$on" "$was" "$where" ;;
    *) printf '%s: %s is in %s (%s), %s\n' "$name" "$release" "$target" "$on" "$where" ;;
  esac
}
