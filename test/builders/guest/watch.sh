#!/bin/busybox sh
# First program of a guest that runs on: reports on the second serial port what is in its CD drives, each time that it changes.
# Report: `READY`; `DISC <device> <sha256 of the sha256sum of its files> <read-only> <raw write> <file write>`; `EMPTY <device>`.
# A disc with a file HOLD stays mounted, which locks the tray.
# With the word `polls` on the kernel's command line it only opens and reads sr0, each 0.3 seconds, and reports `READ sr0 <sha256>` or
# `EMPTY sr0` when that changes. An open closes the tray.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
exec >/dev/ttyS1 2>/dev/ttyS0
stty -F /dev/ttyS1 raw
echo 300 >/sys/module/block/parameters/events_dfl_poll_msecs
for module in /modules/*; do insmod "$module"; done
yes W | head -c 2048 >/pattern

attempt() {
  if "$@" 2>/dev/null; then echo accepted; else echo refused; fi
}

# $1: the device. The kernel's poll counts changes of the medium (diskseq) without opening it, which would lock the tray; a read
# may fail some times after a change.
look() {
  read -r sequence <"/sys/block/$1/diskseq"
  seen=
  [ ! -e "/seen.$1" ] || read -r seen <"/seen.$1"
  [ "$sequence" != "$seen" ] || return
  now=empty
  for _ in 1 2 3 4; do
    if dd if="/dev/$1" of=/sector bs=2048 skip=16 count=1 2>/dev/null && [ -s /sector ]; then
      now=$sequence
      break
    fi
    usleep 200000
  done
  echo "$sequence" >"/seen.$1"
  [ "$now" != "$(cat "/last.$1" 2>/dev/null)" ] || return
  [ "$now" = empty ] || [ ! -e "/mnt/$1/HOLD" ] || return
  umount "/mnt/$1" 2>/dev/null
  if [ "$now" = empty ]; then
    echo "EMPTY $1"
  else
    # Before the mount: an open that is refused unlocks the tray, even of a mounted disc.
    raw=$(attempt dd if=/pattern of="/dev/$1" bs=2048 seek=16 conv=notrunc,fsync)
    mkdir -p "/mnt/$1"
    mount -t iso9660 -o ro "/dev/$1" "/mnt/$1" || {
      rm "/seen.$1"
      return
    }
    tree=$(cd "/mnt/$1" && find . -type f | sort | xargs sha256sum | sha256sum | cut -d ' ' -f 1)
    file=$(attempt cp /pattern "/mnt/$1/written")
    [ -e "/mnt/$1/HOLD" ] || umount "/mnt/$1"
    # To open it may count as a change: without this it would be looked at, and locked, for ever.
    cat "/sys/block/$1/diskseq" >"/seen.$1"
    echo "DISC $1 $tree $(cat "/sys/block/$1/ro") $raw $file"
  fi
  echo "$now" >"/last.$1"
}

poll() {
  now='EMPTY sr0'
  if cat /dev/sr0 >/sector 2>/dev/null && [ -s /sector ]; then
    sum=$(sha256sum /sector)
    now="READ sr0 ${sum%% *}"
  fi
  [ "$now" = "$last" ] || echo "$now"
  last=$now
  usleep 300000
}

echo READY
last=
! grep -q -w polls /proc/cmdline || while :; do poll; done
while :; do
  for device in /sys/block/sr*; do
    [ ! -e "$device" ] || look "${device##*/}"
  done
  usleep 200000
done
