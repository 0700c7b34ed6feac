# shellcheck shell=sh
# snippet iscsi, nbd, http, nfs: the disc on a server, and guests that read it there. ADDRESS is the server's; a name works too.

snippet_iscsi() {
  name=$(target_name "$release")
  cat <<END
# On the server, as long as guests use it: a CD (tgt), or a write-protected disk (LIO).
#   virtio-win serve --iscsi ADDRESS:3260 --disc $release
# On the host of a guest, once: $(manager_command install qemu-block-extra)
# Plain QEMU:
#   -drive file=iscsi://ADDRESS:3260/$name/1,format=raw,media=cdrom,readonly=on
# libvirt, into <devices> of the guest, in place of sdb a target that no other disk of it has:
$(network_disk_xml iscsi "$name/1" 3260)
END
}

snippet_nbd() {
  cat <<END
# On the server, as long as guests use it:
#   virtio-win serve --nbd ADDRESS:10809 --disc $release
# Plain QEMU, which comes back to a server that was away for up to an hour:
#   -drive file.driver=nbd,file.server.type=inet,file.server.host=ADDRESS,file.server.port=10809,file.export=$release,file.reconnect-delay=3600,format=raw,media=cdrom,readonly=on
# libvirt, into <devices> of the guest, in place of sdb a target that no other disk of it has; one that is newer than that of Debian 12
# also takes <reconnect delay='3600'/> beside <host>:
$(network_disk_xml nbd "$release" 10809)
END
}

snippet_http() {
  cat <<END
# On the server, as long as guests use it: any web server that knows ranges, such as
#   busybox httpd -f -p ADDRESS:8080 -h $(shell_word "$disc_dir")
# On the host of a guest, once: $(manager_command install qemu-block-extra)
# Plain QEMU:
#   -drive file=http://ADDRESS:8080/$release.iso,format=raw,media=cdrom,readonly=on
# libvirt, into <devices> of the guest, in place of sdb a target that no other disk of it has:
$(network_disk_xml http "/$release.iso" 8080)
END
}

# exports(5), fstab(5). Records lie beside the discs, so the command works on the mounted folder.
snippet_nfs() {
  cat <<END
# On the server, in /etc/exports; CLIENTS are the hosts, such as 192.0.2.0/24. Then: exportfs -ra
#   $(octal_escapes "$disc_dir") CLIENTS(ro,all_squash,no_subtree_check)
# On each host, in /etc/fstab; then: mkdir -p /srv/virtio-win; mount /srv/virtio-win
ADDRESS:$(octal_escapes "$disc_dir") /srv/virtio-win nfs ro,nodev,nosuid,noexec,soft,_netdev 0 0
# virtio-win with that folder, where the paths of its discs are the same on all hosts:
#   VIRTIO_WIN_DIR=/srv/virtio-win virtio-win attach GUEST
END
}

# Prints a CD drive whose medium comes over a network: PROTOCOL, NAME, PORT.
# https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms
network_disk_xml() {
  printf "<disk type='network' device='cdrom'>\n  <driver name='qemu' type='raw'/>\n  <source protocol='%s' name='%s'>\n" "$1" "$(xml_text "$2")"
  printf "    <host name='ADDRESS' port='%s'/>\n" "$3"
  printf "  </source>\n  <target dev='sdb' bus='sata'/>\n  <readonly/>\n</disk>\n"
}

# Prints a path as a field of exports(5) and fstab(5), where blanks, backslashes and hashes stand as octal numbers.
octal_escapes() {
  printf '%s' "$1" | sed -e 's/\\/\\134/g' -e 's/ /\\040/g' -e 's/	/\\011/g' -e 's/#/\\043/g'
}
