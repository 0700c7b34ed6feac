# shellcheck shell=sh
# Finds the guest that an operand names.

# Finds the guest by name or UUID; sets $uuid, $name and $handle, a word of a shell that finds it.
find_guest() {
  list_guests "$1"
  wanted=$1
  case $1 in
    *[A-Z]*) wanted=$(printf '%s' "$1" | tr '[:upper:]' '[:lower:]') ;;
  esac
  match_guests "$wanted" ''
  [ "$matches" -gt 0 ] || match_guests '' "${operand_name:-$1}"
  case $matches in
    0) no_guest "$1" ;;
    1) ;;
    *) fail "$1: several guests have this name" "give the UUID: $uuids" ;;
  esac
  handle=$uuid
  [ "$toolstack" != xl ] || handle=$(shell_word "$name")
}

# Sets $uuid and $name to those of the guest with UUID or, where that is empty, with NAME; $matches and $uuids to how many there are, and their UUIDs.
match_guests() {
  matches=0 uuids=
  while IFS=$separator read -r row_uuid row_name <&6; do
    if [ -n "$1" ]; then
      [ "$row_uuid" = "$1" ] || continue
    else
      [ "$row_name" = "$2" ] || continue
    fi
    uuid=$row_uuid name=$row_name
    matches=$((matches + 1))
    uuids=$uuids${uuids:+ }$row_uuid
  done 6<"$temp/guests"
}

no_guest() {
  # virsh pads the names of its list with spaces, which hides those at the end of a name.
  case $toolstack:$1 in
    libvirt:*' ') fail "$1: a name that ends in spaces finds no guest" "give the UUID: $(run_virsh domuuid "$1" 2>/dev/null || printf 'virsh list --all --uuid --name')" ;;
  esac
  names=$(cut -d "$separator" -f 2 "$temp/guests" | tr '\n' ',' | sed -e 's/,$//' -e 's/,/, /g')
  case $toolstack in
    libvirt) another='--connect URI names another libvirt' ;;
    xl) another='the path of its configuration file finds it as well' ;;
    xe) another='--connect URI names a libvirt' ;;
  esac
  fail "$1: there is no such guest at $(guests_place)" "guests there: ${names:-none}; $another"
}

# Prints where guests are looked for.
guests_place() {
  case $toolstack in
    libvirt)
      find_uri
      printf '%s' "${uri:-${connect:-libvirt}}"
      ;;
    xl) printf 'xl, running or in %s' "$xl_folder" ;;
    xe) printf xe ;;
  esac
}
