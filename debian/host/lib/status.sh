# shellcheck shell=sh
# status: lists the discs that a guest holds.

cmd_status() {
  need_temp
  disc_rows >"$temp/discs"
  chosen=$(chosen_releases)
  if [ -n "$qmp" ]; then
    qmp_status
    return
  fi
  open_guest "$1"
  guest_discs >"$temp/report"
  find_pools
  if [ -n "$as_json" ]; then
    printf '{"guest":%s,"uuid":%s,"state":%s,"active":%s,"persistent":%s,"discs":' "$(json_string "$name")" \
      "$(json_text "$uuid")" "$(json_string "$state")" "$(json_boolean "$active")" "$(json_boolean "$persistent")"
    json_rows where target bus disc path tray chosen:boolean present:boolean leads_to family <"$temp/report"
    printf ',"pools":%s}\n' "$(json_pools)"
  else
    printf '%s (%s)\n' "$name" "$state"
    print_discs
  fi
  note_unknown
  note_pools
}

# Warns of CD drives that may hold a disc or not.
note_unknown() {
  for place in live config saved; do
    unknown_in "$place" | while IFS=$separator read -r target _ _ _ source _; do
      note "$name: $target has $source, which may be a disc or not ($(place_words "$place"))"
    done
  done
}

# Prints a row of disc_row for each disc that the guest holds; where is live, config or saved.
guest_discs() {
  for place in live config saved; do
    held_in "$place" | while IFS=$separator read -r target bus _ held source tray; do
      disc_row "$place" "$target" "$bus" "$held" "$source" "$tray"
    done
  done
}

json_text() {
  if [ -n "$1" ]; then json_string "$1"; else printf null; fi
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
  DISCS=$disc_dir/ NEEDED=$(guest_family) awk -F "$separator" -v OFS="$separator" '
    BEGIN { words["live"] = "now"; words["config"] = "at the next start"; words["saved"] = "in the saved state" }
    {
      file = $5
      sub(/.*\//, "", file)
      remark = ($8 == "" ? "not on this host" : $7 == "" && $4 != "" ? "not the chosen disc" : "")
      if ($5 !~ /^\// || $9 == "" && index($5, ENVIRON["DISCS"]) != 1) remark = remark (remark == "" ? "" : "; ") "from " $5
      if ($4 != "" && $9 != "") remark = remark (remark == "" ? "" : "; ") "through the link " file
      if ($4 == "")
        remark = "through the link " file " (which now leads to " $9 "; the guest has what it led to when it was inserted)"
      if ($10 != "" && $10 != ENVIRON["NEEDED"]) remark = remark (remark == "" ? "" : "; ") "of the family " $10 ", not " ENVIRON["NEEDED"]
      if ($6 == "open") remark = remark (remark == "" ? "" : "; ") "tray open"
      print words[$1], $2, $3, $4, remark
    }' "$temp/report" | table WHEN TARGET BUS DISC REMARK
}
