# shellcheck shell=sh
# Families of drivers: virtio for guests of KVM and QEMU, xenpv for guests of Xen. Each has a link of its own to its chosen disc.

families='virtio xenpv'

# Sets $family to the family of the disc to choose, and $family_reason to what says so: --family, what --connect names, or the hypervisor
# of this host. Without any of them there is no reason, and it is virtio, as QEMU needs no hypervisor.
choose_family() {
  named=${connect:-${LIBVIRT_DEFAULT_URI:-}}
  [ -z "$qmp" ] || named=--qmp
  [ -z "$consumer" ] || named="--for $consumer"
  family_reason=$named
  if [ -n "$wanted_family" ]; then
    family=$wanted_family family_reason=--family
    return
  fi
  case $named in
    xl | xe | xen:* | xen+*) family=xenpv ;;
    ?*) family=virtio ;;
    *)
      look_for_hypervisor
      family=$(family_of_host)
      [ -z "$family" ] || family_reason="this host is $found ($role)"
      family=${family:-virtio}
      ;;
  esac
}

# Prints the family that guests of this host need, by what look_for_hypervisor found; nothing where it runs none.
family_of_host() {
  case $found:$role in
    XEN:dom0 | XENSERVER:dom0) echo xenpv ;;
    KVM:*) echo virtio ;;
  esac
}

# Prints the family of an installed release; nothing for a disc that outlived its package.
family_of() {
  ! find_disc "$1" || printf '%s\n' "$its_family"
}

# Prints the name of the link to the chosen disc of a family.
family_link() {
  echo "$1-win.iso"
}

# Prints the hypervisor of a family.
family_words() {
  case $1 in
    virtio) echo KVM ;;
    xenpv) echo Xen ;;
  esac
}

# Whether a disc of drivers of a family is installed.
has_family() {
  while IFS=$separator read -r _ its_kind _ _ _ _ _ _ _ its_family <&6; do
    [ "$its_kind:$its_family" != "drivers:$1" ] || return 0
  done 6<"$temp/discs"
  return 1
}

# Prints the family that the guest needs: its hypervisor runs it with such devices.
guest_family() {
  case $(guest_kind) in
    xen) echo xenpv ;;
    *) echo virtio ;;
  esac
}

# Fails when the chosen disc is of another family than the guest, unless --family asks for it.
need_family() {
  [ -z "$wanted_family" ] || return 0
  needed=$(guest_family)
  family=$(family_of "$release")
  [ "$family" != "$needed" ] || return 0
  fitting=$(chosen_release "$needed")
  if [ -n "$fitting" ]; then
    remedy="give it $fitting: --disc $fitting"
  else
    remedy="install a disc of the family $needed"
  fi
  fail "${name:-$qmp}: $release has drivers for guests of $(family_words "$family") (family $family), and this is a guest of $(family_words "$needed")" \
    "$remedy; --family $family gives it $release all the same, for a guest that is to move to $(family_words "$family")"
}

# Fails when --disc names a disc of another family than --family.
need_named_family() {
  [ -n "$wanted_family" ] && [ "$(family_of "$release")" != "$family" ] || return 0
  usage_error "--family: $release has drivers of the family $(family_of "$release"), not $family" 'leave out --disc or --family'
}

# Sets $release to the chosen disc of another family, with a remark, where none of $family is installed and --family does not insist on it.
choose_other_family() {
  [ -s "$temp/discs" ] || return 0
  lack="no disc of the family $family (drivers for guests of $(family_words "$family")) is installed"
  [ -z "$wanted_family$consumer" ] || fail "$disc_dir: $lack" "install one: $(disc_command); installed: $(installed_names)"
  for other in $families; do
    release=$(chosen_release "$other")
    [ -z "$release" ] || break
  done
  [ -z "$release" ] || [ -z "$family_reason" ] || note "$lack ($family_reason); $release is for guests of $(family_words "$other")" "install one: $(disc_command); --family $other asks for this one"
}
