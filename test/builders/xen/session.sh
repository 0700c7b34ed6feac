# What dom0 does: it installs the packages and starts a guest of each kind; prints READY, and reads a line that names a function of this file
# and its guest. Each step prints `STEP command`, what the command prints, and `CODE number`; `CONSOLE` begins what the guest has printed.

step() {
  echo "STEP $*"
  "$@" 2>&1
  printf '\nCODE %s\n' $? # what xl prints need not end its line
}

# Waits until the guest has printed WORDS, COUNT times.
await() {
  waited=0
  until [ "$(grep -c "$2" "/var/log/xen/guest-$1.log" 2>/dev/null)" -ge "$3" ] || [ $waited -gt 600 ]; do
    usleep 500000
    waited=$((waited + 1))
  done
}

# Asks the guest for its discs until what it says of them ends in WORDS.
look_for() {
  asked=0
  until grep '^DISC' "/var/log/xen/guest-$1.log" | tail -n 1 | tr -d '\r' | grep -q " $2\$" || [ $asked -ge 20 ]; do
    looks=$(grep -c '^LOOKED' "/var/log/xen/guest-$1.log")
    echo >"$(xenstore-read "/local/domain/$(xl domid "$1")/console/tty")"
    await "$1" '^LOOKED' $((looks + 1))
    asked=$((asked + 1))
  done
}

# What dom0 answers without a change of a guest.
asks() {
  step virtio-win detect
  virtio-win snippet xl >/tmp/pv.cfg
  sed -e 's/^type = "pv"/#&/' -e 's/^kernel/#&/' -e 's/^#\(type = "hvm"\)/\1/' -e 's/^#\(boot\)/\1/' /tmp/pv.cfg >/tmp/hvm.cfg
  step xl -N create -q -d /tmp/pv.cfg
  step xl -N create -q -d /tmp/hvm.cfg
  step virtio-win attach "$1" --disc pvdisc-sample
}

# A CD drive is empty at the start of its guest: `attach` refuses to fill it, and `xl cd-insert` crashes QEMU.
refuses() {
  sed 's/^name = .*/name = "empty"/' "/etc/xen/$1.cfg" >/etc/xen/empty.cfg
  step xl create -q -p /etc/xen/empty.cfg
  qemu=$(xenstore-read "/local/domain/$(xl domid empty)/image/device-model-pid")
  step virtio-win attach empty --live
  step is_alive "$qemu"
  step xl cd-insert empty hdc /usr/share/virtio-win/old-0.9.iso
  sleep 1
  step is_alive "$qemu"
}

is_alive() {
  kill -0 "$1"
}

# The guest gets the disc, gets another one in its place, and loses it.
changes() {
  step virtio-win attach "$1"
  look_for "$1" 'pvdisc-sample-xenpv.*'
  step virtio-win swap "$1" --live --disc old-0.9
  look_for "$1" OLD
  step virtio-win eject "$1" --live
  look_for "$1" none
  step cat "/etc/xen/$1.cfg"
  step cat "/var/lib/virtio-win/xl/$1.cfg"
}

# The guest is saved and restored: with the disc, without its file, with other bytes at its path, and with no drive any more.
saves() {
  step virtio-win attach "$1" --live --disc old-0.9
  look_for "$1" OLD
  save_and_restore "$1"
  step xl save "$1" /run/saved
  mv /usr/share/virtio-win/old-0.9.iso /run/
  step xl restore /run/saved
  cp /usr/share/virtio-win/pvdisc-sample-xenpv-*.iso /usr/share/virtio-win/old-0.9.iso
  step xl restore /run/saved
  rm /run/saved
  look_for "$1" 'pvdisc-sample-xenpv.*'
  step virtio-win eject "$1" --live
  look_for "$1" none
  save_and_restore "$1"
  step virtio-win attach "$1" --live
  look_for "$1" 'pvdisc-sample-xenpv.*'
}

# The room for a saved guest is the memory of dom0.
save_and_restore() {
  step xl save "$1" /run/saved
  step xl restore /run/saved
  rm /run/saved
}

for kind in pv hvm; do
  cat >/etc/xen/$kind.cfg <<END
# The guest of this test.
name = "$kind"
type = "$kind" # as its name
ramdisk = "/data/initramfs"
extra = "console=hvc0 $(cat /data/options)"
memory = 192
vcpus = 1
END
done
cat >>/etc/xen/pv.cfg <<'END'
kernel = "/data/vmlinux"
disk = [ ] # nothing yet
END
cat >>/etc/xen/hvm.cfg <<'END'
kernel = "/data/vmlinuz"
vga = "none"
vnc = 0
disk = [ "vdev=hdc, devtype=cdrom" ] # an empty tray
END

step dpkg -i /data/*.deb
cp /data/old/* /usr/share/virtio-win/
# A drive that is empty at the start of an HVM guest cannot be filled (docs/xen.md): this one loses its disc.
step virtio-win attach hvm --disc old-0.9
for kind in pv hvm; do
  step xl create -q /etc/xen/$kind.cfg
  await $kind '^GUEST' 1
done
step virtio-win eject hvm
echo READY
read -r story guest
$story "$guest"
[ ! -e "/var/log/xen/qemu-dm-$guest.log" ] || step cat "/var/log/xen/qemu-dm-$guest.log"
echo CONSOLE
cat "/var/log/xen/guest-$guest.log"
