# shellcheck shell=sh
# show: lists the drivers on the disc, with their folders.

cmd_show() {
  wanted_os=${1:-}
  wanted_arch=${2:-}
  for word in "$@"; do refuse_hardware_id "$word"; done
  if [ -n "$wanted_os" ] && [ -z "$wanted_arch" ] && [ -n "$(architecture "$wanted_os")" ]; then
    wanted_arch=$wanted_os
    wanted_os=
  fi
  if [ -n "$wanted_arch" ]; then
    wanted=$(architecture "$wanted_arch")
    [ -n "$wanted" ] || usage_error "show: $wanted_arch is not an architecture" 'say amd64, x86 or ARM64'
    wanted_arch=$wanted
  fi
  choose_disc
  driver_rows "$disc_dir/$release.disc" >"$temp/all"
  OS=$wanted_os ARCH=$wanted_arch awk -F "$separator" '
    (ENVIRON["OS"] == "" || tolower($2) == tolower(ENVIRON["OS"]) || tolower($3) == tolower(ENVIRON["OS"])) &&
    (ENVIRON["ARCH"] == "" || $4 == ENVIRON["ARCH"])' "$temp/all" >"$temp/drivers"
  [ -s "$temp/drivers" ] || no_driver
  if [ -n "$as_json" ]; then
    printf '{"disc":%s,"path":%s,"drivers":' "$(json_string "$release")" "$(json_string "$disc_path")"
    json_rows driver os windows arch folder inf version date signature loads <"$temp/drivers"
    echo '}'
  else
    cut -d "$separator" -f 1,3,4,7,9,5,10 "$temp/drivers" |
      awk -F "$separator" -v OFS="$separator" '{ print $1, $2, $3, $5, $6, $4, $7 }' |
      table DRIVER WINDOWS ARCH VERSION SIGNATURE FOLDER LOADS
  fi
}

# Fails for the hardware ID of a device, which is the question of another command.
refuse_hardware_id() {
  case $1 in
    *\\* | *[Vv][Ee][Nn]_* | *[Dd][Ee][Vv]_* | *[Vv][Ii][Dd]_* | \
      [0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f]:[0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f])
      usage_error "show: $1 looks like a hardware ID; show looks up a Windows, not a device" \
        "virtio-win which $(shell_word "$1") looks up a device"
      ;;
  esac
}

# Prints a row for each driver package: driver, os, windows, arch, folder, inf, version, date, signature, loads, class.
driver_rows() {
  awk '
    BEGIN { RS = ""; FS = "\n"; OFS = "\037" }
    NR > 1 {
      split("", value)
      for (i = 1; i <= NF; i++) {
        at = index($i, ":")
        text = substr($i, at + 1)
        gsub(/^[ \t]+|[ \t\r]+$/, "", text)
        if (at > 1) value[substr($i, 1, at - 1)] = text
      }
      print value["Driver"], value["Os"], value["Windows"], value["Arch"], value["Folder"], value["Inf"],
        value["Driver-Version"], value["Date"], value["Signature"], value["Loads"], value["Class"]
    }' "$1"
}

# Prints an architecture as records write it; nothing when it is none.
architecture() {
  case $1 in
    [Aa][Mm][Dd]64 | [Xx]64 | [Xx]86[_-]64) echo amd64 ;;
    [Xx]86 | i[3456]86) echo x86 ;;
    [Aa][Rr][Mm]64 | aarch64) echo ARM64 ;;
  esac
}

no_driver() {
  [ "$disc_kind" = drivers ] || fail "$disc_path: it is a disc of $disc_kind, so its record lists no drivers" \
    'give --disc NAME; virtio-win list names the discs'
  fail "$disc_path: it has no driver for $wanted_os${wanted_arch:+ $wanted_arch}" \
    "it has drivers for: $(cut -d "$separator" -f 2 "$temp/all" | sort -u | in_one_line)"
}
