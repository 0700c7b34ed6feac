# shellcheck shell=sh
# Reads and changes a guest's XML as `virsh dumpxml` writes it (https://libvirt.org/formatdomain.html): one awk record per tag.
# libvirt's own tools do less: `virsh dumpxml --xpath` (from 8.5) prints nodes, not which disk they belong to, and asks libvirt anew each time,
# where plan, change and undo must come from one reading; `virsh change-media` gives the disc no startupPolicy and no seclabel (libvirt then
# takes the packaged file's owner) and keeps the driver type of what was there, so a disc would be read as qcow2; `virt-xml` makes storage pools.

# shellcheck disable=SC2016
xml_awk='
BEGIN { RS = "<" }
function attribute(name,   at, rest) {
  at = match(tag, "[ \t\r\n]" name "=[\"\047]")
  if (!at) return ""
  rest = substr(tag, RSTART + RLENGTH)
  return plain(substr(rest, 1, index(rest, substr(tag, RSTART + RLENGTH - 1, 1)) - 1))
}
function plain(text) {
  gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text)
  gsub(/&amp;/, "\\&", text)
  return text
}
function on(path,   i, here) {
  for (i = 1; i <= depth; i++) here = here (i > 1 ? "/" : "") name[i]
  return here == path
}
{ is_open = is_end = 0 }
NR == 1 || /^[!?]/ { tag = ""; next_tag = 1 }
NR > 1 && !/^[!?]/ {
  next_tag = 0
  if (depth == 2 && name[2] == "metadata" && !/^\/metadata[ \t\r\n]*>/) next
  tag = substr($0, 1, index($0, ">") - 1)
  if (tag ~ /^\//) is_end = 1
  else {
    is_open = 1
    if (tag ~ /\/$/) is_end = 1
    word = tag
    sub(/[ \t\r\n\/].*/, "", word)
    name[++depth] = word
  }
}
next_tag { next }'

# Prints rows of a guest's XML: domain (type, machine, arch), controller (type, index, model) and
# disk (device, target, bus, kind of source, source, tray, address). A volume is POOL/VOLUME, what comes over a network is a URL.
domain_rows() {
  awk "$xml_awk"'
    is_open && on("domain") { domain = attribute("type") }
    is_open && on("domain/os/type") { machine = attribute("machine"); arch = attribute("arch") }
    is_open && on("domain/devices/controller") { row("controller", attribute("type"), attribute("index"), attribute("model")) }
    is_open && on("domain/devices/disk") {
      kind = attribute("type"); device = attribute("device"); source = target = bus = tray = address = ""
      if (device == "") device = "disk"
    }
    is_open && on("domain/devices/disk/source") {
      source = attribute("file") attribute("dev") attribute("dir")
      if (kind == "volume") source = attribute("pool") "/" attribute("volume")
      if (kind == "network") { protocol = attribute("protocol") "://"; path = attribute("name"); source = protocol "/" path }
    }
    is_open && on("domain/devices/disk/source/host") && source == protocol "/" path {
      source = protocol attribute("name") attribute("socket") (attribute("port") == "" ? "" : ":" attribute("port")) "/" path
    }
    is_open && on("domain/devices/disk/target") { target = attribute("dev"); bus = attribute("bus"); tray = attribute("tray") }
    is_open && on("domain/devices/disk/address") && attribute("type") == "drive" {
      address = attribute("controller") "." attribute("bus") "." attribute("target") "." attribute("unit")
    }
    is_end && on("domain/devices/disk") { row("disk", device, target, bus, kind, source, tray, address) }
    is_end { depth-- }
    END { row("domain", domain, machine, arch) }
    function row(a, b, c, d, e, f, g, h) { print a, b, c, d, e, f, g, h }' OFS="$separator" "$1"
}

# Prints the folder of a storage pool's XML.
pool_folder() {
  awk "$xml_awk"'
    is_open && on("pool/target/path") { print plain(substr($0, index($0, ">") + 1)) }
    is_end { depth-- }' "$1"
}

# Prints the XML of the disk at TARGET: as it is, for putting it back, or with another medium, SOURCE as XML, if that is given; an empty
# one leaves the tray empty.
disk_xml() {
  TARGET=$2 SOURCE=${3-} CHANGES=${3+yes} awk "$xml_awk"'
    BEGIN { changes = ENVIRON["CHANGES"] != "" }
    is_open && on("domain/devices/disk") {
      text = ""; inside = 1; wanted = has_driver = 0
      if (changes && attribute("type") != "") sub(/[ \t]type=("[^"]*"|\047[^\047]*\047)/, " type=\047file\047")
    }
    changes && inside && is_open && depth == 4 && name[4] ~ /^(source|backingStore|mirror)$/ { dropping = 1 }
    changes && inside && is_open && on("domain/devices/disk/driver") {
      has_driver = 1
      if (!sub(/[ \t]type=("[^"]*"|\047[^\047]*\047)/, " type=\047raw\047")) sub(/^driver/, "driver type=\047raw\047")
    }
    inside && is_open && on("domain/devices/disk/target") && attribute("dev") == ENVIRON["TARGET"] { wanted = 1; is_xen = (attribute("bus") == "xen") }
    is_end && on("domain/devices/disk") {
      if (changes && !has_driver && !is_xen) text = text "<driver name=\047qemu\047 type=\047raw\047/>"
      if (wanted) print text (changes ? ENVIRON["SOURCE"] : "") "</disk>"
      inside = 0
    }
    inside && !dropping { text = text "<" $0 }
    is_end && depth == 4 { dropping = 0 }
    is_end { depth-- }' "$1"
}
