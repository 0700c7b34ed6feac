# shellcheck shell=sh
# Guests of XenServer and XCP-ng, through xe (XenServer CLI reference). A CD drive is a VBD of the type CD, the disc a VDI of an ISO
# storage repository; a change of a running guest stays in its configuration. Drives are known here as hda to hdd, as guests have them,
# and discs as sr://REPOSITORY/NAME.

# Runs xe; its errors go to $temp/refusal.
try_xe() {
  xe "$@" 2>"$temp/refusal" 7>&-
}

# Prints one parameter: CLASS, UUID, NAME.
xe_get() {
  try_xe "$1-param-get" uuid="$2" param-name="$3"
}

# Prints the UUIDs that a list gives, one per line: CLASS and conditions.
xe_uuids() {
  class=$1
  shift
  try_xe "$class-list" "$@" params=uuid --minimal >"$temp/xe.uuids" || return 1
  tr ',' '\n' <"$temp/xe.uuids" | sed '/^$/d'
}

list_xe_guests() {
  command -v xe >/dev/null || {
    note 'missing: xe' 'run it in dom0 of XenServer or XCP-ng, which has it'
    exit 3
  }
  xe_uuids vm is-control-domain=false >"$temp/vms" || fail "xe: $(refusal)" 'is xapi running, and are you root in dom0?'
  while IFS= read -r vm <&3; do
    printf '%s\n' "$vm$separator$(xe_get vm "$vm" name-label)"
  done 3<"$temp/vms" >"$temp/guests"
}

# Sets $state, $active and $persistent of the guest $uuid; a running guest has one place, live, which is its configuration too.
read_xe_state() {
  state=$(xe_get vm "$uuid" power-state) || return 1
  persistent=yes
  active=yes
  case $state in
    halted) active='' state='shut off' ;;
    suspended) active='' ;;
  esac
}

# Prints the rows of the guest.
xe_rows() {
  vbds=$(xe_uuids vbd vm-uuid="$uuid") || return 1
  for vbd in $vbds; do
    vdi=$(xe_get vbd "$vbd" vdi-uuid) || return 1
    medium=
    device=disk
    if [ "$(xe_get vbd "$vbd" type)" = CD ]; then
      device=cdrom
      case $vdi in
        *-*) medium=sr://$(xe_get vdi "$vdi" sr-uuid)/$(xe_get vdi "$vdi" name-label) || return 1 ;;
      esac
    fi
    letter=$(printf %s "$(xe_get vbd "$vbd" userdevice)" | tr '0-9' 'a-j')
    printf '%s\n' "disk$separator$device${separator}hd$letter${separator}ide${separator}network$separator$medium$separator$separator$vbd"
  done
  printf '%s\n' "domain${separator}xen${separator}xenfv$separator"
}

# Makes $disc_path the disc in its ISO repository.
find_xe_disc() {
  vdi=$(xe_uuids vdi name-label="$release.iso" | head -n 1)
  [ -n "$vdi" ] || fail "$release.iso: no ISO repository of xe has it" "virtio-win snippet xe prints how to make one of $disc_dir; after a new file: xe sr-scan uuid=REPOSITORY"
  disc_path=sr://$(xe_get vdi "$vdi" sr-uuid)/$release.iso
}

# Does VERB with the drive in FILE.
xe_change() {
  IFS=$separator read -r target _ medium <"$2"
  its_id=
  find_drive "$3" "$target" || :
  vbd=$its_id
  vdi=
  if [ -n "$medium" ]; then
    medium=${medium#sr://}
    vdi=$(xe_uuids vdi name-label="${medium#*/}" sr-uuid="${medium%%/*}" | head -n 1)
  fi
  case $1 in
    update-device)
      if [ "$(xe_get vbd "$vbd" empty)" != true ]; then try_xe vbd-eject uuid="$vbd" || return 1; fi
      [ -z "$vdi" ] || try_xe vbd-insert uuid="$vbd" vdi-uuid="$vdi"
      ;;
    attach-device)
      device=$(printf %s "${target#hd}" | tr 'a-j' '0-9')
      vbd=$(try_xe vbd-create vm-uuid="$uuid" vdi-uuid="$vdi" device="$device" type=CD mode=RO bootable=false)
      ;;
    detach-device) try_xe vbd-destroy uuid="$vbd" ;;
  esac >/dev/null
}
