# shellcheck shell=sh
# Storage pools on the disc folder. What lies in a pool is libvirt's to delete: "virsh undefine --remove-all-storage" does so with each
# disk of a guest that it finds there, read-only or not. The same goes for the folders of the discs' second names and for that of the link
# of the alternatives. A pool on another folder above or below does not reach the discs.

# Writes a row for each pool of the libvirt that --connect names whose folder is one of these to $temp/pools: uri, name, folder, how to
# remove it, what is in it, uuid. A libvirt without storage has none.
find_pools() {
  : >"$temp/pools"
  pools_here >>"$temp/pools"
}

# find_pools for both libvirts of this host, as far as they run and answer soon: none is started, and no password is asked for. For root,
# both can be the same one.
find_pools_of_host() {
  : >"$temp/pools"
  command -v virsh >/dev/null || return 0
  export LIBVIRT_AUTOSTART=0
  patience=10
  for connect in qemu:///system qemu:///session; do
    pools_here -r </dev/null >>"$temp/pools"
  done
  awk -F "$separator" '!seen[$6]++' "$temp/pools" >"$temp/pools.once"
  mv "$temp/pools.once" "$temp/pools"
}

# Prints the rows of find_pools; the argument is an option of virsh.
pools_here() {
  uri=$(run_virsh "$@" uri 2>/dev/null) || return 0
  for pool_uuid in $(run_virsh "$@" pool-list --all --uuid 2>/dev/null); do
    run_virsh "$@" pool-dumpxml "$pool_uuid" >"$temp/pool.xml" 2>/dev/null || continue
    target=$(pool_folder "$temp/pool.xml")
    endangered=$(endangered_in "$target")
    [ -n "$endangered" ] || continue
    run_virsh "$@" pool-info "$pool_uuid" >"$temp/info" 2>/dev/null || continue
    pool=$(info_field Name)
    remedy=
    [ "$(info_field State)" != running ] || remedy="virsh -c $uri pool-destroy $(shell_word "$pool")"
    [ "$(info_field Persistent)" != yes ] || remedy="$remedy${remedy:+; }virsh -c $uri pool-undefine $(shell_word "$pool")"
    printf '%s\n' "$uri$separator$pool$separator$target$separator$remedy$separator$endangered$separator$pool_uuid"
  done
}

# Prints what of the discs is in FOLDER; nothing when it is another folder.
endangered_in() {
  [ "$1" != "$disc_dir" ] || {
    echo 'the discs'
    return
  }
  pool_target=$(readlink -f "$1") || return 0
  discs_at=$(readlink -f "$disc_dir") || return 0
  link_at=$(readlink "$disc_dir/virtio-win.iso") || link_at=
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
  while IFS=$separator read -r uri pool target remedy endangered _ <&4; do
    note "$target is the storage pool '$pool' of $uri: virsh undefine --remove-all-storage deletes $endangered in it" \
      "remove the pool, which leaves the files: $remedy"
  done 4<"$temp/pools"
}

# Prints the pools in $temp/pools as a JSON array.
json_pools() {
  json_rows connect name path <"$temp/pools"
}
