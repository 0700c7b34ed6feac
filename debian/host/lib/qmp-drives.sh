# shellcheck shell=sh
# The CD drives of a plain QEMU, through QMP.

# The file or URL that a drive of query-block has, for jq. What QEMU cannot say by a URL is a json: name.
# shellcheck disable=SC2016
qmp_file='(.inserted.image.filename // .inserted.file // "" | if startswith("json:") then (.[5:] | fromjson | (.file // .)) as $node | (
  if $node.driver == "iscsi" then "iscsi://\($node.portal)/\($node.target)/\($node.lun)"
  elif $node.driver == "nbd" then "nbd://\($node.server.host // $node.server.path // $node.host // ""):\($node.server.port // $node.port // "")/\($node.export // "")"
  else $node.url // $node.filename // . end) else . end)'

# Writes a row for each CD drive to $temp/drives: id, inserted (yes), path, tray (open), size.
qmp_drives() {
  qmp_must query-block '{}' '[.[] | select(.removable and (.qdev // "") != "")
    | [.qdev, (if .inserted then "yes" else "" end), '"$qmp_file"',
       (if .tray_open then "open" else "" end), (.inserted.image["virtual-size"] // 0 | tostring)] | join("\u001f")] | join("\n")'
  printf '%s\n' "$answer" >"$temp/removable"
  : >"$temp/drives"
  while IFS= read -r row <&3; do
    id=${row%%"$separator"*}
    [ -n "$id" ] || continue
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
  while IFS=$separator read -r id inserted path tray size <&5; do
    [ -n "$inserted" ] || continue
    held=$(release_of_medium "$path" "$size")
    [ -z "$held" ] || printf '%s\n' "$id$separator$held$separator$path$separator$tray"
  done 5<"$temp/drives"
}

# Prints the rows of qmp_held whose disc is of the same kind as the chosen one.
qmp_held_of_kind() {
  qmp_held | while IFS=$separator read -r id held path tray; do
    [ "$(kind_of "$held")" != "$disc_kind" ] || printf '%s\n' "$id$separator$held$separator$path$separator$tray"
  done
}

# Ends the command unless the drive ID has EXPECTED, as drive_at prints it: QEMU replaces and ejects any medium.
qmp_need_drive() {
  export qmp_id="$1"
  qmp_try query-block '{}' '[.[] | select(.qdev == env.qmp_id) | "drive" + (if .inserted then " " + '"$qmp_file"' else "" end)] | join("\n")' ||
    fail "$qmp: QEMU does not say what $1 holds: $refused" "look at it (virtio-win status --qmp $(shell_word "$qmp")), then repeat"
  [ "$answer" = "$2" ] || changed_meanwhile "$1" "$answer" '' "--qmp $(shell_word "$qmp")"
}

# Puts the chosen disc into a drive that holds PATH.
qmp_change() {
  planned="drive $2"
  qmp_unless_locked "$1" qmp_insert || qmp_refused_insert
}

# Takes the disc, called HELD, out of a drive that holds PATH, and closes the tray.
qmp_take_out() {
  planned="drive $3"
  qmp_unless_locked "$1" qmp_eject_medium ||
    fail "$qmp: QEMU refused to take $2 out of $1: $refused" 'the disc is in the drive as before'
  qmp_try blockdev-close-tray "$(json_object id "$1")" || note "$qmp: the empty tray of $1 stays open: $refused"
  log_change "$1" '' "$planned" drive
}

# Takes the medium out of a drive that has $planned, by one command: between two, a guest that opens its drive closes and locks the tray
# again. So does qmp_insert.
qmp_eject_medium() {
  qmp_need_drive "$1" "$planned"
  qmp_try eject "$(qmp_forced "$(json_object id "$1")")"
}

# Puts the chosen disc into a drive that has $planned. Fails (1) with $refused.
qmp_insert() {
  qmp_need_drive "$1" "$planned"
  qmp_change_medium "$1" || return 1
  qmp_need_drive "$1" "drive $disc_path"
  log_change "$1" '' "$planned" "drive $disc_path"
}

# Puts the chosen disc into a drive, read-only; QEMU opens the file before it touches the tray. Fails (1) with $refused.
qmp_change_medium() {
  change=$(json_object id "$1" filename "$disc_path" format raw read-only-mode read-only)
  if [ -z "$force" ]; then
    qmp_try blockdev-change-medium "$change"
    return
  fi
  qmp_try blockdev-change-medium "$(qmp_forced "$change")" && return
  # QEMU before 7.1 knows no force here.
  case $refused in
    *\'force\'*) ;;
    *) return 1 ;;
  esac
  qmp_try blockdev-open-tray "$(qmp_forced "$(json_object id "$1")")" || return 1
  qmp_try blockdev-change-medium "$change" && return
  reason=$refused
  qmp_try blockdev-close-tray "$(json_object id "$1")" || true
  refused=$reason
  return 1
}

# Adds the value of --force to arguments in JSON.
qmp_forced() {
  if [ -n "$force" ]; then printf '%s,"force":true}' "${1%?}"; else printf '%s,"force":false}' "${1%?}"; fi
}

# Runs COMMAND for a drive. Where the guest has locked the tray, QEMU refuses and asks the guest to open it; a guest that reads now and
# then locks it for moments. So this tries for some seconds, then ends the command. Fails (1) with $refused for another reason.
qmp_unless_locked() {
  tries=0
  until "$2" "$1"; do
    case $refused in
      *' is locked '*) ;;
      *) return 1 ;;
    esac
    tries=$((tries + 1))
    [ "$tries" -lt 20 ] || fail "$qmp: $1 stays closed: the guest has locked it$(qmp_lock_now "$1")" \
      'eject it inside the guest first, or repeat with --force'
    [ $((tries % 5)) -ne 0 ] || sleep 1
  done
}

# Prints what to add where the tray of a drive is not locked at this moment.
qmp_lock_now() {
  export qmp_id="$1"
  qmp_must query-block '{}' '[.[] | select(.qdev == env.qmp_id) | .locked | tostring] | join("\n")'
  [ "$answer" = true ] ||
    printf ' each time that it was tried'
}

# Prints the bus of a virtio-scsi controller: its name, or a dash for one without an id; nothing when there is none.
qmp_scsi_bus() {
  for container in peripheral peripheral-anon; do
    qmp_must qom-list "$(json_object path "/machine/$container")" '[.[] | select(.type | startswith("child<virtio-scsi-")) | .name][0] // ""'
    [ -n "$answer" ] || continue
    case $container in
      peripheral) printf '%s.0' "$answer" ;;
      *) printf '%s' - ;;
    esac
    return
  done
}
