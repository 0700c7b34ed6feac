# shellcheck shell=sh
# What virt-v2v is to take drivers from.

# Sets $v2v_path: the tree of the drivers that each Windows loads without test-signing mode, which is in the package of unpacked
# drivers; else the disc. virt-v2v takes drivers by their folders (libguestfs-common, mlcustomize/inject_virtio_win.ml) and then makes
# the disk virtio, so with a driver that the Windows refuses the guest does not boot.
choose_v2v_path() {
  [ "$disc_kind" = drivers ] || fail "$disc_path: it is a disc of $disc_kind, which virt-v2v has no use for" \
    'give --disc NAME; virtio-win list names the discs'
  package=$(RELEASE=$release awk -F "$separator" '$1 == ENVIRON["RELEASE"] { print $4 }' "$temp/discs")
  v2v_path=$disc_dir/releases/$package/drivers/loadable
  if [ -n "$package" ] && [ -d "$v2v_path" ]; then return 0; fi
  v2v_path=$disc_path
  refused=$(driver_rows "$disc_dir/$release.disc" |
    awk -F "$separator" '$10 == "loads in test-signing mode only" || $10 == "never loads" { print $2 " " $4 }' | sort -u | tr '\n' ',' |
    sed -e 's/,$//' -e 's/,/, /g')
  [ -z "$refused" ] || note "$disc_path: virt-v2v takes its drivers even where Windows refuses them without test-signing mode: $refused" \
    "install $package-drivers, which has a tree without such drivers, or convert none of these; virtio-win show OS ARCH lists them"
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
