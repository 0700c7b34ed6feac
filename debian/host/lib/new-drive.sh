# shellcheck shell=sh
# Where a new CD drive goes: a bus that the guest has, a target and an address that are free.

# Sets $new_bus, $new_target and $new_address for the given rows files (the places that the drive goes to); fails to none (1)
# when none of the buses in $1 has room. Taken is what any place of the guest uses.
find_room() {
  buses=$1
  shift
  room=
  for new_bus in $buses; do
    room=$(room_on "$new_bus" "$@")
    [ -z "$room" ] || break
  done
  [ -n "$room" ] || return 1
  new_target=${room%%"$separator"*}
  new_address=${room#*"$separator"}
}

# Prints target and address of a free place on a bus. Units per controller: SATA 6, IDE 2 on each of 2 buses, virtio-scsi many, other
# SCSI 7 (libvirt's formatdomain, "addresses of type drive"). USB drives have no such address.
room_on() {
  room_bus=$1
  shift
  wanted_places=$#
  for rows in "$temp/live.rows" "$temp/config.rows"; do
    [ ! -e "$rows" ] || set -- "$@" "$rows"
  done
  BUS=$room_bus PLACES=$wanted_places awk -F "$separator" -v OFS="$separator" '
    BEGIN { bus = ENVIRON["BUS"]; prefix = (bus == "ide" ? "hd" : bus == "xen" ? "xvd" : "sd") }
    FNR == 1 { file++ }
    $1 == "controller" && $2 == bus && $4 != "none" && file <= ENVIRON["PLACES"] { have($3, $4) }
    # Each such machine has the IDE of its chipset; libvirt writes it only when a disk is on it.
    $1 == "domain" && bus == "ide" && $3 ~ /^(pc|isapc)(-|$)/ && $3 !~ /q35/ && file <= ENVIRON["PLACES"] { have(0, "") }
    # A guest of Xen has each letter once, whatever stands before it, and no addresses (xen-vbd-interface(7)).
    $1 == "domain" && $2 == "xen" {
      is_xen = 1
      if (file <= ENVIRON["PLACES"] && bus == ($3 == "xenfv" ? "ide" : "xen")) have(0, "")
    }
    $1 == "disk" { taken[$3] = 1; letter = $3; sub(/^(xvd|hd|sd)/, "", letter); with_letter[substr(letter, 1, 1)] = 1; if ($4 == bus) used[$8] = 1 }
    function have(number, kind) {
      if ((file, number) in seen) return
      seen[file, number] = 1
      if (!places[number]++) { order[++count] = number; model[number] = kind }
    }
    END {
      letters = (bus == "ide" ? "abcd" : "abcdefghijklmnopqrstuvwxyz")
      for (i = 1; i <= length(letters) && target == ""; i++)
        if (!((prefix substr(letters, i, 1)) in taken) && !(is_xen && substr(letters, i, 1) in with_letter)) target = prefix substr(letters, i, 1)
      if (target == "") exit
      for (i = 1; i <= count; i++) {
        index_ = order[i]
        if (places[index_] < ENVIRON["PLACES"]) continue
        if (bus == "usb" || is_xen) { print target, ""; exit }
        rails = (bus == "ide" ? 2 : 1)
        units = (bus == "ide" ? 2 : bus == "sata" ? 6 : model[index_] ~ /^virtio/ ? 64 : 7)
        for (rail = 0; rail < rails; rail++) for (unit = 0; unit < units; unit++)
          if (!((index_ "." rail ".0." unit) in used)) { print target, index_ "." rail ".0." unit; exit }
      }
    }' "$@"
}
