# shellcheck shell=sh
# status: which discs a guest holds.

cmd_status() {
  need_temp
  disc_rows >"$temp/discs"
  chosen=$(chosen_release)
  if [ -n "$qmp" ]; then
    qmp_status
    return
  fi
  open_guest "$1"
  guest_discs >"$temp/report"
  if [ -n "$as_json" ]; then
    printf '{"guest":%s,"uuid":%s,"state":%s,"active":%s,"persistent":%s,"discs":' "$(json_string "$name")" \
      "$(json_string "$uuid")" "$(json_string "$state")" "$(json_boolean "$active")" "$(json_boolean "$persistent")"
    json_rows where target bus disc path tray chosen:boolean present:boolean <"$temp/report"
    echo '}'
  else
    printf '%s (%s)\n' "$name" "$state"
    print_discs
  fi
}

# Prints a row for each disc that the guest holds: where (live, config, saved), target, bus, release, path, tray, chosen, present.
guest_discs() {
  for place in live config saved; do
    held_in "$place" | while IFS=$separator read -r target bus _ held source tray; do
      disc_facts "$held" "$source"
      printf '%s\n' "$place$separator$target$separator$bus$separator$held$separator$source$separator$tray$separator$is_chosen$separator$is_present"
    done
  done
}

# Sets $is_chosen and $is_present for a release at a path.
disc_facts() {
  is_chosen=
  [ "$1" != "$chosen" ] || is_chosen=yes
  is_present=
  [ ! -e "$2" ] || is_present=yes
}

json_boolean() {
  if [ -n "$1" ]; then printf true; else printf false; fi
}

# Prints the rows of guest_discs in $temp/report for people.
print_discs() {
  if [ ! -s "$temp/report" ]; then
    echo 'it holds no disc'
    return
  fi
  awk -F "$separator" -v OFS="$separator" '
    BEGIN { words["live"] = "now"; words["config"] = "at the next start"; words["saved"] = "in the saved state" }
    {
      remark = ($8 == "" ? "not on this host" : $7 == "" ? "not the chosen disc" : "")
      if ($6 == "open") remark = remark (remark == "" ? "" : "; ") "tray open"
      print words[$1], $2, $3, $4, remark
    }' "$temp/report" | table WHEN TARGET BUS DISC REMARK
}
