#!/bin/busybox sh
# First program of dom0: starts Xen's toolstack, runs the session from the CD-ROM, switches off.
/bin/busybox --install -s /bin
export PATH=/usr/lib/xen/bin:/bin:/sbin:/usr/bin:/usr/sbin LC_ALL=C
ln -s /usr/lib/xen-* /usr/lib/xen
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts
# Without these, Xen's hotplug script waits for its lock for ever.
ln -s /proc/self/fd /dev/fd
ln -s /proc/self/fd/0 /dev/stdin
ln -s /proc/self/fd/1 /dev/stdout
ln -s /proc/self/fd/2 /dev/stderr
mount -t tmpfs tmpfs /run
mkdir -p /run/xen /run/lock /run/xenstored
for module in /modules/*; do insmod "$module"; done
mount -t xenfs xenfs /proc/xen
waited=0
while [ "$(cat /sys/block/sr0/size 2>/dev/null || echo 0)" -eq 0 ] && [ $waited -lt 400 ]; do
  usleep 50000
  waited=$((waited + 1))
done
mount -t iso9660 -o ro /dev/sr0 /data
xenstored --pid-file /run/xen/xenstored.pid
sleep 1
xen-init-dom0
xenconsoled --pid-file=/run/xen/xenconsoled.pid --log=all --log-dir=/var/log/xen
# busybox would run its own dpkg and others instead of the programs on the PATH.
/bin/dash /data/session.sh
echo 'SESSION over'
sleep 1
poweroff -f
