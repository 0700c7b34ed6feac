# shellcheck shell=sh
# Guests of Xen's own toolstack, xl(1): a running one as `xl list -l` prints it, a configuration file as `xl -N create -d` does, so that
# Xen's own parser reads it.

# Runs xl; its errors go to $temp/refusal.
try_xl() {
  xl "$@" 2>"$temp/refusal" 7>&-
}

# Sets $xl_folder, where configuration files are.
find_xl() {
  xl_folder=${VIRTIO_WIN_SYSROOT:-}/etc/xen
  need_tools xl:xen-utils-common jq:jq
}

# Writes the running guests, then those of configuration files that do not run, to $temp/guests. Where the operand is a file, that is
# one of them, and $operand_name is its guest. $temp/configs has a row for each file: name, path.
list_xl_guests() {
  find_xl
  try_xl list -l >"$temp/xl.json" ||
    fail "xl: $(refusal)" 'as root, in dom0, while xenstored and xenconsoled run: xl info; --connect URI names a libvirt'
  jq -r --arg separator "$separator" '.[] | select(.domid != 0) | .config.c_info | .uuid + $separator + .name' "$temp/xl.json" >"$temp/guests"
  operand_name=
  : >"$temp/configs"
  for file in ${1+"$1"} "$xl_folder"/*.cfg "$xl_folder"/auto/*; do
    case $file in
      */*) [ -f "$file" ] || continue ;;
      *) continue ;;
    esac
    file=$(readlink -f "$file")
    ! cut -d "$separator" -f 2 "$temp/configs" | grep -qxF -e "$file" || continue
    if ! try_xl -N create -d "$file" >"$temp/config.json" ||
      ! names=$(jq -er --arg separator "$separator" '.c_info | .uuid + $separator + .name' "$temp/config.json" 2>/dev/null); then
      note "$file: xl does not read it: $(refusal)"
      continue
    fi
    config_name=${names#*"$separator"}
    [ -n "$operand_name" ] || [ "$file" != "$(readlink -f "${1-}")" ] || operand_name=$config_name
    printf '%s\n' "$config_name$separator$file" >>"$temp/configs"
    ! cut -d "$separator" -f 2 "$temp/guests" | grep -qxF -e "$config_name" || continue
    # Without a uuid of its own, a guest gets a new one at each start.
    config_uuid=
    ! grep -q '^[[:space:]]*uuid[[:space:]]*=' "$file" || config_uuid=${names%%"$separator"*}
    printf '%s\n' "$config_uuid$separator$config_name" >>"$temp/guests"
  done
}

# Sets $state, $active, $persistent, $config_file and $domid of the guest $name. xl takes a name that is a number for another guest's ID,
# so commands get the ID.
read_xl_state() {
  refuse_guest_of_libvirt
  config_file=$(NAME=$name awk -F "$separator" '$1 "" == ENVIRON["NAME"] { print $2 }' "$temp/configs")
  case $config_file in
    *'
'*) fail "$name: several configuration files have this name: $(printf '%s' "$config_file" | in_one_line)" 'remove or rename all but one' ;;
  esac
  persistent=${config_file:+yes}
  active=yes
  state=
  ! domid=$(try_xl domid "$name") || state=$(try_xl list "$domid" | awk 'NR == 2 { print $(NF - 1) }')
  case $state in
    '') active='' state='shut off' ;;
    ??p*) state=paused ;;
    ????c*) state=crashed ;;
    ???s* | ?????d*) state='in shutdown' ;;
    *) state=running ;;
  esac
}

# What xl changes at a guest of libvirt, libvirt does not see.
refuse_guest_of_libvirt() {
  for xml in "${VIRTIO_WIN_SYSROOT:-}/etc/libvirt/libxl/$name.xml" "${VIRTIO_WIN_SYSROOT:-}/run/libvirt/libxl/$name.xml"; do
    [ ! -e "$xml" ] || [ "$command" = leftover ] || fail "$name: libvirt manages this guest ($xml)" 'repeat with --connect xen:///system'
  done
}

# Prints the rows of the guest $name in PLACE. A PVH guest has a disc as a read-only disk, since it has no CD drives.
xl_rows() {
  case $1 in
    live) try_xl list -l "$domid" ;;
    config) try_xl -N create -d "$config_file" ;;
  esac >"$temp/$1.json" || return 1
  jq -r --arg separator "$separator" '
    (if type == "array" then .[0].config else . end) | .c_info.type as $type |
    (.disks[]? | ["disk", (if .is_cdrom == 1 or ($type != "hvm" and .readwrite != 1) then "cdrom" else "disk" end), .vdev,
      (if $type != "hvm" then "xen" elif .vdev | startswith("sd") then "scsi" else "ide" end), "file", .pdev_path // "", "", ""]),
    ["domain", "xen", (if $type == "hvm" then "xenfv" elif $type == "pvh" then "xenpvh" else "xenpv" end), ""] | join($separator)
    ' "$temp/$1.json" 2>"$temp/refusal"
}

# Does VERB with the drive in FILE in PLACE.
xl_change() {
  IFS=$separator read -r target _ medium <"$2"
  case $3:$1 in
    live:attach-device) try_xl block-attach "$domid" "$(xl_disk live)" ;;
    live:detach-device) try_xl block-detach "$domid" "$target" ;;
    live:update-device)
      if [ -n "$medium" ]; then try_xl cd-insert "$domid" "$target" "$medium"; else try_xl cd-eject "$domid" "$target"; fi
      ;;
    config:*) edit_xl_config "$1" ;;
  esac >/dev/null
}

# Prints the read-only drive $target with $medium in PLACE as xl-disk-configuration(5): the target comes last, since it may hold commas.
xl_disk() {
  if [ -z "$medium" ]; then
    printf 'vdev=%s, access=ro, devtype=cdrom' "$target"
    return
  fi
  kind='devtype=cdrom, '
  find_domain "$1"
  [ "$machine" != xenpvh ] || kind=
  printf 'format=raw, vdev=%s, access=ro, %starget=%s' "$target" "$kind" "$medium"
}
