# shellcheck shell=sh
# Who names a disc in libvirt's files, for hosts whose libvirt does not answer: the same files as in the packages' scripts
# (debian/scripts/kept-discs.sh).

# Prints a line for each guest, snapshot and saved state that names the FILE, of the system and of users.
configured_users() {
  root=${VIRTIO_WIN_SYSROOT:-}
  for base in "$root/etc/libvirt/qemu" "$root/etc/libvirt/libxl" "$root/run/libvirt/qemu" "$root/run/libvirt/libxl" \
    "$root/root/.config/libvirt/qemu" "$root"/home/*/.config/libvirt/qemu; do
    for config in "$base"/*.xml; do
      if names_disc "$config" "$1"; then echo "guest $(basename "$config" .xml)"; fi
    done
  done
  for config in "$root"/var/lib/libvirt/qemu/snapshot/*/*.xml "$root"/home/*/.config/libvirt/qemu/snapshot/*/*.xml; do
    if names_disc "$config" "$1"; then
      echo "snapshot $(basename "$config" .xml) of guest $(basename "$(dirname "$config")")"
    fi
  done
  for config in "$root"/var/lib/libvirt/qemu/save/*.save "$root"/home/*/.config/libvirt/qemu/save/*.save; do
    if names_disc "$config" "$1"; then echo "saved state of guest $(basename "$config" .save)"; fi
  done
}

# Whether CONFIG names FILE. A saved state goes on with the guest's memory, so only its beginning is read.
names_disc() {
  [ -f "$1" ] || return 1
  head -c 1048576 "$1" >"$temp/config.start" || {
    note "$1: it cannot be read, so it may name $2"
    return 0
  }
  tr '\000' '\n' <"$temp/config.start" | grep -aqF -e "'$2'" -e "\"$2\""
}
