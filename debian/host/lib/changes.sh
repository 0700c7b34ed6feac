# shellcheck shell=sh
# Changes of a guest: all or none.

# Begins a list of changes.
begin_changes() {
  undo=
}

# Changes the device at TARGET in PLACE: VERB (attach-device, update-device or detach-device), file of the drive, PLACE, how to undo it (VERB and
# file), TARGET, and what it has then: "drive PATH", "drive" without a medium, or "" without a drive. When the toolstack refuses, or the drive
# changes meanwhile, the earlier changes are undone and the command ends.
change() {
  # An interrupt between two changes would leave half of them.
  trap '' HUP INT TERM PIPE
  force_advice=
  [ "$toolstack" != libvirt ] || force_advice=', or repeat with --force'
  planned=$(drive_at "$3" "$6")
  tries=1
  while :; do
    need_drive "$3" "$6" "$planned"
    ! apply_change "$1" "$2" "$3" || break
    reason=$(refusal)
    case $toolstack:$1:$3:$reason in
      libvirt:update-device:live:*'is not open'*)
        replug "$2" "$5" "$6" "$7" && done=0 || done=$?
        case $done in
          0)
            need_drive "$3" "$6" "$replugged"
            log_change "$6" "$3" "$planned" "$replugged"
            return
            ;;
          1) ;; # the drive cannot go, so a guest that reads it closed its tray
          *)
            reason=$(refusal)
            tries=3
            ;;
        esac
        ;;
    esac
    case $reason in
      *locked* | *tray* | *'is not open'*) hint="eject it inside the guest first$force_advice" ;;
      *)
        hint="the guest is as it was; change what $toolstack names, then repeat"
        tries=3
        ;;
    esac
    # A guest locks the tray while it reads, often only for a moment.
    if [ "$tries" -ge 3 ]; then
      undo_changes
      fail "$name: $toolstack refused to change it ($(place_words "$3")): $reason" "$hint"
    fi
    tries=$((tries + 1))
    sleep 1
  done
  need_drive "$3" "$6" "$7"
  log_change "$6" "$3" "$planned" "$7"
  remember_undo "$4" "$5" "$3" "$6" "$7"
}

# Reads PLACE anew; unless the drive at TARGET has what is EXPECTED, undoes the changes and ends.
need_drive() {
  if ! read_place "$1"; then
    reason=$(refusal)
    undo_changes
    fail "$name: it cannot be read any more ($(place_words "$1")): $reason" "virtio-win status $handle shows what is left"
  fi
  drive=$(drive_at "$1" "$2")
  [ "$drive" != "$3" ] || return 0
  undo_changes
  changed_meanwhile "$2" "$drive" " ($(place_words "$1"))" "$handle"
}

# Ends the command since a drive changed meanwhile: TARGET, what it has now as drive_at prints it, PLACE for people, and the operand of
# status for the guest.
changed_meanwhile() {
  case $2 in
    '') fact='has no drive' ;;
    drive) fact='is empty' ;;
    *) fact="holds ${2#drive }" ;;
  esac
  fail "$name: it changed meanwhile: $1 now $fact$3" "look at it (virtio-win status $4), then repeat"
}

# Remembers what undoes a change: VERB, XML file, PLACE, TARGET, and what the drive has until then.
remember_undo() {
  undo="$1$separator$2$separator$3$separator$4$separator$5
$undo"
}

# libvirt 9 does not know that a drive which was added while the guest runs has a tray, and so never opens it. Such a drive can go
# as it came: takes it from the running guest, and adds it anew where it gets another disc. NEW and OLD are XML files; the drive is at
# TARGET and gets what change calls HAS. Sets $replugged to what it has then. Returns 1 when the drive cannot go and is as it was, 2 when
# libvirt refuses to add it anew.
replug() {
  replugged=
  try_virsh detach-device "$uuid" "$2" --live >/dev/null || return 1
  remember_undo attach-device "$2" live "$3" ''
  if grep -q '<source' "$1"; then
    try_virsh attach-device "$uuid" "$1" --live >/dev/null || return 2
    remember_undo detach-device "$1" live "$3" "$4"
    replugged=$4
  else
    note "$name: libvirt cannot open a tray that was added to the running guest, so the drive went with the disc"
  fi
}

# Undoes the changes, the last one first. A drive that changed meanwhile stays as it is.
undo_changes() {
  while IFS=$separator read -r verb file place target made <&4 && [ -n "$verb" ]; do
    if read_place "$place" && [ "$(drive_at "$place" "$target")" != "$made" ]; then
      note "$name: $target is not put back ($(place_words "$place")), since it changed meanwhile" "virtio-win status $handle shows what it has"
      continue
    fi
    if apply_change "$verb" "$file" "$place"; then
      log_change "$target" "$place" "$made" "what it had before"
    else
      note "$name: a change ($(place_words "$place")) could not be undone: $(refusal)" "virtio-win status $handle shows what is left"
    fi
  done 4<<END
$undo
END
}

# Gives the drive at TARGET on BUS in PLACE another medium, the path of the chosen disc; an empty one takes the medium out.
change_medium() {
  old=$temp/$1.$2.old
  new=$temp/$1.$2.new
  describe_drive "$1" "$2" >"$old"
  describe_drive "$1" "$2" "$4" >"$new"
  if ! is_whole_drive "$3"; then
    change update-device "$new" "$1" update-device "$old" "$2" "drive${4:+ $disc_path}"
    return
  fi
  change detach-device "$old" "$1" attach-device "$old" "$2" ''
  [ -z "$4" ] || change attach-device "$new" "$1" detach-device "$new" "$2" "drive $disc_path"
}

# Prints that a drive on BUS comes and goes as a whole; nothing for one whose medium changes.
whole_drive_words() {
  ! is_whole_drive "$1" || printf ', the whole drive'
}
