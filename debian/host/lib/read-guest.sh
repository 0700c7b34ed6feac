# shellcheck shell=sh
# What libvirt says of one guest.

# Sets $state, $domid, $active, $persistent and $saved of the guest $uuid.
read_libvirt_state() {
  try_virsh dominfo "$uuid" >"$temp/info" || return 1
  info_field State
  state=$value
  info_field Id
  domid=$value
  active=
  [ "$domid" = - ] || active=yes
  persistent=
  info_field Persistent
  [ "$value" != yes ] || persistent=yes
  info_field 'Managed save'
  [ "$value" != yes ] || saved=yes
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

# Sets $value to a field of dominfo or pool-info.
info_field() {
  while IFS= read -r row; do
    case $row in
      "$1:"*) value=${row#"$1:"} ;;
      *) continue ;;
    esac
    value=${value#"${value%%[! ]*}"}
    value=${value%"${value##*[! ]}"}
    return
  done <"$temp/info"
  value=
}
