# shellcheck shell=sh
# attach, eject, swap and status for a plain QEMU.

qmp_attach() {
  need_family
  qmp_open
  lock_qemu
  qmp_drives
  qmp_held_of_kind >"$temp/held"
  if IFS=$separator read -r id held path _ <"$temp/held"; then
    what=$(held_words "$held" "$path")
    [ "$held" = "$release" ] || fail "$qmp: $id already holds $what" \
      "to change it for $release: virtio-win swap; to take it out: virtio-win eject"
    if is_link "$held" "$path"; then
      qmp_change "$id" "$path"
      printf '%s: %s is in %s instead of %s\n' "$qmp" "$release" "$id" "$what"
    else
      printf '%s: %s is already in %s\n' "$qmp" "$release" "$id"
    fi
    return
  fi
  planned=drive
  id=$(awk -F "$separator" '$2 == "" { print $1; exit }' "$temp/drives")
  if [ -n "$id" ]; then
    qmp_insert "$id" || qmp_refused_insert
    printf '%s: %s is in %s\n' "$qmp" "$release" "$id"
  else
    qmp_add_drive
    printf '%s: %s is in the new drive %s\n' "$qmp" "$release" "$id"
  fi
}

# Adds a CD drive with the disc on a virtio-scsi bus; removes it again where QEMU refuses the disc.
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
    note "$qmp: the new drive $id could not be removed: $refused" "remove it in QEMU's monitor: device_del $id"
  refused=$reason
  qmp_refused_insert
}

qmp_refused_insert() {
  fail "$qmp: QEMU refused $disc_path: $refused" 'the guest is as it was; can QEMU, as its user, read that file?'
}

qmp_eject() {
  qmp_open
  lock_qemu
  qmp_drives
  qmp_held | RELEASE=$release awk -F "$separator" 'ENVIRON["RELEASE"] == "" || $2 "" == ENVIRON["RELEASE"]' >"$temp/held"
  while IFS=$separator read -r id held path _ <&3; do
    what=$(held_words "$held" "$path")
    qmp_take_out "$id" "$what" "$path"
    printf '%s: %s is out of %s\n' "$qmp" "$what" "$id"
  done 3<"$temp/held"
  [ -s "$temp/held" ] || printf '%s: it holds no disc%s\n' "$qmp" "${release:+ $release}"
}

qmp_swap() {
  need_family
  qmp_open
  lock_qemu
  qmp_drives
  qmp_held_of_kind >"$temp/held"
  [ -s "$temp/held" ] || fail "$qmp: it holds no disc that could be swapped" "put one in: virtio-win attach --qmp $qmp"
  disc_id=$(DISC=$disc_path awk -F "$separator" '$3 == ENVIRON["DISC"] { print $1; exit }' "$temp/held")
  while IFS=$separator read -r id held path _ <&3; do
    what=$(held_words "$held" "$path")
    if [ "$id" = "$disc_id" ]; then
      printf '%s: %s is already in %s\n' "$qmp" "$release" "$id"
    elif [ -n "$disc_id" ]; then
      qmp_take_out "$id" "$what" "$path"
      printf '%s: %s is out of %s, for %s is in %s\n' "$qmp" "$what" "$id" "$release" "$disc_id"
    else
      qmp_change "$id" "$path"
      disc_id=$id
      printf '%s: %s is in %s instead of %s\n' "$qmp" "$release" "$id" "$what"
    fi
  done 3<"$temp/held"
}

qmp_status() {
  qmp_open
  qmp_drives
  qmp_held | while IFS=$separator read -r target held source tray; do
    disc_row live "$target" '' "$held" "$source" "$tray"
  done >"$temp/report"
  if [ -n "$as_json" ]; then
    printf '{"qmp":%s,"discs":' "$(json_string "$qmp")"
    json_rows where target bus disc path tray chosen:boolean present:boolean leads_to family <"$temp/report"
    echo '}'
  else
    printf '%s\n' "$qmp"
    print_discs
  fi
}
