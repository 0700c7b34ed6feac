#!/bin/busybox sh
# First program of a guest at work: reads each of its CD drives again and again, and reports on the second serial port:
# `WRITE <device> accepted|refused` once; then `ROUND <device> <count> <boot id> <kB of memory> <sha256 of the disc, empty or error>`.
# /dev/vda, if it is there, gets the word mark= of the kernel's command line, after `DISK <its old first word>`; with the word `once` the
# guest is off then. Where iPXE brought files (/winpeshl.ini), it reports `FILE <sha256>  <name>` for each and is off. /bin/qemu-ga runs.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
exec >/dev/ttyS1 2>/dev/ttyS0
stty -F /dev/ttyS1 raw
if [ -e /winpeshl.ini ]; then
  for file in /*; do [ ! -f "$file" ] || [ "$file" = /init ] || sha256sum "$file" | sed 's,  /,  ,; s/^/FILE /'; done
  echo END
  poweroff -f
fi
echo 300 >/sys/module/block/parameters/events_dfl_poll_msecs
for module in /modules/*; do insmod "$module"; done
waited=0
until [ "$(cat /sys/block/sr0/size 2>/dev/null || echo 0)" -gt 0 ] || [ $waited -ge 60 ]; do
  usleep 50000
  waited=$((waited + 1))
done
boot=$(cut -c 1-8 /proc/sys/kernel/random/boot_id)

if [ -b /dev/vda ]; then
  echo "DISK $(head -c 64 /dev/vda | tr -cd 'a-z0-9-')"
  mark=$(sed -n 's/.*mark=\([^ ]*\).*/\1/p' /proc/cmdline)
  [ -z "$mark" ] || printf '%-64s' "$mark" | dd of=/dev/vda bs=64 conv=notrunc,fsync
fi

# $1: the device. Nothing of an earlier round is in memory: the cache of a device that is closed is dropped. Only an open sees a new medium.
read_disc() {
  if sum=$(sha256sum "/dev/$1" 2>&1); then
    echo "${sum%% *}"
  else
    case $sum in
      *'No medium found'*) echo empty ;;
      *) echo error ;;
    esac
  fi
}

work() {
  yes W | head -c 2048 >"/pattern.$1"
  if dd "if=/pattern.$1" "of=/dev/$1" bs=2048 seek=16 conv=notrunc,fsync 2>/dev/null; then echo "WRITE $1 accepted"; else echo "WRITE $1 refused"; fi
  count=0
  while :; do
    count=$((count + 1))
    found=$(read_disc "$1")
    read -r _ memory _ </proc/meminfo
    echo "ROUND $1 $count $boot $memory $found"
    ! grep -q -w once /proc/cmdline || return
    usleep 400000
  done
}

if [ -x /bin/qemu-ga ]; then
  mkdir -p /var/run /etc /tmp
  qemu-ga --method=virtio-serial --path=/dev/vport0p1 --statedir=/var/run --daemonize
fi
for device in /sys/block/sr*; do
  [ ! -e "$device" ] || work "${device##*/}" &
done
wait
echo END
! grep -q -w once /proc/cmdline || poweroff -f
while :; do sleep 60; done
