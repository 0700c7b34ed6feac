# shellcheck shell=sh
# snippet ipxe, uefi-http, maas: Windows Setup that boots from a network, or is driven by packer-maas, gets the drivers.

# An iPXE script for OS on ARCH, with the drivers of its disks and network cards. wimboot (https://ipxe.org/wimboot) puts each named file into X:\Windows\System32 of Windows PE, and
# winpeshl.ini there says what it starts.
snippet_ipxe() {
  [ $# -eq 2 ] || usage_error 'snippet ipxe: for which Windows?' 'say OS and ARCH, such as: virtio-win snippet ipxe w11 amd64; virtio-win show lists them'
  arch=$(architecture "$2")
  [ -n "$arch" ] || usage_error "snippet ipxe: $2 is not an architecture" 'say amd64, x86 or ARM64'
  find_disc "$release"
  package=$its_package
  tree=releases/$package/drivers/loadable
  [ -d "$disc_dir/$tree" ] || fail "$disc_dir/$tree: the unpacked drivers are not there" "install them: $(manager_command install "$package-drivers")"
  driver_rows "$disc_dir/$release.disc" | OS=$1 ARCH=$arch awk -F "$separator" '
    tolower($2) == tolower(ENVIRON["OS"]) && $4 == ENVIRON["ARCH"] && $11 ~ /^(SCSIAdapter|HDC|Net)$/ { print $1 "/" $2 "/" $4 }' |
    sort -u >"$temp/folders"
  while IFS= read -r folder; do
    for file in "$disc_dir/$tree/$folder"/*; do
      [ ! -f "$file" ] || printf '%s\n' "${file#"$disc_dir"/}"
    done
  done <"$temp/folders" >"$temp/files"
  [ -s "$temp/files" ] || fail "$disc_dir/$tree: no driver of a disk or network card is there for $1 $2" \
    "virtio-win show $1 $2 lists what the disc has, and when Windows loads it"
  # shellcheck disable=SC2016
  initrds=$(sed 's,\(.*\)/\(.*\),initrd --name \2 ${server}/\1/\2 \2,' "$temp/files")
  cat <<END
#!ipxe
# ADDRESS is a web server for this folder (virtio-win snippet http); WINDOWS is a folder there with wimboot, and from the disc of Windows
# boot/bcd, boot/boot.sdi, sources/boot.wim. It also has winpeshl.ini:
#   [LaunchApps]
#   "drivers.cmd"
# and drivers.cmd; \\\\ADDRESS\\windows is a share of the disc of Windows, for whose answer file see unattended.md:
$(grep '\.inf$' "$temp/files" | sed 's,.*/,#   drvload X:\\Windows\\System32\\,')
#   wpeinit
#   net use Z: \\\\ADDRESS\\windows
#   Z:\\setup.exe /unattend:Z:\\autounattend.xml
set server http://ADDRESS:8080
set windows http://ADDRESS:8080/WINDOWS
kernel \${windows}/wimboot
$initrds
initrd --name winpeshl.ini \${windows}/winpeshl.ini winpeshl.ini
initrd --name drivers.cmd \${windows}/drivers.cmd drivers.cmd
initrd --name BCD \${windows}/boot/bcd BCD
initrd --name boot.sdi \${windows}/boot/boot.sdi boot.sdi
initrd --name boot.wim \${windows}/sources/boot.wim boot.wim
boot
END
}

# UEFI 2.10, 24.7: firmware asks by DHCP with the architecture 16 (x86-64) or 19 (ARM64), and wants the vendor class back. dnsmasq(8)
snippet_uefi_http() {
  cat <<END
# For dnsmasq on the network of the guests: firmware that boots by HTTP gets iPXE (snponly.efi of the package ipxe), and iPXE gets the
# script that "virtio-win snippet ipxe OS ARCH" prints. ADDRESS is the web server (virtio-win snippet http).
dhcp-match=set:http,option:client-arch,16
dhcp-match=set:http,option:client-arch,19
dhcp-match=set:ipxe,175
dhcp-option-force=tag:http,option:vendor-class,HTTPClient
dhcp-boot=tag:http,tag:!ipxe,http://ADDRESS:8080/WINDOWS/snponly.efi
dhcp-boot=tag:ipxe,http://ADDRESS:8080/WINDOWS/virtio-win.ipxe
# Without iPXE: the firmware boots one ISO, which it keeps in memory as a CD, so drivers must be on the disc of Windows itself
# (distrobuilder repack-windows --drivers=$disc_path):
#   dhcp-boot=tag:http,http://ADDRESS:8080/WINDOWS/Win11-virtio.iso
END
}

# canonical/packer-maas, windows/Makefile: it makes drivers.iso of the folder drivers, which Windows Setup gets as its second CD.
snippet_maas() {
  cat <<END
# In the folder windows of packer-maas: the files of the disc, then the image.
mkdir -p drivers
bsdtar -x -C drivers -f $(shell_word "$disc_path")
make windows ISO=WINDOWS.iso VERSION=2022
END
}
