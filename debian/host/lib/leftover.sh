# shellcheck shell=sh
# leftover: lists the guests that still hold a disc.

cmd_leftover() {
  if [ -n "$cluster" ]; then
    [ -z "$connect" ] || usage_error 'leftover: --connect names one host, --cluster several'
    cmd_cluster
    return
  fi
  need_temp
  disc_rows >"$temp/discs"
  chosen=$(chosen_releases)
  list_guests
  leftovers >"$temp/leftovers"
  if [ -n "$as_json" ]; then
    cat "$temp/leftovers" "$temp/doubtful" |
      json_rows guest uuid state where target bus disc path tray chosen:boolean present:boolean leads_to family
    echo
  elif [ -s "$temp/leftovers" ]; then
    awk -F "$separator" -v OFS="$separator" '
      BEGIN { words["live"] = "now"; words["config"] = "at the next start"; words["saved"] = "in the saved state" }
      {
        file = $8
        sub(/.*\//, "", file)
        print $1, $3, words[$4], $5, ($7 != "" ? $7 : "link " file " (which now leads to " $12 "; the guest has what it led to when it was inserted)")
      }' "$temp/leftovers" | table GUEST STATE WHEN TARGET DISC
  elif [ -s "$temp/doubtful" ]; then
    echo 'no guest is known to hold a disc'
  else
    echo 'no guest holds a disc'
  fi
}

# Prints a row for each disc that a guest holds: guest, uuid, state, then the fields of guest_discs. A drive that may hold a disc or not
# is warned of and gets a row without a disc in $temp/doubtful.
leftovers() {
  : >"$temp/doubtful"
  cp "$temp/guests" "$temp/every"
  while IFS=$separator read -r uuid name <&3; do
    if ! read_guest; then
      reason=$(refusal)
      # A guest may have gone since it was listed.
      list_guests
      grep -qxF -e "$uuid$separator$name" "$temp/guests" || continue
      fail "$name: $reason" "try again; if it stays, look into the log of $(toolstack_daemon)"
    fi
    guest_discs >"$temp/report"
    while IFS= read -r row <&4; do
      printf '%s\n' "$name$separator$uuid$separator$state$separator$row"
    done 4<"$temp/report"
    note_unknown
    for place in live config saved; do
      unknown_in "$place" | while IFS=$separator read -r target bus _ _ source tray; do
        row=$name$separator$uuid$separator$state$separator$place$separator$target$separator$bus$separator$separator$source$separator$tray
        printf '%s\n' "$row$separator${separator}unknown$separator"
      done
    done >>"$temp/doubtful"
  done 3<"$temp/every"
}
