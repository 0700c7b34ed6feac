# shellcheck shell=sh
# Looks up the rows of a guest, $temp/PLACE.rows, as read_place wrote them last.

# Sets $type and $machine to those of the guest in PLACE.
find_domain() {
  while IFS=$separator read -r row type machine _ <&6; do
    [ "$row" != domain ] || return 0
  done 6<"$temp/$1.rows"
  type='' machine=''
}

# Sets $its_source and $its_id to medium and ID of the drive at TARGET in PLACE; fails without such a drive.
find_drive() {
  while IFS=$separator read -r row _ its_target _ _ its_source _ its_id <&6; do
    [ "$row:$its_target" != "disk:$2" ] || return 0
  done 6<"$temp/$1.rows"
  return 1
}

# Prints what the drive at TARGET in PLACE has, as change expects it.
drive_at() {
  ! find_drive "$1" "$2" || printf '%s\n' "drive${its_source:+ $its_source}"
}
