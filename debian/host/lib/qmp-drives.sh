# shellcheck shell=sh
# The CD drives of a plain QEMU, through QMP.

# Writes a row for each CD drive to $temp/drives: id, inserted (yes), path, tray (open).
qmp_drives() {
  qmp_must query-block
  printf '%s' "$answer" | jq -r '
    .[] | select(.removable and (.qdev // "") != "")
    | [.qdev, (if .inserted then "yes" else "" end), (.inserted.image.filename // .inserted.file // ""),
       (if .tray_open then "open" else "" end)] | join("\u001f")' >"$temp/removable"
  : >"$temp/drives"
  while IFS= read -r row <&3; do
    id=${row%%"$separator"*}
    case $id in
      /*) path=$id ;;
      *) path=/machine/peripheral/$id ;;
    esac
    qmp_try qom-get "$(json_object path "$path" property type)" || continue
    case $answer in
      *-cd\") printf '%s\n' "$row" >>"$temp/drives" ;;
    esac
  done 3<"$temp/removable"
}

# Prints a row for each drive that holds a disc of ours: id, release, path, tray.
qmp_held() {
  while IFS=$separator read -r id inserted path tray <&5; do
    [ -n "$inserted" ] || continue
    held=$(release_of "$path")
    [ -z "$held" ] || printf '%s\n' "$id$separator$held$separator$path$separator$tray"
  done 5<"$temp/drives"
}

# Prints the rows of qmp_held whose disc is of the same kind as the chosen one.
qmp_held_of_kind() {
  qmp_held | while IFS=$separator read -r id held path tray; do
    [ "$(kind_of "$held")" != "$disc_kind" ] || printf '%s\n' "$id$separator$held$separator$path$separator$tray"
  done
}

# Puts the chosen disc into a drive whose tray may be closed and full.
qmp_change() {
  qmp_open_tray "$1"
  qmp_insert "$1" && return
  reason=$refused
  qmp_try blockdev-close-tray "$(json_object id "$1")" || true
  refused=$reason
  qmp_refused_insert
}

# Takes the disc, called HELD, out of a drive.
qmp_take_out() {
  qmp_open_tray "$1"
  if ! qmp_try blockdev-remove-medium "$(json_object id "$1")"; then
    reason=$refused
    qmp_try blockdev-close-tray "$(json_object id "$1")" || true
    fail "$qmp: QEMU refused to take $2 out of $1: $reason" 'the disc is in the drive as before'
  fi
  qmp_try blockdev-close-tray "$(json_object id "$1")" || note "$qmp: the empty tray of $1 stays open: $refused"
}

# Puts the chosen disc into a drive, read-only; QEMU opens the file before it touches the tray. Fails (1) with $refused.
qmp_insert() {
  qmp_try blockdev-change-medium "$(json_object id "$1" filename "$disc_path" format raw read-only-mode read-only)"
}

# Opens the tray of a drive. Where the guest has locked it, QEMU asks the guest and says that all is well: wait for it.
qmp_open_tray() {
  forced=false
  [ -z "$force" ] || forced=true
  qmp_must blockdev-open-tray "$(jq -cn --arg id "$1" --argjson force $forced '{id: $id, force: $force}')"
  tries=0
  until qmp_is_open "$1"; do
    tries=$((tries + 1))
    [ "$tries" -le 5 ] || fail "$qmp: $1 stays closed: the guest has locked it" 'eject it inside the guest first, or repeat with --force'
    sleep 1
  done
}

# Whether the tray of a drive is open.
qmp_is_open() {
  qmp_must query-block
  [ "$(printf '%s' "$answer" | jq -r --arg id "$1" '.[] | select(.qdev == $id) | .tray_open')" = true ]
}

# Prints the bus of a virtio-scsi controller: its name, or a dash for one without an id; nothing when there is none.
qmp_scsi_bus() {
  for container in peripheral peripheral-anon; do
    qmp_must qom-list "$(json_object path "/machine/$container")"
    controller=$(printf '%s' "$answer" | jq -r '[.[] | select(.type | startswith("child<virtio-scsi-")) | .name][0] // ""')
    [ -n "$controller" ] || continue
    case $container in
      peripheral) printf '%s.0' "$controller" ;;
      *) printf '%s' - ;;
    esac
    return
  done
}
