# shellcheck shell=sh
# which: finds the drivers of a device on the disc by its hardware ID.

cmd_which() {
  pasted=$(printf '%s\n' "$@")
  choose_disc
  [ "$disc_kind" = drivers ] || fail "$disc_path: it is a disc of $disc_kind, so its record lists no drivers" \
    'give --disc NAME; virtio-win list names the discs'
  find_drivers "$pasted" "$disc_dir/$release.disc" >"$temp/devices"
  [ -s "$temp/devices" ] || no_hardware_id "$pasted"
  if [ -n "$as_json" ]; then print_devices_as_json; else print_devices; fi
  explain_devices
}

# Prints a row for each device that a TEXT names: number, ID, name, drivers, own driver of Windows, count of drivers in the RECORD of a disc,
# IDs in INFs that nearly fit, `old` if the record has no IDs, family of the drivers. Writes a row for each driver package to $temp/fitting:
# number, fields of the record, ID in the INF, fit.
find_drivers() {
  : >"$temp/fitting"
  PASTED=$1 FITTING=$temp/fitting awk -v OFS="$separator" "$hardware_id_awk$pasted_ids_awk"'
    BEGIN {
      read_bare_ids(ARGV[1], ARGV[2])
      total = read_devices(ENVIRON["PASTED"])
    }
    total == 0 { exit }
    FNR == 1 { file++ }
    file == 1 {
      split($0, cell, "\t")
      for (at = 1; at <= total; at++) if (fit(at, cell[1]) == "full") { name[at] = cell[2]; own[at] = cell[3]; inbox[at] = cell[4]; family[at] = cell[5] }
      next
    }
    $0 != "" {
      colon = index($0, ":")
      value = substr($0, colon + 1)
      gsub(/^[ \t]+|[ \t\r]+$/, "", value)
      field[substr($0, 1, colon - 1)] = value
      next
    }
    { stanza() }
    END {
      stanza()
      for (at = 1; at <= total; at++)
        print at, text[at], name[at], own[at], inbox[at], count[at] + 0, (count[at] ? "" : near[at]), (packages && !recorded ? "old" : ""), family[at]
    }
    function stanza(   at, i, ids, id, best, match_of, how) {
      if (field["Driver"] != "") packages = 1
      ids = split(field["Hardware-Ids"] " " field["Compatible-Ids"], id, " ")
      if (ids > 0) recorded = 1
      for (at = 1; at <= total; at++) {
        best = ""
        for (i = 1; i <= ids && best != "full"; i++) {
          how = fit(at, id[i])
          if (how == "near" && index(near[at] " ", " " id[i] " ") == 0) near[at] = near[at] " " id[i]
          if (how == "full" || (how == "partial" && best == "")) { best = how; match_of = id[i] }
        }
        if (best == "") continue
        count[at]++
        print at, field["Driver"], field["Os"], field["Windows"], field["Arch"], field["Folder"], field["Inf"],
          field["Driver-Version"], field["Date"], field["Signature"], field["Loads"], field["Class"], match_of, best >ENVIRON["FITTING"]
      }
      split("", field)
    }' "$lib/../devices.tsv" "$2"
}

print_devices() {
  between=
  while IFS=$separator read -r number id name _ _ count _; do
    [ "$count" -gt 0 ] || continue
    printf '%s%s\n' "$between" "$id${name:+: $name}"
    NUMBER=$number awk -F "$separator" -v OFS="$separator" '
      $1 == ENVIRON["NUMBER"] { print $2 ($14 == "partial" ? "*" : ""), ($4 == "" ? $3 : $4), $5, $8, $10, $6, $11 }' "$temp/fitting" |
      table DRIVER WINDOWS ARCH VERSION SIGNATURE FOLDER LOADS
    NUMBER=$number awk -F "$separator" '
      $1 == ENVIRON["NUMBER"] && $14 == "partial" && !seen[toupper($13)]++ { print "*: only devices with " toupper($13) }' "$temp/fitting"
    between='
'
  done <"$temp/devices"
}

print_devices_as_json() {
  printf '{"disc":%s,"path":%s,"devices":' "$(json_string "$release")" "$(json_string "$disc_path")"
  awk -F "$separator" "$json_awk"'
    BEGIN { fields = split("driver os windows arch folder inf version date signature loads class id fit", field, " ") }
    function value(text) { return text == "" ? "null" : json(text) }
    function list(words,   i, count, word, out) {
      count = split(words, word, " ")
      for (i = 1; i <= count; i++) out = out (i > 1 ? "," : "") json(word[i])
      return "[" out "]"
    }
    FILENAME ~ /fitting$/ {
      drivers[$1] = drivers[$1] (drivers[$1] == "" ? "{" : ",{")
      for (i = 1; i <= fields; i++) drivers[$1] = drivers[$1] (i > 1 ? "," : "") json(field[i]) ":" value($(i + 1))
      drivers[$1] = drivers[$1] "}"
      next
    }
    {
      printf "%s{\"id\":%s,\"device\":%s", (seen++ ? "," : "["), json($2), value($3)
      printf ",\"virtio_win_drivers\":%s", list($9 == "xenpv" ? "" : $4)
      printf ",\"xen_pv_drivers\":%s,\"inbox\":%s", list($9 == "xenpv" ? $4 : ""), value($5)
      printf ",\"drivers\":[%s],\"near\":%s}", drivers[$1], list($7)
    }
    END { print "]}" }' "$temp/fitting" "$temp/devices"
}

no_hardware_id() {
  quoting="quote the ID, as in virtio-win which 'PCI\\VEN_1AF4&DEV_1041'; Device Manager shows it under Details, Hardware Ids"
  case $1 in
    [Pp][Cc][Ii][Vv][Ee][Nn]_* | [Uu][Ss][Bb][Vv][Ii][Dd]_* | [Aa][Cc][Pp][Ii][Qq][Ee][Mm][Uu]* | [Aa][Cc][Pp][Ii][Vv][Ee][Nn]_* | \
      [Hh][Ii][Dd][Vv][Ii][Dd]_*)
      usage_error "which: $1 has lost its backslash, and what follows the first & is missing" "$quoting"
      ;;
  esac
  usage_error "which: \"$1\" holds no hardware ID" "$quoting"
}
