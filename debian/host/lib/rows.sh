# shellcheck shell=sh
# Rows: one per line, fields separated by the ASCII unit separator, which no name here can hold. As a table, or as JSON.
# awk compares fields that look like numbers as numbers, so a name is compared as `$1 "" == name`: 1.1 is not 1.10.

separator=$(printf '\037')

# Sets $line to the first line of a file; to nothing where it cannot be read.
read_line() {
  line=
  { IFS= read -r line <"$1"; } 2>/dev/null || :
}

# Prints the lines on standard input as one line.
in_one_line() {
  tr '\n' ' ' | sed 's/ *$//'
}

# awk functions: json(TEXT) is TEXT as a JSON string.
# shellcheck disable=SC2016
json_awk='
function json(text,   i, c, out) {
  if (!json_ready) {
    for (i = 1; i < 32; i++) json_escape[sprintf("%c", i)] = sprintf("\\u%04x", i)
    json_escape["\""] = "\\\""
    json_escape["\\"] = "\\\\"
    json_ready = 1
  }
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    out = out (c in json_escape ? json_escape[c] : c)
  }
  return "\"" out "\""
}'

# Prints a value as a JSON string.
json_string() {
  JSON_TEXT=$1 awk "$json_awk"'BEGIN { printf "%s", json(ENVIRON["JSON_TEXT"]) }'
}

# Prints the rows on standard input as a JSON array of objects. Each argument names a field: `name` is a string (null when
# empty), `name:number` a number, `name:boolean` true for yes and null for unknown, `name:json` is copied.
json_rows() {
  JSON_FIELDS="$*" awk -F "$separator" "$json_awk"'
    BEGIN {
      count = split(ENVIRON["JSON_FIELDS"], field, " ")
      for (i = 1; i <= count; i++) if (split(field[i], part, ":") == 2) { field[i] = part[1]; kind[i] = part[2] }
      printf "["
    }
    {
      printf "%s{", (NR > 1 ? "," : "")
      for (i = 1; i <= count; i++) {
        if (kind[i] == "boolean") value = ($i == "yes" ? "true" : $i == "unknown" ? "null" : "false")
        else if (kind[i] == "json") value = $i
        else if ($i == "") value = "null"
        else value = (kind[i] == "number" ? $i + 0 "" : json($i))
        printf "%s%s:%s", (i > 1 ? "," : ""), json(field[i]), value
      }
      printf "}"
    }
    END { printf "]" }'
}

# Prints the rows on standard input as aligned columns under the given headings; an empty field shows as a dash.
table() {
  {
    heading=
    for word in "$@"; do heading="$heading$separator$word"; done
    printf '%s\n' "${heading#"$separator"}"
    cat
  } | awk -F "$separator" '
    {
      for (i = 1; i <= NF; i++) {
        cell[NR, i] = ($i == "" ? "-" : $i)
        if (length(cell[NR, i]) > width[i]) width[i] = length(cell[NR, i])
      }
      cells[NR] = NF
    }
    END {
      for (row = 1; row <= NR; row++) {
        line = ""
        for (i = 1; i < cells[row]; i++) line = line sprintf("%-" width[i] "s  ", cell[row, i])
        print line cell[row, cells[row]]
      }
    }'
}
