# shellcheck shell=sh
# The two programs of Debian that serve iSCSI: tgt in user space, LIO in the kernel.

# Runs a tgtd of its own, whose control socket is private, so it gets in the way of no other (tgtd(8), TGT_IPC_SOCKET).
serve_by_tgt() {
  export TGT_IPC_SOCKET="$temp/tgtd"
  start_server tgtd --foreground --iscsi portal="$place"
  until portals=$(tgt show --mode portal 2>/dev/null); do wait_for_server; done
  # Where it cannot have the address, tgtd listens on all of them: then nothing is exported.
  [ "$portals" = "Portal: $place,1" ] ||
    fail "$place: tgtd cannot listen there: $(sed -n 's/.*unable to bind server socket, //p' "$temp/server.log" | head -n 1)" \
      'name a free port at an address of this host'
  name=$(target_name "$release")
  {
    tgt new --mode target --tid 1 --targetname "$name" &&
      tgt new --mode logicalunit --tid 1 --lun 1 --device-type cd --backing-store "$disc_path" &&
      tgt update --mode logicalunit --tid 1 --lun 1 --params readonly=1 &&
      tgt bind --mode target --tid 1 --initiator-address ALL
  } 2>"$temp/refusal" || fail "$disc_path: tgtadm refused it: $(in_one_line <"$temp/refusal")" 'can this user read the disc?'
  serve_until_ended "iscsi://$place/$name/1"
}

# tgt OPERATION ARGUMENT...
tgt() {
  operation=$1
  shift
  tgtadm --lld iscsi --op "$operation" "$@"
}

# tgtd ignores SIGTERM while it has targets. Without them it ends by this, or by the signal.
stop_tgt() {
  tgt delete --mode target --tid 1 --force >/dev/null 2>&1 || true
  tgtadm --op delete --mode system >/dev/null 2>&1 || true
}

# Configures LIO until the command ends. Initiators without an ACL of their own get the LUN write-protected (demo mode). The portal on all
# addresses, which targetcli adds to a new target by itself, goes before there is anything to read.
serve_by_lio() {
  name=$(target_name "$release")
  ! targetcli "/iscsi/$name" ls >/dev/null 2>&1 ||
    fail "$name: LIO has this target already" "if no virtio-win serves it: targetcli /iscsi delete $name; targetcli /backstores/fileio delete $release"
  start_server sleep infinity
  lio /backstores/fileio create name="$release" file_or_dev="$disc_path" write_back=false
  lio /iscsi create wwn="$name"
  targetcli "/iscsi/$name/tpg1/portals" delete ip_address=0.0.0.0 ip_port=3260 >/dev/null 2>&1 || true
  lio "/iscsi/$name/tpg1" set attribute authentication=0 generate_node_acls=1 cache_dynamic_acls=1 demo_mode_write_protect=1
  lio "/iscsi/$name/tpg1/portals" create ip_address="$address" ip_port="$port"
  lio "/iscsi/$name/tpg1/luns" create storage_object="/backstores/fileio/$release" lun=1
  serve_until_ended "iscsi://$place/$name/1"
}

lio() {
  targetcli "$@" >"$temp/refusal" 2>&1 || fail "targetcli $1: $(in_one_line <"$temp/refusal")" 'LIO needs root, configfs and the kernel module iscsi_target_mod'
}

stop_lio() {
  targetcli /iscsi delete wwn="$name" >/dev/null 2>&1 || true
  targetcli /backstores/fileio delete name="$release" >/dev/null 2>&1 || true
}
