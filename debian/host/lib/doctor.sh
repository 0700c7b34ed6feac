# shellcheck shell=sh
# doctor: looks at everything that can be wrong with discs on this host and in its guests, and changes nothing. A finding is a row in
# $temp/findings: state (good, remark or wrong), check, fact, hint.

cmd_doctor() {
  need_temp
  : >"$temp/findings"
  export LIBVIRT_AUTOSTART=0
  check_hypervisor
  check_versions
  check_discs
  check_links
  check_all_pools
  check_guests
  if [ -n "$as_json" ]; then
    json_rows state check fact hint <"$temp/findings"
    echo
  else
    awk -F "$separator" '{ printf "%-6s  %s: %s\n", $1, $2, $3; if ($4 != "") printf "        hint: %s\n", $4 }' "$temp/findings"
  fi
  ! grep -q '^wrong' "$temp/findings" || exit 1
}

# Adds a finding, once, however many drives of a guest have it: STATE CHECK FACT [HINT].
finding() {
  row=$1$separator$2$separator$3$separator${4-}
  grep -qxF -e "$row" "$temp/findings" || printf '%s\n' "$row" >>"$temp/findings"
}

# Adds what a part of this command that ends with a message says: STATE CHECK.
finding_from_message() {
  finding "$1" "$2" "$(sed -n 's/^virtio-win: //p' "$temp/message" | head -n 1)" "$(sed -n 's/^hint: //p' "$temp/message" | head -n 1)"
}

check_hypervisor() {
  look_for_hypervisor
  advise 2>"$temp/message"
  if [ -s "$temp/message" ]; then
    finding_from_message remark hypervisor
  else
    finding good hypervisor "$found${role:+ ($role)}"
  fi
}

# The oldest versions that pvdisc is tested with are those of Debian 12.
check_versions() {
  check_version QEMU 7.2 qemu-system-x86_64 --version
  check_version libvirt 9.0 virsh --version
  check_version virt-v2v 2.2 virt-v2v --version
  version_folder=${VIRTIO_WIN_SYSROOT:-}/sys/hypervisor/version
  [ ! -d "$version_folder" ] || check_version Xen 4.17 cat "$version_folder/major" "$version_folder/minor"
}

# Compares the first version number that a program prints: NAME OLDEST PROGRAM ARGUMENTS.
check_version() {
  tool=$1
  oldest=$2
  shift 2
  command -v "$1" >/dev/null || return 0
  printed=$("$@" 2>/dev/null | sed 's/^virt-v2v //' | tr '\n' '.' | sed -n 's/^[^0-9]*\([0-9][0-9]*\(\.[0-9][0-9]*\)*\).*/\1/p')
  if [ -z "$printed" ]; then
    finding remark version "$tool does not say its version"
  elif [ "$(printf '%s\n' "$oldest" "$printed" | sort -t . -k 1,1n -k 2,2n | head -n 1)" = "$oldest" ]; then
    finding good version "$tool $printed"
  else
    finding remark version "$tool $printed is older than $oldest, the oldest that is tested" 'the commands may work; try them on a guest that you can lose'
  fi
}

check_discs() {
  if ! (disc_rows >"$temp/discs") 2>"$temp/message"; then
    finding_from_message wrong disc
    return
  fi
  [ -s "$temp/discs" ] || finding wrong disc "$disc_dir: no disc is installed" "install one: $(disc_command)"
  folder_owner=$(stat -c %U:%G "$disc_dir" 2>/dev/null) || folder_owner=
  while IFS=$separator read -r release _ version package size sha256 signatures _ <&3; do
    verify_disc "$disc_dir/$release.iso"
    if [ -z "$good" ]; then
      remedy=$(link_command "$release" "$package")
      finding wrong disc "$disc_dir/$release.iso: $verdict" "as root, type: ${remedy:-$(manager_command reinstall "$package")}"
      continue
    fi
    finding good disc "$release: as its record says; $signatures"
    owner=$(stat -c %U:%G "$disc_dir/$release.iso")
    [ "$owner" = "$folder_owner" ] || finding wrong ownership "$disc_dir/$release.iso belongs to $owner, its folder to $folder_owner" \
      "libvirt takes the file of a guest that has no relabel='no'; as root, type: chown $folder_owner $(shell_word "$disc_dir/$release.iso"); then eject and attach it with virtio-win"
    [ -z "$(find "$disc_dir/$release.iso" -perm /222)" ] ||
      finding wrong ownership "$disc_dir/$release.iso can be written to" "as root, type: chmod 0444 $(shell_word "$disc_dir/$release.iso")"
  done 3<"$temp/discs"
}

check_links() {
  [ -s "$temp/discs" ] || return 0
  choose_family
  [ -z "$family_reason" ] || has_family "$family" || finding wrong family "no disc of the family $family is installed, which guests of $(family_words "$family") need ($family_reason)" \
    "install one: $(disc_command)"
  for family in $families; do
    has_family "$family" || continue
    link=$(family_link "$family")
    release=$(chosen_release "$family")
    if [ -n "$release" ] && [ -e "$disc_dir/$link" ]; then
      finding good alternative "$link leads to $release"
    else
      (no_chosen_disc) 2>"$temp/message" || finding_from_message wrong alternative
    fi
  done
}

check_all_pools() {
  toolstack=libvirt
  (find_pools_of_host) 2>/dev/null || return 0
  while IFS=$separator read -r uri pool target remedy endangered _ <&4; do
    finding wrong pool "$target is the storage pool '$pool' of $uri: virsh undefine --remove-all-storage deletes $endangered in it" \
      "remove the pool, which leaves the files: $remedy"
  done 4<"$temp/pools"
}
