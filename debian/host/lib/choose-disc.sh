# shellcheck shell=sh
# Which disc a command is about: the one that --disc names, or the chosen one of a family.

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
  find_disc "$release" || :
  remedy=$(link_command "$release" "$its_package")
  fail "$disc_path: it is not there" "as root, type: ${remedy:-$(manager_command reinstall "$its_package")}; virtio-win verify checks all discs"
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
  if [ -n "$link" ]; then
    link=${link##*/}
    link=${link%.iso}
    link=${link:-/} # which is no disc
  fi
  only=
  while IFS=$separator read -r its_release its_kind _ _ _ _ _ _ _ its_family <&6; do
    [ "$its_family" = "$1" ] || continue
    if [ "$its_release" = "$link" ]; then
      printf '%s\n' "$link"
      return
    fi
    # Of several, none is the only one.
    [ "$its_kind" != drivers ] || only=$only${only:+/}$its_release
  done 6<"$temp/discs"
  case $link:$only in
    : | :*/* | ?*:*) ;;
    *) printf '%s\n' "$only" ;;
  esac
}

# Prints the chosen release of each family, on a line each.
chosen_releases() {
  for each in $families; do chosen_release "$each"; done
}

# Finds the disc that --disc names: a release, its file, its path or its package.
named_disc() {
  release=$(DISC=${disc##*/} awk -F "$separator" '
    BEGIN { wanted = ENVIRON["DISC"] "" }
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
