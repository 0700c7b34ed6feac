# shellcheck shell=sh
# Which guests name a disc in the files of libvirt and xl: for the maintainer scripts, and where libvirt does not answer.

# guests_naming FILE [ROOT]: prints a line for each guest of the system and of users, running or not, each snapshot and each saved
# state below ROOT that names FILE, or a volume of its name in any pool.
guests_naming() {
  for base in "${2-}/etc/libvirt/qemu" "${2-}/etc/libvirt/libxl" "${2-}/run/libvirt/qemu" "${2-}/run/libvirt/libxl" \
    "${2-}/root/.config/libvirt/qemu" "${2-}"/home/*/.config/libvirt/qemu; do
    for config in "$base"/*.xml; do
      name_user "$config" "$1" "guest $(basename "$config" .xml)"
    done
  done
  for config in "${2-}"/etc/xen/*.cfg "${2-}"/etc/xen/auto/* "${2-}"/var/lib/xen/userdata-d.*.libxl-json; do
    name_user "$config" "$1" "guest of xl ($config)"
  done
  for config in "${2-}"/var/lib/libvirt/qemu/snapshot/*/*.xml "${2-}"/home/*/.config/libvirt/qemu/snapshot/*/*.xml; do
    name_user "$config" "$1" "snapshot $(basename "$config" .xml) of guest $(basename "$(dirname "$config")")"
  done
  for config in "${2-}"/var/lib/libvirt/qemu/save/*.save "${2-}"/home/*/.config/libvirt/qemu/save/*.save; do
    name_user "$config" "$1" "saved state of guest $(basename "$config" .save)"
  done
}

# name_user CONFIG FILE WHO: prints WHO where CONFIG names FILE. The memory of the guest follows the XML of a saved state, so only the
# first MiB is read.
name_user() {
  [ -f "$1" ] || return 0
  if [ ! -r "$1" ]; then
    one_line "perhaps $3 ($1 cannot be read)"
  elif head -c 1048576 "$1" | tr '\000' '\n' |
    grep -aqF -e "'$2'" -e "\"$2\"" -e "target=$2" -e "file:$2," -e "volume='${2##*/}'" -e "volume=\"${2##*/}\""; then
    one_line "$3"
  fi
}

# one_line TEXT: prints TEXT with a question mark for each control character: users name files in their home folders as they like.
one_line() {
  printf '%s\n' "$1" | LC_ALL=C awk '
    { gsub(/[\001-\037\177]|\302[\200-\237]/, "?"); printf "%s%s", (NR > 1 ? "?" : ""), $0 }
    END { print "" }'
}
