#!/bin/bash
# Makes the files of a dom0: Xen's tools from Debian's packages, which it downloads and does not install, and programs of this machine.
# usage: make-dom0.sh CACHE ROOT; the hypervisor is CACHE/xen then.
set -euo pipefail
cache=$1
root=$2
libraries=lib/x86_64-linux-gnu

if [ ! -e "$cache/xen" ]; then
  rm -rf "$cache"
  mkdir -p "$cache/unpacked"
  hypervisor=$(apt-cache search --names-only '^xen-hypervisor-[0-9.]*-amd64$' | cut -d ' ' -f 1 | sort -V | tail -n 1)
  release=${hypervisor#xen-hypervisor-}
  release=${release%-amd64}
  packages="xen-utils-$release xen-utils-common xenstore-utils libxenmisc$release qemu-system-xen"
  # shellcheck disable=SC2086
  needed=$(apt-cache depends --important $packages | sed -n 's/^ *Depends: \(lib\(xen\|fdt\|nl-\|yajl\)[^ ]*\)$/\1/p' | sort -u)
  # shellcheck disable=SC2086
  (cd "$cache" && apt-get --quiet download "$hypervisor" $packages $needed)
  for package in "$cache"/*.deb; do dpkg-deb -x "$package" "$cache/unpacked"; done
  gunzip -c "$cache"/unpacked/boot/xen-*-amd64.gz >"$cache/xen.new"
  mv "$cache/xen.new" "$cache/xen"
fi

from=$cache/unpacked
mkdir -p "$root"/{bin,data,dev,etc/alternatives,lib64,mnt,proc,run,sys,tmp} "$root/$libraries" "$root"/usr/{bin,lib,libexec,sbin,share/qemu/keymaps,share/seabios} \
  "$root"/var/{log/xen,lib/dpkg/{info,updates,triggers,alternatives},lib/xen,lib/xenstored}
ln -s /run "$root/var/run"
ln -s /run/lock "$root/var/lock"
: >"$root/var/lib/dpkg/status"
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"

cp -a "$from/etc/xen" "$root/etc/"
cp -a "$from"/usr/lib/xen-* "$root/usr/lib/"
rm -rf "$root"/usr/lib/xen-*/lib/python "$root"/usr/lib/xen-*/boot/xen-shim*
cp -a "$from"/usr/bin/xenstore* "$root/usr/bin/"
cp -a "$from/usr/sbin/." "$root/usr/sbin/"
cp -a "$from/usr/libexec/." "$root/usr/libexec/"
for folder in "$from/usr/$libraries" "$from/$libraries"; do
  [ ! -d "$folder" ] || cp -a "$folder"/*.so* "$root/$libraries/"
done
# The HVM guest's firmware; without linuxboot.bin it waits for ever.
cp -L /usr/share/seabios/bios-256k.bin "$root/usr/share/seabios/"
cp -L /usr/share/qemu/{linuxboot.bin,linuxboot_dma.bin,kvmvapic.bin} "$root/usr/share/qemu/"
cp -L /usr/share/qemu/keymaps/en-us "$root/usr/share/qemu/keymaps/"

# What busybox does as well is not among them: a static program, it starts four times as fast here.
programs='bash cksum dash dpkg dpkg-deb dpkg-query dpkg-split flock jq ldconfig losetup perl tar update-alternatives xz'
for program in $programs; do cp -L "$(command -v "$program")" "$root/bin/"; done
ln -s dash "$root/bin/sh"
cp -L "/$libraries/libgcc_s.so.1" "$root/$libraries/" # without it xl aborts when a thread ends
export LD_LIBRARY_PATH="$root/$libraries"
for file in "$root"/bin/* "$root"/usr/bin/* "$root"/usr/lib/xen-*/bin/* "$root"/usr/libexec/*; do
  ldd "$file" 2>/dev/null | grep -oE '/[^ ]+\.so[^ ]*' || true
done | sort -u | while read -r library; do
  case $library in
    "$root"/*) ;;
    /lib64/*) cp -L "$library" "$root/lib64/" ;;
    *) [ -e "$root/$libraries/${library##*/}" ] || cp -L "$library" "$root/$libraries/" ;;
  esac
done
