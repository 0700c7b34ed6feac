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
  RECORD_RELEASE=$(basename "$1" .disc) awk '
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

# Sets $release, $disc_path and $disc_kind: the disc that --disc names, else the chosen one of the family that guests here need.
choose_disc() {
  need_temp
  disc_rows >"$temp/discs"
  choose_family
  if [ -n "$disc" ]; then
    named_disc
    need_named_family
  else
    release=$(chosen_release "$family")
    [ -n "$release" ] || has_family "$family" || choose_other_family
  fi
  [ -n "$release" ] || no_chosen_disc
  disc_path=$disc_dir/$release.iso
  disc_kind=$(kind_of "$release")
  [ -f "$disc_path" ] || missing_disc
}

missing_disc() {
  package=$(RELEASE=$release awk -F "$separator" '$1 == ENVIRON["RELEASE"] { print $4 }' "$temp/discs")
  remedy=$(link_command "$release" "$package")
  fail "$disc_path: it is not there" "as root, type: ${remedy:-$(manager_command reinstall "$package")}; virtio-win verify checks all discs"
}

# Prints the command that brings back a deleted disc, RELEASE of PACKAGE, from the second name that the package gave it (spare_disc of its
# postinst); nothing when it is not deleted, or has no such name.
link_command() {
  spare=$disc_dir/releases/$2/$1.iso
  if [ -f "$spare" ] && [ ! -e "$disc_dir/$1.iso" ]; then
    printf 'ln %s %s' "$(shell_word "$spare")" "$(shell_word "$disc_dir/")"
  fi
}

# Prints the release that the link of FAMILY leads to, else its only installed disc of drivers; nothing when there is no such one.
chosen_release() {
  link=
  link_path=$disc_dir/$(family_link "$1")
  if [ -e "$link_path" ] || [ -L "$link_path" ]; then
    link=$(readlink -f "$link_path") || link=$link_path
  fi
  CHOSEN=$(basename "$link" .iso) FAMILY=$1 awk -F "$separator" '
    $10 != ENVIRON["FAMILY"] { next }
    $2 == "drivers" { count++; last = $1 }
    $1 == ENVIRON["CHOSEN"] { chosen = $1 }
    END { print (chosen != "" ? chosen : (ENVIRON["CHOSEN"] == "" && count == 1 ? last : "")) }' "$temp/discs"
}

# Prints the chosen release of each family, on a line each.
chosen_releases() {
  for each in $families; do chosen_release "$each"; done
}

# Finds the disc that --disc names: a release, its file, its path or its package.
named_disc() {
  release=$(DISC=${disc##*/} awk -F "$separator" '
    BEGIN { wanted = ENVIRON["DISC"] }
    $1 == wanted || $1 ".iso" == wanted { exact = $1 }
    $4 == wanted { package = $1 }
    END { print (exact != "" ? exact : package) }' "$temp/discs")
  case $disc in
    virtio-win.iso | "$disc_dir/virtio-win.iso") release=$(chosen_release virtio) ;;
    xenpv-win.iso | "$disc_dir/xenpv-win.iso") release=$(chosen_release xenpv) ;;
    "$disc_dir"/*) ;;
    */*) release= ;;
  esac
  [ -n "$release" ] || fail "$disc: no such disc is installed" "installed: $(installed_names)"
}

no_chosen_disc() {
  [ -s "$temp/discs" ] || fail "$disc_dir: no disc is installed" "install one: $(disc_command)"
  link=$(family_link "$family")
  if [ -e "$disc_dir/$link" ] && [ ! -L "$disc_dir/$link" ]; then
    fail "$disc_dir/$link: it is a file of your own, not the link to the chosen disc" \
      "give --disc NAME ($(installed_names)), or move that file out of $disc_dir, then: update-alternatives --auto $link"
  fi
  fail "$disc_dir/$link: it leads to no installed disc" \
    "give --disc NAME ($(installed_names)), or choose one: update-alternatives --config $link"
}

installed_names() {
  names=$(cut -d "$separator" -f 1 "$temp/discs" | in_one_line)
  printf '%s' "${names:-none}"
}

# Prints drivers or symbols: what the record of a release says; a disc that outlived its package has only its name.
kind_of() {
  RELEASE=$1 awk -F "$separator" '
    $1 == ENVIRON["RELEASE"] { kind = $2 }
    END { print (kind != "" ? kind : ENVIRON["RELEASE"] ~ /-symbols-[0-9]/ ? "symbols" : "drivers") }' "$temp/discs"
}

# Prints the release when PATH is a file of the disc folder, whatever the way to it; nothing when it is not.
release_of() {
  case $1 in
    "$disc_dir/virtio-win.iso" | "$disc_dir/xenpv-win.iso" | "$disc_dir"/*/*) ;;
    "$disc_dir"/*.iso)
      basename "$1" .iso
      return
      ;;
  esac
  led=$(readlink -f "$1" 2>/dev/null) || return 0
  case $led in
    "$(readlink -f "$disc_dir")"/*.iso) basename "$led" .iso ;;
  esac
}
