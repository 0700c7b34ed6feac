# What dom0 does: KIND (pv or hvm) is in /data/kind. Each step prints `STEP command`, what the command prints, and `CODE number`; `CONSOLE`
# begins what the guest has printed.
kind=$(cat /data/kind)

step() {
  echo "STEP $*"
  "$@" 2>&1
  printf '\nCODE %s\n' $? # what xl prints need not end its line
}

# Waits until the guest has printed WORDS, COUNT times.
await() {
  waited=0
  until [ "$(grep -c "$1" "$console" 2>/dev/null)" -ge "$2" ] || [ $waited -gt 300 ]; do
    usleep 300000
    waited=$((waited + 1))
  done
}

# Waits until the guest has no disc.
await_none() {
  waited=0
  until [ "$(grep '^DISC' "$console" | tail -n 1)" = 'DISC none' ] || [ $waited -gt 300 ]; do
    usleep 300000
    waited=$((waited + 1))
  done
}

# Saves the guest and restores it: the room for saved guests is the memory of dom0.
moved() {
  step xl save win /run/saved
  step xl restore /run/saved
  rm /run/saved
}

cat >/etc/xen/win.cfg <<END
# The guest of this test.
name = "win"
type = "$kind" # as its disc
ramdisk = "/data/initramfs"
memory = 192
vcpus = 1
END
case $kind in
  pv)
    console=/var/log/xen/guest-win.log
    cat >>/etc/xen/win.cfg <<'END'
kernel = "/data/vmlinux"
extra = "console=hvc0 quiet loglevel=4 panic=-1"
disk = [ ] # nothing yet
END
    ;;
  hvm)
    console=/run/win.console
    cat >>/etc/xen/win.cfg <<'END'
kernel = "/data/vmlinuz"
extra = "console=ttyS0 quiet loglevel=4 panic=-1"
vga = "none"
vnc = 0
serial = "file:/run/win.console"
disk = [ "vdev=hdc, devtype=cdrom" ] # an empty tray
END
    ;;
esac

step dpkg -i /data/*.deb
virtio-win snippet xl >/tmp/pv.cfg
sed -e 's/^type = "pv"/#&/' -e 's/^kernel/#&/' -e 's/^#\(type = "hvm"\)/\1/' -e 's/^#\(boot\)/\1/' /tmp/pv.cfg >/tmp/hvm.cfg
step xl -N create -q -d "/tmp/$kind.cfg"
cp /data/old/* /usr/share/virtio-win/
step virtio-win detect
step virtio-win attach win --disc pvdisc-sample
# The PV guest gets the disc while it runs, the HVM guest before.
[ "$kind" = pv ] || step virtio-win attach win
step xl create -q /etc/xen/win.cfg
await '^GUEST' 1
[ "$kind" = hvm ] || step virtio-win attach win
await '^TREE' 1
[ "$kind" = hvm ] || moved
step virtio-win swap win --live --disc old-0.9
await '^TREE' 2
if [ "$kind" = pv ]; then
  step xl save win /run/saved
  mv /usr/share/virtio-win/old-0.9.iso /run/
  step xl restore /run/saved
  cp /usr/share/virtio-win/pvdisc-sample-xenpv-*.iso /usr/share/virtio-win/old-0.9.iso
  step xl restore /run/saved
  await '^TREE' 3
fi
step virtio-win eject win --live
await_none
if [ "$kind" = pv ]; then
  rm /run/saved
  moved
  step virtio-win attach win --live
  await '^TREE' 4
  step virtio-win eject win --live
  await_none
fi
step cat /etc/xen/win.cfg
step cat /var/lib/virtio-win/xl/win.cfg
[ ! -e /var/log/xen/qemu-dm-win.log ] || step cat /var/log/xen/qemu-dm-win.log
echo CONSOLE
cat "$console"
