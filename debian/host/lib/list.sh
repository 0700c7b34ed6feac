# shellcheck shell=sh
# list: lists the installed discs, and marks the chosen one and those whose file is missing.

cmd_list() {
  need_temp
  disc_rows >"$temp/discs"
  CHOSEN=$(chosen_releases) DISC_DIR=$disc_dir awk -F "$separator" -v OFS="$separator" '
    BEGIN { count = split(ENVIRON["CHOSEN"], chosen, "\n"); for (i = 1; i <= count; i++) is_chosen[chosen[i]] = 1 }
    { print $1, $2, $3, $4, ENVIRON["DISC_DIR"] "/" $1 ".iso", $5, $6, $7, $8, $9, $10, ($1 in is_chosen ? "yes" : "") }' \
    "$temp/discs" | while IFS= read -r row; do
    present=
    [ ! -f "$disc_dir/${row%%"$separator"*}.iso" ] || present=yes
    printf '%s\n' "$row$separator$present"
  done >"$temp/list"
  if [ -n "$as_json" ]; then
    json_rows disc kind version package path size:number sha256 signatures title label family chosen:boolean present:boolean <"$temp/list"
    echo
  elif [ -s "$temp/list" ]; then
    awk -F "$separator" -v OFS="$separator" '{ print ($12 == "yes" ? "*" : " ") " " $1 ($13 == "yes" ? "" : " (missing)"), $2 ($11 == "virtio" ? "" : ", " $11), $3, $8 }' "$temp/list" |
      table '  DISC' KIND VERSION SIGNATURES
  else
    note "$disc_dir: no disc is installed" "install one: $(disc_command)"
  fi
}
