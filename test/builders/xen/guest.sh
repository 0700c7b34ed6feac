#!/bin/busybox sh
# First program of a guest of Xen: says which discs it has, whenever that changes: `DISC device read-only label` and
# `TREE device digest`, or `DISC none`.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in /modules/*; do insmod "$module" 2>/dev/null; done
echo "GUEST $(cat /sys/hypervisor/guest_type)"
last=
yes W | head -c 2048 >/pattern
while :; do
  now=
  for device in sr0 xvda xvdb xvdc xvdd; do
    [ -b /dev/$device ] || continue
    # The size of a medium is known only once the drive was opened. Sector 16 is the volume descriptor, with the label at byte 40.
    label=$(dd if=/dev/$device bs=2048 skip=16 count=1 2>/dev/null | head -c 72 | tail -c 32)
    [ -z "$label" ] || now="$now $device:$(cat /sys/block/$device/ro):$(echo $label)"
  done
  if [ "$now" != "$last" ]; then
    last=$now
    [ -n "$now" ] || echo 'DISC none'
    for disc in $now; do
      device=${disc%%:*}
      echo "DISC $(echo "$disc" | tr : ' ')"
      dd if=/pattern of=/dev/$device bs=2048 seek=16 conv=notrunc,fsync 2>/dev/null && echo "WRITTEN $device"
      mount -t iso9660 -o ro /dev/$device /mnt || continue
      echo "TREE $device $(cd /mnt && find . -type f | sort | xargs sha256sum | sha256sum | cut -c 1-64)"
      umount /mnt
    done
  fi
  usleep 300000
done
