# shellcheck shell=sh
# Storage pools on the disc folder. What lies in a pool is libvirt's to delete: "virsh undefine --remove-all-storage" does so with each
# disk of a guest that it finds there, read-only or not. A pool on a folder above or below does not reach the discs.

# Writes a row for each pool of the libvirt that --connect names whose folder is the disc folder to $temp/pools: uri, name, folder,
# how to remove it. A libvirt without storage has none.
find_pools() {
  : >"$temp/pools"
  pools_here >>"$temp/pools"
}

# find_pools for both libvirts of this host, as far as they run and answer soon: none is started, and no password is asked for.
find_pools_of_host() {
  : >"$temp/pools"
  command -v virsh >/dev/null || return 0
  export LIBVIRT_AUTOSTART=0
  patience=10
  for connect in qemu:///system qemu:///session; do
    pools_here -r </dev/null >>"$temp/pools"
  done
}

# Prints the rows of find_pools; the argument is an option of virsh.
pools_here() {
  folder=$(readlink -f "$disc_dir") || return 0
  uri=$(run_virsh "$@" uri 2>/dev/null) || return 0
  for pool in $(run_virsh "$@" pool-list --all --uuid 2>/dev/null); do
    run_virsh "$@" pool-dumpxml "$pool" >"$temp/pool.xml" 2>/dev/null || continue
    target=$(pool_folder "$temp/pool.xml")
    [ "$target" = "$disc_dir" ] || [ "$(readlink -f "$target")" = "$folder" ] || continue
    run_virsh "$@" pool-info "$pool" >"$temp/info" 2>/dev/null || continue
    pool=$(info_field Name)
    remedy=
    [ "$(info_field State)" != running ] || remedy="virsh -c $uri pool-destroy $(shell_word "$pool")"
    [ "$(info_field Persistent)" != yes ] || remedy="$remedy${remedy:+; }virsh -c $uri pool-undefine $(shell_word "$pool")"
    printf '%s\n' "$uri$separator$pool$separator$target$separator$remedy"
  done
}

# Warns of the pools in $temp/pools.
note_pools() {
  while IFS=$separator read -r uri pool target remedy <&4; do
    note "$target is the storage pool '$pool' of $uri: virsh undefine --remove-all-storage deletes the discs in it" \
      "remove the pool, which leaves the files: $remedy"
  done 4<"$temp/pools"
}

# Prints the pools in $temp/pools as a JSON array.
json_pools() {
  json_rows connect name path <"$temp/pools"
}
