# shellcheck shell=sh
# The XML of drives of libvirt that hold the disc.

# Prints a <source> that leads to the disc. startupPolicy: a guest whose disc is gone starts with an empty tray. seclabel:
# libvirt leaves owner and mode of the file alone; it refuses the model where it has no such driver, as in session mode.
source_xml() {
  find_dac
  printf "<source file='%s' startupPolicy='optional'>" "$(xml_text "$disc_path")"
  [ -z "$has_dac" ] || printf "<seclabel model='dac' relabel='no'/>"
  printf '</source>'
}

# Sets $has_dac to yes where libvirt has the driver "dac"; asks once.
find_dac() {
  [ -z "${has_dac+known}" ] || return 0
  has_dac=
  ! has_dac_driver || has_dac=yes
}

# Tells whether libvirt has the driver "dac". A running guest has a label of it then, and the session of a user never has the driver: its
# first answer to "capabilities" takes seconds, since it tries every QEMU of the host.
has_dac_driver() {
  find_uri
  is_root || case $uri in
    *:///session | *:///session[?]*) return 1 ;;
  esac
  { [ -f "$temp/live.xml" ] && grep -q "<seclabel [^>]*model='dac'" "$temp/live.xml"; } ||
    try_virsh capabilities | grep -q '<model>dac</model>'
}

# Prints the XML of a new CD drive with the disc: TARGET, BUS, and its address as controller.bus.target.unit or nothing. libvirt adds no
# CD drive to a paravirtual guest of Xen, so that gets a read-only disk, whose driver Xen chooses.
new_disk_xml() {
  case $2 in
    xen) printf "<disk type='file' device='disk'>" ;;
    *) printf "<disk type='file' device='cdrom'><driver name='qemu' type='raw'/>" ;;
  esac
  source_xml
  printf "<target dev='%s' bus='%s'/><readonly/>" "$1" "$2"
  [ -z "$3" ] || printf '%s' "$3" |
    awk -F . '{ printf "<address type=\047drive\047 controller=\047%s\047 bus=\047%s\047 target=\047%s\047 unit=\047%s\047/>", $1, $2, $3, $4 }'
  printf '</disk>\n'
}

# Prints text as it stands in XML.
xml_text() {
  case $1 in
    *[\&\<\>\'\"]*) ;;
    *)
      printf '%s' "$1"
      return
      ;;
  esac
  printf '%s' "$1" | sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' -e "s/'/\\&apos;/g" -e 's/"/\&quot;/g'
}
