#!/bin/busybox sh
# First program of the test guest: reads the CD-ROM, tries to write to it, reports on the second serial port, switches off.
# Report: a line `FACT name: value` for each fact, `FILE sha256  path` and `OTHER path` for what is on the disc, `END`.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
exec >/dev/ttyS1 2>/dev/ttyS0
stty -F /dev/ttyS1 raw

attempt() {
  name=$1
  shift
  if words=$("$@" 2>&1); then echo "FACT $name: accepted"; else echo "FACT $name: refused: $words"; fi
}

for module in /modules/*; do insmod "$module"; done
waited=0
while [ "$(cat /sys/block/sr0/size 2>/dev/null || echo 0)" -eq 0 ] && [ $waited -lt 400 ]; do
  usleep 50000
  waited=$((waited + 1))
done
echo "FACT kernel: $(uname -r)"
echo "FACT device: $(readlink /sys/block/sr0)"
echo "FACT device read-only: $(cat /sys/block/sr0/ro)"

# Sector 16 is the volume descriptor: were it written, the mount below would fail.
yes W | head -c 2048 >/pattern
attempt 'raw write' dd if=/pattern of=/dev/sr0 bs=2048 seek=16 conv=notrunc,fsync

mount -t iso9660 -o ro /dev/sr0 /mnt
echo "FACT file system: $(grep ' /mnt ' /proc/mounts)"
attempt 'file write' cp /pattern /mnt/written
attempt 'remount' mount -o remount,rw /mnt
cd /mnt
find . -type f -exec sha256sum {} + | sed 's/^/FILE /'
find . ! -type f ! -type d | sed 's/^/OTHER /'
echo END
cd /
umount /mnt
poweroff -f
