# shellcheck shell=sh
# Storage pools on the folders of the discs: "virsh undefine --remove-all-storage" deletes each disk of a guest that is in a pool,
# read-only or not. These are the folder of the discs, the folders of their second names, and the folder of the alternatives link. A pool on a
# folder above or below them has none of these files as a volume.

# Writes a row to $temp/pools for each such pool of the libvirt that --connect names: uri, name, folder, the commands that remove it, what
# is in it, uuid. A libvirt that has no storage, or does not answer for ten seconds, has none.
find_pools() {
  : >"$temp/pools"
  [ "$toolstack" = libvirt ] || return 0
  (patience=10 pools_here) >"$temp/pools"
}

# Does so for both libvirts of this host, where they run: it starts none and asks for no password. For root, both can be the same one.
find_pools_of_host() {
  : >"$temp/pools"
  command -v virsh >/dev/null || return 0
  export LIBVIRT_AUTOSTART=0
  for connect in qemu:///system qemu:///session; do
    (patience=10 pools_here -r) </dev/null >>"$temp/pools"
  done
  awk -F "$separator" '!seen[$6]++' "$temp/pools" >"$temp/pools.once"
  mv "$temp/pools.once" "$temp/pools"
}

# Prints these rows; the argument is an option of virsh.
pools_here() {
  pool_uri=$(run_virsh "$@" uri 2>/dev/null) || return 0
  for pool_uuid in $(run_virsh "$@" pool-list --all --uuid 2>/dev/null); do
    run_virsh "$@" pool-dumpxml "$pool_uuid" >"$temp/pool.xml" 2>/dev/null || continue
    target=$(pool_folder "$temp/pool.xml")
    endangered=$(endangered_in "$target")
    [ -n "$endangered" ] || continue
    run_virsh "$@" pool-info "$pool_uuid" >"$temp/info" 2>/dev/null || continue
    info_field Name
    pool=$value
    remedy=
    info_field State
    [ "$value" != running ] || remedy="virsh -c $pool_uri pool-destroy $(shell_word "$pool")"
    info_field Persistent
    [ "$value" != yes ] || remedy="$remedy${remedy:+; }virsh -c $pool_uri pool-undefine $(shell_word "$pool")"
    printf '%s\n' "$pool_uri$separator$pool$separator$target$separator$remedy$separator$endangered$separator$pool_uuid"
  done
}

# Prints what of the discs is in FOLDER; nothing when it is another folder. A bind mount is the same folder under another path.
endangered_in() {
  [ "$1" != "$disc_dir" ] || {
    echo 'the discs'
    return
  }
  pool_target=$(readlink -f "$1") || return 0
  discs_at=$(readlink -f "$disc_dir") || return 0
  link_at=$(readlink "$disc_dir/virtio-win.iso") || link_at=
  [ ! -d "$pool_target" ] || [ "$(stat -c %d:%i "$pool_target")" != "$(stat -c %d:%i "$discs_at")" ] || pool_target=$discs_at
  case $pool_target in
    "$discs_at") echo 'the discs' ;;
    "$discs_at"/releases/*/*) ;;
    "$discs_at"/releases/*) echo "the discs' second names" ;;
    *)
      case $link_at in
        /*/*) [ "$pool_target" != "$(readlink -f "${link_at%/*}")" ] || echo 'the link that virtio-win.iso is' ;;
      esac
      ;;
  esac
}

# Warns of the pools in $temp/pools.
note_pools() {
  while IFS=$separator read -r pool_uri pool target remedy endangered _ <&4; do
    who=
    is_root || [ "$pool_uri" != qemu:///system ] || who='as root, type: '
    note "$target is the storage pool '$pool' of $pool_uri: virsh undefine --remove-all-storage deletes $endangered in it" \
      "remove the pool, which leaves the files: $who$remedy"
  done 4<"$temp/pools"
}

# Prints the pools in $temp/pools as a JSON array.
json_pools() {
  json_rows connect name path <"$temp/pools"
}
