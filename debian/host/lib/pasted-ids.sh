# shellcheck shell=sh
# Hardware IDs in pasted text.

# awk functions, which need those of hardware-id.sh. read_devices(TEXT), after read_bare_ids(TABLE, RECORD), adds the devices that TEXT
# names, and returns their number.
# shellcheck disable=SC2016
pasted_ids_awk='
function add_word(word) {
  if (word ~ /^(PCIVEN_|USBVID_|ACPIQEMU|ACPIVEN_|HIDVID_)/) return
  if (word ~ /^(VEN|DEV)_/) word = "PCI\\" word
  else if (word ~ /^[A-Z][A-Z][A-Z][A-Z][0-9A-F][0-9A-F][0-9A-F][0-9A-F]$/) word = "ACPI\\" word
  else if (match(word, /^(PCI|ACPI|USB|HID|HDAUDIO|HTREE|ROOT|VIOINPUT|XEN[A-Z]*)\\[^\\\/]+/)) word = substr(word, 1, RLENGTH)
  add_device(word)
}
function looks_like_id(word) {
  return word ~ /^[^\\:]+\\[^\\]/ || word ~ /^(VEN|DEV)_[0-9A-F]/ || word ~ /^\*?[A-Z][A-Z][A-Z][A-Z]?[0-9A-F][0-9A-F][0-9A-F][0-9A-F]$/
}
# Reads "[1af4:1041] (rev 01)" of lspci -nn, "1af4:1041" of lspci -n and "ID 0627:0001" of lsusb.
function listed_id(line,   hex, pair, found, id) {
  hex = "[0-9A-F][0-9A-F][0-9A-F][0-9A-F]"
  pair = hex ":" hex
  if (match(line, "(^|[^A-Z0-9_])ID " pair "([ \t]|$)")) {
    match(line, "ID " pair "([ \t]|$)")
    return "USB\\VID_" substr(line, RSTART + 3, 4) "&PID_" substr(line, RSTART + 8, 4)
  }
  found = line
  id = ""
  while (match(found, "(\\[" pair "\\]|(^|[ \t\"\047])" pair "($|[ \t\"\047,]))")) {
    id = substr(found, RSTART, RLENGTH)
    found = substr(found, RSTART + RLENGTH - 1)
    if (length(found) <= 1) break
  }
  if (id == "") return ""
  match(id, pair)
  id = "PCI\\VEN_" substr(id, RSTART, 4) "&DEV_" substr(id, RSTART + 5, 4)
  return id (match(line, /\(REV [0-9A-F][0-9A-F]\)/) ? "&REV_" substr(line, RSTART + 5, 2) : "")
}
# Reads the IDs of the TABLE of devices and of the RECORD of a disc: a word without a bus is an ID only if one of them has it.
function read_bare_ids(table, record,   row, cell, count, i) {
  while ((getline row <table) > 0) { split(row, cell, "\t"); bare[cell[1]] = 1 }
  close(table)
  while ((getline row <record) > 0) {
    if (row !~ /^(Hardware|Compatible)-Ids:/) continue
    count = split(toupper(row), cell, " ")
    for (i = 2; i <= count; i++) bare[cell[i]] = 1
  }
  close(record)
}
# Removes what pages, mail and word processors add to an ID, as UTF-8: "&amp;", characters that are not visible, other blanks and
# quotes, blanks around \ and &, and / or \\ after the bus.
function normalised(pasted,   out, piece) {
  gsub(/&AMP;/, "\\&", pasted)
  gsub(/\302\255|\342\200[\213-\217\252-\256]|\342\201[\240-\257]|\357\273\277/, "", pasted)
  gsub(/\302[\240\253\273]|\342\200[\200-\212\230-\237\257]|\342\201\237|\343\200\200|[ \t]+/, " ", pasted)
  gsub(/ +/, " ", pasted)
  out = ""
  while (match(pasted, separator_of_bus)) {
    piece = substr(pasted, RSTART, RLENGTH)
    gsub(/ ?[\\\/]+ ?/, "\\", piece)
    out = out substr(pasted, 1, RSTART - 1) piece
    pasted = substr(pasted, RSTART + RLENGTH)
  }
  pasted = out pasted
  while (match(pasted, /_[0-9A-Z]+( &|& | & )[A-Z][A-Z]+_[0-9A-Z]/)) {
    piece = substr(pasted, RSTART, RLENGTH)
    gsub(/ /, "", piece)
    pasted = substr(pasted, 1, RSTART - 1) piece substr(pasted, RSTART + RLENGTH)
  }
  return pasted
}
function read_devices(pasted,   lines, line, count, word, i, j, words) {
  devices = 0
  gsub(/\r/, "\n", pasted)
  separator_of_bus = "(^|[^0-9A-Z_])(PCI|ACPI|USB|HID|HDAUDIO|ROOT|VIOINPUT|XEN[A-Z]*) ?[\\\\/]+ ?([A-Z][A-Z]+_[0-9A-Z]|[A-Z][A-Z][A-Z][A-Z]?[0-9A-F][0-9A-F][0-9A-F][0-9A-F])"
  lines = split(normalised(toupper(pasted)), line, "\n")
  for (i = 1; i <= lines; i++) {
    if (line[i] ~ /^[ \t]*SUBSYSTEM:/) continue
    if (listed_id(line[i]) != "") { add_device(listed_id(line[i])); continue }
    gsub(/[ \t,;"\047`{}<>=()]+/, " ", line[i])
    count = split(line[i], word, " ")
    words = 0
    for (j = 1; j <= count; j++) {
      sub(/[.:!?]+$/, "", word[j])
      if (word[j] ~ /[0-9A-Z]/) words++
    }
    for (j = 1; j <= count; j++)
      if (word[j] ~ /[0-9A-Z]/ && (looks_like_id(word[j]) || (words == 1 && word[j] in bare))) add_word(word[j])
  }
  return devices
}'
