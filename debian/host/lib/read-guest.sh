# shellcheck shell=sh
# What libvirt says of one guest.

# Sets $state, $domid, $active, $persistent and $saved of the guest $uuid.
read_libvirt_state() {
  try_virsh dominfo "$uuid" >"$temp/info" || return 1
  state=$(info_field State)
  domid=$(info_field Id)
  active=
  [ "$domid" = - ] || active=yes
  persistent=
  [ "$(info_field Persistent)" != yes ] || persistent=yes
  [ "$(info_field 'Managed save')" != yes ] || saved=yes
}

# Reads the XML of the guest $uuid in a place: live, config or saved.
read_xml_place() {
  case $1 in
    live) try_virsh dumpxml "$uuid" ;;
    config) try_virsh dumpxml --inactive "$uuid" ;;
    saved) try_virsh managedsave-dumpxml "$uuid" ;;
  esac >"$temp/$1.xml" || return 1
  domain_rows "$temp/$1.xml" >"$temp/$1.rows"
}

# Prints a field of dominfo.
info_field() {
  FIELD=$1 awk '
    index($0, ENVIRON["FIELD"] ":") == 1 { text = substr($0, length(ENVIRON["FIELD"]) + 2); gsub(/^[ \t]+|[ \t]+$/, "", text); print text; exit }' \
    "$temp/info"
}
