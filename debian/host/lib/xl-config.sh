# shellcheck shell=sh
# Edits the disk list of a guest's configuration file, xl.cfg(5): all else, comments too, stays byte for byte.

# Does VERB with the drive $target, which gets $medium, in $config_file. Xen's own parser must read the new file as the old one with that
# change; only then it takes the old one's place, of which a copy stays.
edit_xl_config() {
  number=$(TARGET=$target awk -F "$separator" '$1 == "disk" { n++ } $1 == "disk" && $3 == ENVIRON["TARGET"] { print n }' "$temp/config.rows")
  VERB=$1 NUMBER=$number DISK="'$(xl_text "$(xl_disk config)")'" awk "$xl_edit_awk" "$config_file" >"$temp/edited.cfg"
  edited=$config_file
  config_file=$temp/edited.cfg
  xl_rows config >"$temp/edited.rows" || : >"$temp/edited.rows"
  config_file=$edited
  case $1 in
    detach-device) wanted= ;;
    *) wanted=$target$separator$medium ;;
  esac
  if [ "$(TARGET=$target awk -F "$separator" -v OFS="$separator" '$1 == "disk" && $3 == ENVIRON["TARGET"] { print $3, $6 }' "$temp/edited.rows")" != "$wanted" ] ||
    [ "$(other_rows config)" != "$(other_rows edited)" ]; then
    echo "the disk list of $config_file is written in a way that this command does not edit" >"$temp/refusal"
    return 1
  fi
  keep_old_config && write_config 2>"$temp/refusal"
}

# Prints the rows of all other drives.
other_rows() {
  TARGET=$target awk -F "$separator" '$1 != "disk" || $3 != ENVIRON["TARGET"]' "$temp/$1.rows"
}

# Keeps the file as it was before this command. Not beside it: xendomains starts whatever lies in /etc/xen/auto.
keep_old_config() {
  [ "${kept_config:-}" != "$config_file" ] || return 0
  old_configs=${VIRTIO_WIN_SYSROOT:-}/var/lib/virtio-win/xl
  { mkdir -p "$old_configs" && cp -p "$config_file" "$old_configs/"; } 2>"$temp/refusal" || return 1
  kept_config=$config_file
}

# The new file gets owner and mode of the old one; a hidden name, since xendomains passes those over.
write_config() {
  new_config=$(dirname "$config_file")/.$(basename "$config_file").virtio-win
  cp -p "$config_file" "$new_config" && cat "$temp/edited.cfg" >"$new_config" && mv "$new_config" "$config_file"
}

# Finds the strings of the lists that `disk` is given (libxlu_cfg_l.l, libxlu_cfg_y.y of Xen) and adds, replaces or removes one.
# shellcheck disable=SC2016
xl_edit_awk='
{ text = text $0 "\n" }
END {
  length_ = length(text)
  for (i = 1; i <= length_; i++) {
    c = substr(text, i, 1)
    if (c == "#") { while (i < length_ && substr(text, i + 1, 1) != "\n") i++; continue }
    if (c == "\"" || c == "\047") {
      start = i
      for (i++; i < length_ && substr(text, i, 1) != c; i++) if (substr(text, i, 1) == "\\") i++
      if (inside) { count++; from[count] = start; to[count] = i; comma[count] = 0 }
      continue
    }
    if (inside && c == ",") { if (count > first) comma[count] = i; continue }
    if (inside && c == "]") { inside = 0; continue }
    if (!inside && c ~ /[A-Za-z_]/) {
      word = c
      while (substr(text, i + 1, 1) ~ /[A-Za-z0-9_]/) word = word substr(text, ++i, 1)
      is_disk = (word == "disk"); adds = 0
    } else if (is_disk && c == "+") adds = 1
    else if (is_disk && c == "=") { if (!adds) count = 0 }
    else if (is_disk && c == "[") { inside = 1; list = i; first = count; is_disk = 0 }
    else if (c !~ /[ \t]/) is_disk = 0
  }
  disk = ENVIRON["DISK"]; n = ENVIRON["NUMBER"] + 0
  if (ENVIRON["VERB"] == "attach-device") {
    if (!list) text = text "disk = [ " disk " ]\n"
    else if (count > first) text = substr(text, 1, to[count]) ", " disk substr(text, to[count] + 1)
    else text = substr(text, 1, list) " " disk (substr(text, list + 1, 1) == "]" ? " " : "") substr(text, list + 1)
  } else if (n && n <= count) {
    if (ENVIRON["VERB"] == "update-device") text = substr(text, 1, from[n] - 1) disk substr(text, to[n] + 1)
    else remove(n)
  }
  printf "%s", text
}
# A comma behind the string goes with it, else one right before it; a line that is empty then goes too.
function remove(n,   start, rest, before) {
  start = from[n]
  rest = substr(text, to[n] + 1)
  if (comma[n]) rest = substr(text, to[n] + 1, comma[n] - to[n] - 1) substr(text, comma[n] + 1)
  else if (n > 1 && comma[n - 1] && substr(text, comma[n - 1] + 1, start - comma[n - 1] - 1) ~ /^[ \t\n]*$/) start = comma[n - 1]
  before = substr(text, 1, start - 1)
  if (before ~ /\n[ \t]*$/ && rest ~ /^[ \t]*\n/) { sub(/[ \t]*$/, "", before); sub(/^[ \t]*\n/, "", rest) }
  else if (before ~ /[ \t]$/) sub(/^[ \t]/, "", rest)
  text = before rest
}'
