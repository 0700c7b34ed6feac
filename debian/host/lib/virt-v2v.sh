# shellcheck shell=sh
# From where virt-v2v takes drivers.

# Sets $v2v_path: the tree of the drivers that each Windows loads without test-signing mode, from the package of unpacked drivers; else
# the disc. virt-v2v takes drivers by their folders (libguestfs-common, mlcustomize/inject_virtio_win.ml) and makes the disk virtio, so
# with a driver that the Windows refuses, the guest does not boot.
choose_v2v_path() {
  [ "$(family_of "$release")" = virtio ] || fail "$disc_path: it has drivers for guests of Xen, and virt-v2v makes guests of KVM" \
    'give --disc NAME of a disc of the family virtio; virtio-win list names the discs'
  [ "$disc_kind" = drivers ] || fail "$disc_path: it is a disc of $disc_kind, which virt-v2v has no use for" \
    'give --disc NAME; virtio-win list names the discs'
  find_disc "$release"
  package=$its_package
  v2v_path=$disc_dir/releases/$package/drivers/loadable
  if [ -n "$package" ] && [ -d "$v2v_path" ]; then
    note_other_tree
    return
  fi
  v2v_path=$disc_path
  refused=$(driver_rows "$disc_dir/$release.disc" |
    awk -F "$separator" '$10 ~ /test-signing|Driver Policy|never/ { print $2 " " $4 }' | sort -u | tr '\n' ',' |
    sed -e 's/,$//' -e 's/,/, /g')
  [ -z "$refused" ] || note "$disc_path: virt-v2v takes its drivers even where Windows refuses them without test-signing mode: $refused" \
    "install $package-drivers, which has a tree without such drivers, or convert none of these; virtio-win show OS ARCH lists them"
}

# Warns where the unpacked drivers of $package are not those of the disc $release: dpkg and rpm upgrade each package on its own.
note_other_tree() {
  tree=$disc_dir/releases/$package/drivers
  [ -d "$tree" ] || return 0
  find_disc "$release"
  own=$release$separator$its_sha256
  found=
  for record in "$tree"/*.disc; do
    [ ! -f "$record" ] || found=$(record_row "$record" | cut -d "$separator" -f 1,6)
    [ "$found" != "$own" ] || return 0
  done
  case $found in
    '') fact='their release is not known' ;;
    "$release$separator"*) fact="they are of another build of $release" ;;
    *) fact="they are of ${found%%"$separator"*}" ;;
  esac
  note "$tree: these unpacked drivers are not those of the disc $release: $fact" \
    "as root, bring both packages to one version: $(manager_command install "$package" "$package-drivers")"
}

# virt-v2v(1), ENVIRONMENT VARIABLES
snippet_virt_v2v() {
  choose_v2v_path
  cat <<END
# Before virt-v2v, in its shell or in the environment of the service that runs it. A Windows without a driver there keeps emulated
# devices; which drivers a Windows loads: virtio-win show OS ARCH
export VIRTIO_WIN=$(shell_word "$v2v_path")
END
}
