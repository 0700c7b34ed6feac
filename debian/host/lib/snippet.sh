# shellcheck shell=sh
# snippet: prints configuration for other tools, with the paths of this host.

snippet_kinds='libvirt channel qemu virt-install virt-v2v xl xe grub proxmox incus kubevirt packer iscsi nbd http nfs ipxe uefi-http maas libvirt-pool incus-volume cloudstack glance'

cmd_snippet() {
  case " $snippet_kinds " in
    *" $1 "*) ;;
    *) usage_error "snippet: $1 is not a kind" "kinds: $snippet_kinds" ;;
  esac
  [ $# -eq 1 ] || [ "$1" = ipxe ] || usage_error 'snippet: too many operands' 'OS and ARCH are for ipxe'
  [ "$1" != virt-v2v ] || consumer=$1
  choose_disc
  kind=$(printf '%s' "$1" | tr - _)
  shift
  "snippet_$kind" "$@"
}

# https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
snippet_libvirt() {
  cat <<END
<!-- Into <devices> of the guest: virsh edit GUEST. In place of sdb, take a target that no other disk of it has;
     on a machine of the type pc it is bus='ide' and one of hda to hdd. In qemu:///session, leave out the line with seclabel. -->
<disk type='file' device='cdrom'>
  <driver name='qemu' type='raw'/>
  <source file='$(xml_text "$disc_path")' startupPolicy='optional'>
    <seclabel model='dac' relabel='no'/>
  </source>
  <target dev='sdb' bus='sata'/>
  <readonly/>
</disk>
END
}

# qemu(1): a comma in a value is doubled.
snippet_qemu() {
  cat <<END
# Arguments of qemu-system-x86_64: a CD drive on the machine's own bus (SATA on q35, IDE on pc).
-drive $(shell_word "file=$(doubled_commas),format=raw,media=cdrom,readonly=on")
END
}

# virt-install(1), --disk: it reads quotes and backslashes as a shell does, and splits at commas. Of path= and --cdrom it makes a
# storage pool on the folder, which then is libvirt's to delete (pools.sh); an XPath it does not look into.
snippet_virt_install() {
  cat <<END
# Argument of virt-install 4.1 or later, beside the other --disk and --cdrom. With qemu:///session, leave out both source.seclabel
# values. An older one does not know xpath1.set: leave out the argument, and type "virtio-win attach GUEST" when the guest is there.
--disk $(shell_word "device=cdrom,readonly=on,startup_policy=optional,source.seclabel0.model=dac,source.seclabel0.relabel=no,xpath1.set=./source/@file,xpath1.value=$(printf '%s' "$disc_path" | sed "s/[\"',\\\\]/\\\\&/g")")
END
}

# qm(1); the storage "local" keeps ISOs in /var/lib/vz/template/iso
snippet_proxmox() {
  cat <<END
# Once on each node, so that a guest may move: the disc in the storage "local".
ln -s $(shell_word "$disc_path") /var/lib/vz/template/iso/
# VMID is the guest's number; ide2 often holds the disc of Windows itself.
qm set VMID --ide3 $(shell_word "local:iso/$release.iso,media=cdrom")
END
}

# https://linuxcontainers.org/incus/docs/main/reference/devices_disk/; without io.bus, driver_qemu.go gives an ISO virtio-scsi.
snippet_incus() {
  cat <<END
# GUEST is a virtual machine. io.bus=usb: Windows reads that drive before it has any driver of this disc. It needs Incus
# with the API extension disk_io_bus_usb: incus query /1.0 | grep disk_io_bus_usb
incus config device add GUEST virtio-win disk source=$(shell_word "$disc_path") readonly=true io.bus=usb
END
}

# https://kubevirt.io/user-guide/storage/disks_and_volumes/#containerdisk: one file under /disk, owned by 107:107
snippet_kubevirt() {
  # The tag of publish --oci is the version of the package, and has neither + nor ~. A disc that outlived its package has only its own.
  version=$(sed -n 's/^Package-Version: //p; /^$/q' "$disc_dir/$release.disc" 2>/dev/null | tr '+~' '__') || :
  image=REGISTRY/REPOSITORY:${version:-$(printf '%s' "${release##*-}" | tr '+~' '__')}
  cat <<END
# Whoever builds the release has the image: pvdisc publish --oci REGISTRY/REPOSITORY. Otherwise once, in a folder that holds the disc
# and this Dockerfile: podman build -t $image . && podman push $image
#   FROM scratch
#   ADD --chown=107:107 $release.iso /disk/
# In the VirtualMachine, under spec.template.spec:
domain:
  devices:
    disks:
      - name: virtio-win
        cdrom:
          bus: sata
          readonly: true
volumes:
  - name: virtio-win
    containerDisk:
      image: $image
END
}

# packer-plugin-qemu: -drive in qemuargs would replace its own, --drive is another word there and the same for QEMU. It gives
# all arguments in any order: those without an index take the lowest ones, so the last of the machine type pc is free.
snippet_packer() {
  find_disc "$release"
  cat <<END
# In the source "qemu" block.
qemuargs = [
  ["--drive", "file=$(doubled_commas | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g'),format=raw,if=ide,index=3,media=cdrom,readonly=on"]
]
# For a template that has variables for it: in the environment of packer, which ignores those that the template has not.
#   export PKR_VAR_virtio_win_iso=$(shell_word "$disc_path")
#   export PKR_VAR_virtio_win_iso_checksum=sha256:$its_sha256
END
}

doubled_commas() {
  printf '%s' "$disc_path" | sed 's/,/,,/g'
}

# Prints text as one word of a shell.
shell_word() {
  case $1 in
    *[!A-Za-z0-9_./:=,@%+-]*) printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf '%s' "$1" ;;
  esac
}
