# shellcheck shell=sh
# verify: compares each installed disc with the size and digest of its record.

cmd_verify() {
  need_temp
  disc_rows >"$temp/discs"
  if [ -n "$disc" ]; then
    named_disc
    RELEASE=$release awk -F "$separator" '$1 "" == ENVIRON["RELEASE"]' "$temp/discs" >"$temp/wanted"
  else
    cp "$temp/discs" "$temp/wanted"
  fi
  [ -s "$temp/wanted" ] || no_chosen_disc
  : >"$temp/verified"
  bad=
  commands=
  while IFS=$separator read -r release _ _ package size sha256 _ <&3; do
    verify_disc "$disc_dir/$release.iso"
    [ -z "$package" ] || note_other_tree
    printf '%s\n' "$release$separator$disc_dir/$release.iso$separator$good$separator$verdict" >>"$temp/verified"
    [ -z "$good" ] || continue
    remedy=$(link_command "$release" "$package")
    if [ -n "$remedy" ]; then commands="$commands; $remedy"; else bad="$bad $package"; fi
  done 3<"$temp/wanted"
  find_pools_of_host
  if [ -n "$as_json" ]; then
    POOLS=$(json_pools) awk -v OFS="$separator" '{ print $0, ENVIRON["POOLS"] }' "$temp/verified" |
      json_rows disc path good:boolean verdict pools:json
    echo
  else
    awk -F "$separator" '{ print $2 ": " $4 }' "$temp/verified"
  fi
  note_pools
  # shellcheck disable=SC2086 # one argument per package
  [ -z "$bad" ] || commands="$commands; $(manager_command reinstall $bad)"
  [ -z "$commands" ] || fail "$disc_dir: not every disc is as its record says" "as root, type: ${commands#; }"
}

# Sets $verdict, and $good to yes when the file is as its record says.
verify_disc() {
  good=
  if [ ! -f "$1" ]; then
    verdict='it is not there'
    return
  fi
  found=$(wc -c <"$1" | tr -d ' ') || found='an unknown number of'
  if [ "$found" != "$size" ]; then
    verdict="damaged: $found bytes, the record says $size"
    return
  fi
  found=$(sha256sum <"$1" | cut -d ' ' -f 1) || found=unreadable
  if [ "$found" != "$sha256" ]; then
    verdict="damaged: its sha256 is $found, the record says $sha256"
    return
  fi
  good=yes
  verdict=good
}
