#!/bin/busybox sh
# First program of a guest of Xen. At each line of its console it looks which discs it has, and says it if that has changed: `DISC device
# read-only label` and `TREE device digest`, or `DISC none`. Then it says LOOKED. It does not look by itself: dom0 needs the one processor.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in /modules/*; do insmod "$module" 2>/dev/null; done
# Nodes of its own (Documentation/admin-guide/devices.txt): in /dev, a write to a drive that has just gone makes a file.
mkdir /drives
mknod /drives/sr0 b 11 0
mknod /drives/xvda b 202 0
mknod /drives/xvdb b 202 16
yes W | head -c 2048 >/pattern
stty -echo
last=
echo "GUEST $(cat /sys/hypervisor/guest_type)"
while read -r _; do
  now=
  for device in sr0 xvda xvdb; do
    # The size of a medium is known only once the drive was opened. Sector 16 is the volume descriptor, with the label at byte 40.
    label=$(dd if=/drives/$device bs=2048 skip=16 count=1 2>/dev/null | head -c 72 | tail -c 32)
    [ -z "$label" ] || now="$now $device:$(cat /sys/block/$device/ro):$(echo $label)"
  done
  if [ "$now" != "$last" ]; then
    last=$now
    [ -n "$now" ] || echo 'DISC none'
    for disc in $now; do
      device=${disc%%:*}
      echo "DISC $(echo "$disc" | tr : ' ')"
      dd if=/pattern of=/drives/$device bs=2048 seek=16 conv=notrunc,fsync 2>/dev/null && echo "WRITTEN $device"
      mount -t iso9660 -o ro /drives/$device /mnt || continue
      echo "TREE $device $(cd /mnt && find . -type f | sort | xargs sha256sum | sha256sum | cut -c 1-64)"
      umount /mnt
    done
  fi
  echo LOOKED
done
