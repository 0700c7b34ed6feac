# shellcheck shell=sh
# Changes of a libvirt guest: all of them, or none.

# Begins a list of changes.
begin_changes() {
  : >"$temp/undo"
}

# Changes a device: VERB (attach-device, update-device), XML file, PLACE, and how to undo it: VERB and XML file. When libvirt
# refuses, what was done before is undone and the command ends.
change() {
  # An interrupt between two changes would leave half of them.
  trap '' HUP INT TERM PIPE
  extra=
  if [ "$1" = update-device ] && [ "$3" = live ] && [ -n "$force" ]; then extra=--force; fi
  tries=1
  # shellcheck disable=SC2086
  until try_virsh "$1" "$uuid" "$2" "--$3" $extra >/dev/null; do
    reason=$(refusal)
    case $1:$3:$reason in
      update-device:live:*'is not open'*)
        replug "$2" "$5" && return
        reason=$(refusal)
        ;;
    esac
    case $reason in
      *locked* | *tray*) hint='eject it inside the guest first, or repeat with --force' ;;
      *)
        hint='the guest is as it was; change what libvirt names, then repeat'
        tries=3
        ;;
    esac
    # A guest locks the tray while it reads, often only for a moment.
    if [ "$tries" -ge 3 ]; then
      undo_changes
      fail "$name: libvirt refused to change it ($(place_words "$3")): $reason" "$hint"
    fi
    tries=$((tries + 1))
    sleep 1
  done
  remember_undo "$4" "$5" "$3"
}

# Remembers what undoes a change: VERB, XML file, PLACE.
remember_undo() {
  printf '%s\n' "$1$separator$2$separator$3" | cat - "$temp/undo" >"$temp/undo.new"
  mv "$temp/undo.new" "$temp/undo"
}

# libvirt 9 does not know that a drive which was added while the guest runs has a tray, and so never opens it. Such a drive can go
# as it came: takes it from the running guest, and adds it anew where it gets another disc. NEW and OLD are XML files.
replug() {
  try_virsh detach-device "$uuid" "$2" --live >/dev/null || return 1
  remember_undo attach-device "$2" live
  if grep -q '<source' "$1"; then
    try_virsh attach-device "$uuid" "$1" --live >/dev/null || return 1
    remember_undo detach-device "$1" live
  else
    note "$name: libvirt cannot open a tray that was added to the running guest, so the drive went with the disc"
  fi
}

# Undoes the changes that were made, the last one first.
undo_changes() {
  while IFS=$separator read -r verb file place <&4; do
    try_virsh "$verb" "$uuid" "$file" "--$place" >/dev/null ||
      note "$name: a change ($(place_words "$place")) could not be undone: $(refusal)" "virtio-win status $uuid shows what is left"
  done 4<"$temp/undo"
}

# Gives the drive at TARGET on BUS in PLACE another medium, SOURCE as XML; an empty one takes the medium out.
change_medium() {
  old=$temp/$1.$2.old
  new=$temp/$1.$2.new
  disk_xml "$temp/$1.xml" "$2" >"$old"
  disk_xml_with "$temp/$1.xml" "$2" "$4" >"$new"
  if [ "$3" != usb ]; then
    change update-device "$new" "$1" update-device "$old"
    return
  fi
  # QEMU has USB drives as sticks, whose medium is for ever.
  change detach-device "$old" "$1" attach-device "$old"
  [ -z "$4" ] || change attach-device "$new" "$1" detach-device "$new"
}

# Prints that a drive on BUS comes and goes as a whole; nothing for one whose medium changes.
whole_drive_words() {
  [ "$1" != usb ] || printf ', the whole drive'
}
