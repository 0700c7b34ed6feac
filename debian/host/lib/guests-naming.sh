# shellcheck shell=sh
# Who names a disc in libvirt's own files: for the packages' scripts, and for hosts whose libvirt does not answer.

# guests_naming FILE [ROOT]: prints a line for each guest of the system and of users, running or not, each snapshot and each saved
# state that names FILE, below ROOT.
guests_naming() {
  for base in "${2-}/etc/libvirt/qemu" "${2-}/etc/libvirt/libxl" "${2-}/run/libvirt/qemu" "${2-}/run/libvirt/libxl" \
    "${2-}/root/.config/libvirt/qemu" "${2-}"/home/*/.config/libvirt/qemu; do
    for config in "$base"/*.xml; do
      name_user "$config" "$1" "guest $(basename "$config" .xml)"
    done
  done
  for config in "${2-}"/var/lib/libvirt/qemu/snapshot/*/*.xml "${2-}"/home/*/.config/libvirt/qemu/snapshot/*/*.xml; do
    name_user "$config" "$1" "snapshot $(basename "$config" .xml) of guest $(basename "$(dirname "$config")")"
  done
  for config in "${2-}"/var/lib/libvirt/qemu/save/*.save "${2-}"/home/*/.config/libvirt/qemu/save/*.save; do
    name_user "$config" "$1" "saved state of guest $(basename "$config" .save)"
  done
}

# name_user CONFIG FILE WHO: prints WHO where CONFIG names FILE. A saved state goes on with the guest's memory after its XML, so only
# its beginning is read.
name_user() {
  [ -f "$1" ] || return 0
  if [ ! -r "$1" ]; then
    echo "perhaps $3 ($1 cannot be read)"
  elif head -c 1048576 "$1" | tr '\000' '\n' | grep -aqF -e "'$2'" -e "\"$2\""; then
    echo "$3"
  fi
}
