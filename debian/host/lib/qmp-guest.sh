# shellcheck shell=sh
# attach, eject, swap and status for a plain QEMU.

qmp_attach() {
  qmp_open
  qmp_drives
  qmp_held_of_kind >"$temp/held"
  if IFS=$separator read -r id held _ <"$temp/held"; then
    [ "$held" = "$release" ] || fail "$qmp: $id already holds $held" \
      "to change it for $release: virtio-win swap; to take it out: virtio-win eject"
    printf '%s: %s is already in %s\n' "$qmp" "$release" "$id"
    return
  fi
  id=$(awk -F "$separator" '$2 == "" { print $1; exit }' "$temp/drives")
  if [ -n "$id" ]; then
    qmp_insert "$id" || qmp_refused_insert
    printf '%s: %s is in %s\n' "$qmp" "$release" "$id"
  else
    qmp_add_drive
    printf '%s: %s is in the new drive %s\n' "$qmp" "$release" "$id"
  fi
}

# Adds a CD drive on a virtio-scsi bus with the disc in it; without the disc it goes away again.
qmp_add_drive() {
  scsi_bus=$(qmp_scsi_bus)
  [ -n "$scsi_bus" ] || fail "$qmp: the guest has no empty CD drive and no virtio-scsi bus for a new one" \
    'start QEMU with a CD drive: virtio-win snippet qemu'
  id=virtio-win
  number=1
  while qmp_try qom-list "$(json_object path "/machine/peripheral/$id")"; do
    number=$((number + 1))
    id=virtio-win$number
  done
  set -- driver scsi-cd id "$id"
  [ "$scsi_bus" = - ] || set -- "$@" bus "$scsi_bus"
  qmp_must device_add "$(json_object "$@")"
  qmp_insert "$id" && return
  reason=$refused
  qmp_try device_del "$(json_object id "$id")" ||
    note "$qmp: the new drive $id could not be taken away: $refused" "device_del $id in QEMU's monitor takes it away"
  refused=$reason
  qmp_refused_insert
}

qmp_refused_insert() {
  fail "$qmp: QEMU refused $disc_path: $refused" 'the guest is as it was; can QEMU, as its user, read that file?'
}

qmp_eject() {
  qmp_open
  qmp_drives
  qmp_held | RELEASE=$release awk -F "$separator" 'ENVIRON["RELEASE"] == "" || $2 == ENVIRON["RELEASE"]' >"$temp/held"
  while IFS=$separator read -r id held _ <&3; do
    qmp_open_tray "$id"
    if ! qmp_try blockdev-remove-medium "$(json_object id "$id")"; then
      reason=$refused
      qmp_try blockdev-close-tray "$(json_object id "$id")" || true
      fail "$qmp: QEMU refused to take $held out of $id: $reason" 'the disc is in the drive as before'
    fi
    qmp_try blockdev-close-tray "$(json_object id "$id")" || note "$qmp: the empty tray of $id stays open: $refused"
    printf '%s: %s is out of %s\n' "$qmp" "$held" "$id"
  done 3<"$temp/held"
  [ -s "$temp/held" ] || printf '%s: it holds no disc\n' "$qmp"
}

qmp_swap() {
  qmp_open
  qmp_drives
  qmp_held_of_kind >"$temp/held"
  [ -s "$temp/held" ] || fail "$qmp: it holds no disc that could be swapped" "put one in: virtio-win attach --qmp $qmp"
  while IFS=$separator read -r id held path _ <&3; do
    if [ "$path" = "$disc_path" ]; then
      printf '%s: %s is already in %s\n' "$qmp" "$release" "$id"
      continue
    fi
    qmp_open_tray "$id"
    if ! qmp_insert "$id"; then
      reason=$refused
      qmp_try blockdev-close-tray "$(json_object id "$id")" || true
      refused=$reason
      qmp_refused_insert
    fi
    printf '%s: %s is in %s instead of %s\n' "$qmp" "$release" "$id" "$held"
  done 3<"$temp/held"
}

qmp_status() {
  qmp_open
  qmp_drives
  qmp_held | while IFS=$separator read -r target held source tray; do
    disc_facts "$held" "$source"
    printf '%s\n' "live$separator$target$separator$separator$held$separator$source$separator$tray$separator$is_chosen$separator$is_present"
  done >"$temp/report"
  if [ -n "$as_json" ]; then
    printf '{"qmp":%s,"discs":' "$(json_string "$qmp")"
    json_rows where target bus disc path tray chosen:boolean present:boolean <"$temp/report"
    echo '}'
  else
    printf '%s\n' "$qmp"
    print_discs
  fi
}
