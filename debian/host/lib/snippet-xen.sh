# shellcheck shell=sh
# snippet: configuration for Xen, and for the channel, the console and the memory that guests of Xen and KVM share with their host.

# xl.cfg(5), xl-disk-configuration(5), xen-pv-channel(7). A drive hdd is emulated for HVM, and xvdd for PV.
snippet_xl() {
  cat <<END
# A whole xl configuration; into one that you have, take the second line of the disks. The image and the disc are the same for PV,
# which is the default, and HVM: put a # before the two lines of PV, and take it from the two of HVM. Windows needs HVM.
name = "GUEST"
vcpus = 2
# Balloon: xl mem-set GUEST 3072 gives it more memory while it runs, up to maxmem.
memory = 2048
maxmem = 4096
# PV: GRUB 2 for Xen (package grub-xen-host) reads grub.cfg of the image, see: virtio-win snippet grub
type = "pv"
kernel = "/usr/lib/grub-xen/grub-x86_64-xen.bin"
#type = "hvm"
#boot = "c"
disk = [ 'format=raw, vdev=xvda, access=rw, target=/var/lib/xen/images/GUEST.img',
         'format=raw, vdev=hdd, access=ro, devtype=cdrom, target=$(xl_text "$disc_path")' ]
# A private channel to an agent in the guest. Without an agent: xl console GUEST, or what the guest writes into xenstore.
channel = [ 'connection=socket, name=org.qemu.guest_agent.0, path=/run/xen/GUEST.agent' ]
END
}

# Prints text as it stands within single quotes in xl.cfg(5).
xl_text() {
  printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e "s/'/\\\\'/g"
}

# https://libvirt.org/formatdomain.html#channel
snippet_channel() {
  cat <<END
<!-- Into <devices> of the guest: virsh edit GUEST. On Xen, write type='xen' for type='virtio' in both targets and model='xen' for
     model='virtio'. The agent: virsh qemu-agent-command GUEST '{"execute":"guest-ping"}'. Where none answers, use the console
     (virsh console GUEST; hvc0 in Linux), or on Xen xenstore: xenstore-ls /local/domain/ID. Memory: virsh setmem GUEST 2G -->
<channel type='unix'>
  <target type='virtio' name='org.qemu.guest_agent.0'/>
</channel>
<console type='pty'>
  <target type='virtio'/>
</console>
<memballoon model='virtio'/>
END
}

# GRUB manual; Linux Documentation/admin-guide/serial-console.rst. GRUB for Xen has no serial port, only the console of Xen.
snippet_grub() {
  cat <<'END'
# Into /etc/grub.d/40_custom of a Linux guest, behind its first lines, then: update-grub. One entry for PV, HVM and KVM: the kernel finds
# its disk by UUID (blkid prints it; UUID stands for it), and hvc0 is the console of Xen and of a virtio console.
menuentry 'Linux, console hvc0' {
  insmod part_gpt
  insmod ext2
  search --no-floppy --fs-uuid --set=root UUID
  linux /vmlinuz root=UUID=UUID ro console=tty0 console=ttyS0 console=hvc0
  initrd /initrd.img
}
# Into /etc/default/grub of a Xen host: dom0 leaves memory to guests, and they are ballooned instead of dom0.
# GRUB_CMDLINE_XEN_DEFAULT="dom0_mem=2G,max:2G"
END
}

# XenServer's xe: an ISO repository on a local folder
snippet_xe() {
  folder=$(shell_word "$disc_dir")
  cat <<END
# Once on each host: dom0 does not take the package, so copy the disc there (DOM0 is its address).
#   ssh root@DOM0 mkdir -p $folder
#   scp $(shell_word "$disc_path") root@DOM0:$folder/
# Then in dom0: that folder as an ISO repository.
xe sr-create name-label=virtio-win type=iso content-type=iso device-config:location=$folder device-config:legacy_mode=true
# A guest with an empty CD drive, then one without any.
xe vm-cd-insert vm=GUEST cd-name=$(shell_word "$release.iso")
xe vm-cd-add vm=GUEST cd-name=$(shell_word "$release.iso") device=3
END
}
