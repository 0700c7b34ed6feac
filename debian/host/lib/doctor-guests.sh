# shellcheck shell=sh
# doctor: guests with another disc than the chosen one, with a disc that is gone, and with drivers that their Windows does not load.

check_guests() {
  [ -s "$temp/discs" ] || return 0
  choose_toolstack
  if [ "$toolstack" = libvirt ] && ! command -v virsh >/dev/null; then
    finding remark guests 'virsh is not there, so no guest was looked at' "as root, type: $(manager_command install libvirt-clients)"
    return
  fi
  if ! (list_guests) 2>"$temp/message"; then
    finding_from_message wrong guests
    return
  fi
  chosen=$(chosen_releases)
  cp "$temp/guests" "$temp/every"
  while IFS=$separator read -r uuid name <&3; do
    handle=$(shell_word "$name")
    if ! read_guest; then
      finding wrong guest "$name: it cannot be read: $(refusal)"
      continue
    fi
    guest_discs >"$temp/report"
    while IFS=$separator read -r where target _ held path _ is_chosen is_present leads_to held_family <&4; do
      check_held_disc
    done 4<"$temp/report"
  done 3<"$temp/every"
  finding good guests "$(wc -l <"$temp/every" | tr -d ' ') looked at"
}

# Judges a row of guest_discs.
check_held_disc() {
  at="$target ($(place_words "$where"))"
  needed=$(guest_family)
  if [ -z "$is_present" ]; then
    finding wrong guest "$name: $at has $path, which is not on this host" "virtio-win eject $handle, or install the package of that disc again"
    return
  fi
  if [ -n "$leads_to" ]; then
    finding wrong guest "$name: $at has the link ${path##*/}, so its disc changes with the package" "virtio-win attach $handle puts the disc itself there"
  elif [ -z "$is_chosen" ] && [ "$(kind_of "$held")" = drivers ]; then
    finding wrong guest "$name: $at has $held, not $(chosen_release "${held_family:-$needed}")" "virtio-win swap $handle"
  fi
  [ "${held_family:-$needed}" = "$needed" ] ||
    finding wrong family "$name: $at has $held for guests of $(family_words "$held_family"), and it is a guest of $(family_words "$needed")" "virtio-win eject $handle"
  check_loads "${held:-$leads_to}"
}

# Compares the Windows of the guest, as osinfo names it in the metadata of libvirt, with the drivers of RELEASE for it.
check_loads() {
  [ -f "$temp/$where.xml" ] && [ -f "$disc_dir/$1.disc" ] || return 0
  os=$(sed -n 's|.*<libosinfo:os id=["'"'"']http://microsoft.com/win/\([^"'"'"']*\)["'"'"'].*|\1|p' "$temp/$where.xml" | head -n 1)
  case $os in
    '') return 0 ;;
    [0-9]k* | xp) ;;
    *) os=w$os ;;
  esac
  arch=$(architecture "$(awk -F "$separator" '$1 == "domain" { print $4 }' "$temp/$where.rows")")
  driver_rows "$disc_dir/$1.disc" >"$temp/all"
  OS=$os ARCH=$arch awk -F "$separator" 'tolower($2) == tolower(ENVIRON["OS"]) && (ENVIRON["ARCH"] == "" || $4 == ENVIRON["ARCH"])' "$temp/all" >"$temp/drivers"
  if [ ! -s "$temp/drivers" ]; then
    finding wrong drivers "$name: $1 has no driver for its Windows ($os${arch:+ $arch})" "virtio-win show --disc $1 lists what it has"
    return
  fi
  refused=$(awk -F "$separator" '$10 ~ /^never|test|Policy/ && !seen[$1]++ { print $1 }' "$temp/drivers" | in_one_line)
  [ -z "$refused" ] ||
    finding wrong drivers "$name: its Windows ($os${arch:+ $arch}) does not load some drivers of $1, or on conditions only: $refused" "virtio-win show $os${arch:+ $arch} --disc $1 says when it does"
}
