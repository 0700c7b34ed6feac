# shellcheck shell=sh
# The installed discs, by their records: <release>.disc beside <release>.iso (deb822).

# Prints a row for each installed disc: release, kind, version, package, size, sha256, signatures, title, label, family; records of
# older packages, all for KVM, do not say the last.
disc_rows() {
  for record in "$disc_dir"/*.disc; do
    [ -e "$record" ] || continue
    row=$(record_row "$record") || fail "$record: it cannot be read" 'reinstall the package that it belongs to'
    [ -n "$row" ] || fail "$record: it lacks Disc, Version, Size or Sha256, or Disc is not its own name" \
      "reinstall the package that it belongs to: $(if has_rpm; then echo rpm -qf; else echo dpkg -S; fi) $record"
    printf '%s\n' "$row"
  done
}

# Prints the row of one record; nothing when it is damaged.
record_row() {
  record_release=${1##*/}
  RECORD_RELEASE=${record_release%.disc} awk '
    BEGIN { RS = ""; FS = "\n"; OFS = "\037" }
    NR == 1 {
      for (i = 1; i <= NF; i++) {
        at = index($i, ":")
        text = substr($i, at + 1)
        gsub(/^[ \t]+|[ \t\r]+$/, "", text)
        if (at > 1) value[substr($i, 1, at - 1)] = text
      }
      release = ENVIRON["RECORD_RELEASE"]
      if (value["Disc"] != release ".iso" || value["Version"] == "") exit
      if (value["Size"] !~ /^[0-9]+$/ || length(value["Sha256"]) != 64 || value["Sha256"] ~ /[^0-9a-f]/) exit
      print release, (value["Kind"] == "" ? "drivers" : value["Kind"]), value["Version"], value["Package"],
        value["Size"], value["Sha256"], value["Signatures"], value["Title"], value["Label"], (value["Family"] == "" ? "virtio" : value["Family"])
      exit
    }' "$1"
}

# Sets $its_kind, $its_package, $its_size, $its_sha256, $its_title and $its_family to what the record of a release says; fails without a
# record.
find_disc() {
  while IFS=$separator read -r its_release its_kind _ its_package its_size its_sha256 _ its_title _ its_family <&6; do
    [ "$its_release" != "$1" ] || return 0
  done 6<"$temp/discs"
  its_kind='' its_package='' its_size='' its_sha256='' its_title='' its_family=''
  return 1
}

# Prints drivers or symbols: what the record of a release says; a disc that outlived its package has only its name.
kind_of() {
  if find_disc "$1"; then
    printf '%s\n' "$its_kind"
    return
  fi
  case $1 in
    *-symbols-[0-9]*) echo symbols ;;
    *) echo drivers ;;
  esac
}

# Prints the release when PATH is a file of the disc folder, whatever the way to it; nothing when it is not.
release_of() {
  case $1 in
    "$disc_dir/virtio-win.iso" | "$disc_dir/xenpv-win.iso" | "$disc_dir"/*/*) ;;
    "$disc_dir"/*.iso)
      led=${1##*/}
      printf '%s\n' "${led%.iso}"
      return
      ;;
  esac
  led=$(readlink -f "$1" 2>/dev/null) || return 0
  find_real_folder
  case $led in
    "$real_folder"/*.iso)
      led=${led##*/}
      printf '%s\n' "${led%.iso}"
      ;;
  esac
}

# Sets $real_folder to the folder of the discs without links.
find_real_folder() {
  [ -n "${real_folder:-}" ] || real_folder=$(readlink -f "$disc_dir") || real_folder=$disc_dir
}
