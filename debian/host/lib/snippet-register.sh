# shellcheck shell=sh
# snippet, for what keeps discs of its own: commands that register the disc there, with what its record says.

# virsh(1): a pool of its own with a copy, since libvirt deletes and changes what is in a pool (pools.sh).
snippet_libvirt_pool() {
  cat <<END
# Once on each host: a pool of its own with a copy of the disc. The folder of the package must not be a pool.
virsh pool-define-as virtio-win dir --target /var/lib/libvirt/virtio-win
virsh pool-build virtio-win
virsh pool-start virtio-win
virsh pool-autostart virtio-win
virsh vol-create-as virtio-win $(shell_word "$release.iso") $(stat -c %s "$disc_path")B --format raw
virsh vol-upload --pool virtio-win $(shell_word "$release.iso") $(shell_word "$disc_path")
# Into <devices> of the guest:
#   <disk type='volume' device='cdrom'>
#     <source pool='virtio-win' volume='$(xml_text "$release.iso")'/>
#     <target dev='sdb' bus='sata'/>
#     <readonly/>
#   </disk>
END
}

# incus-storage-volume-import(1)
snippet_incus_volume() {
  volume=$(printf '%s' "$release" | tr '._+~' '----')
  cat <<END
# Once for a cluster or server: a custom volume in the pool "default". GUEST is a virtual machine.
incus storage volume import default $(shell_word "$disc_path") $volume --type=iso
incus config device add GUEST virtio-win disk pool=default source=$volume io.bus=usb
END
}

# https://cloudstack.apache.org/api/ registerIso: the server fetches the disc, and compares its checksum.
snippet_cloudstack() {
  find_disc "$release"
  cat <<END
# URL serves this disc to the secondary storage, such as http://SERVER/$release.iso; ZONE is the id of a zone.
cmk register iso name=$(shell_word "$release") displaytext=$(shell_word "${its_title:-$release}") url=URL zoneid=ZONE bootable=false checksum={SHA-256}$its_sha256
# For a guest: cmk attach iso id=ISO virtualmachineid=GUEST
END
}

# openstack image create (python-openstackclient), useful properties of glance
snippet_glance() {
  find_disc "$release"
  cat <<END
# The image that a server takes as a CD. Glance computes its own digest; the property says which disc it is.
openstack image create --disk-format iso --container-format bare --file $(shell_word "$disc_path") --property disc_sha256=$its_sha256 $(shell_word "$release")
# When a server is made (IMAGE is its id; a volume of 1 GB or more):
#   openstack server create ... --block-device uuid=IMAGE,source_type=image,destination_type=volume,volume_size=1,device_type=cdrom,disk_bus=sata
END
}
