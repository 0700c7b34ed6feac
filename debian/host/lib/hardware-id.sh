# shellcheck shell=sh
# Hardware IDs of devices, and how they fit those that INFs offer.

# awk functions. add_device(ID) adds a device to text[], bus[], keys[] and part[], or what the ID says of one that is there; fit(DEVICE, ID)
# is full, partial (the ID says more than is known of the device), near (another subsystem or revision), or nothing.
# shellcheck disable=SC2016
hardware_id_awk='
function parse(id, at,   count, piece, i, under) {
  if (match(id, /^ACPI\\VEN_[^&\\]+&DEV_[^&\\]+/)) {
    id = substr(id, 1, RLENGTH)
    sub(/VEN_/, "", id)
    sub(/&DEV_/, "", id)
  } else if (id ~ /^\*[A-Z0-9_]+$/) id = "ACPI\\" substr(id, 2)
  text[at] = id
  i = index(id, "\\")
  bus[at] = substr(id, 1, i ? i - 1 : 0)
  count = split(substr(id, i + 1), piece, "&")
  keys[at] = ""
  for (i = 1; i <= count; i++) {
    under = index(piece[i], "_")
    set_part(at, under ? substr(piece[i], 1, under - 1) : piece[i], under ? substr(piece[i], under + 1) : "")
  }
}
function set_part(at, key, value) {
  if (!((at, key) in part) || index(keys[at], "&" key "&") == 0) keys[at] = (keys[at] == "" ? "&" : keys[at]) key "&"
  part[at, key] = value
}
function has(at, key) { return index(keys[at], "&" key "&") > 0 }
function begins(long, short) { return substr(long, 1, length(short)) == short }
function fit(device, id,   i, count, key, own, value, missing, detail, near, same, general, offer) {
  offer = "=" id
  if (!(offer in text)) parse(toupper(id), offer)
  if (bus[device] != bus[offer]) return ""
  count = split(keys[offer], key, "&")
  missing = near = 0
  detail = 1
  for (i = 2; i < count; i++) {
    value = part[offer, key[i]]
    own = has(device, key[i]) ? part[device, key[i]] : ""
    if (!has(device, key[i]) || (key[i] == "CC" && own != value && begins(value, own))) {
      missing++
      if (key[i] != "SUBSYS" && key[i] != "REV" && key[i] != "CC") detail = 0
    } else if (own != value && !(key[i] == "CC" && begins(own, value))) {
      if (key[i] != "SUBSYS" && key[i] != "REV") return ""
      near = 1
    }
  }
  same = has(device, "DEV") && has(offer, "DEV")
  if (near) return same ? "near" : ""
  if (!missing) return "full"
  general = 1
  count = split(keys[device], key, "&")
  for (i = 2; i < count; i++) if (!has(offer, key[i])) general = 0
  return (same && detail) || general ? "partial" : ""
}
function same_device(one, other,   i, count, key, a, b) {
  if (bus[one] != bus[other]) return 0
  if (bus[one] != "PCI") return text[one] == text[other]
  count = split(keys[one], key, "&")
  for (i = 2; i < count; i++) {
    if (!has(other, key[i])) continue
    a = part[one, key[i]]
    b = part[other, key[i]]
    if (a != b && !(key[i] == "CC" && (begins(a, b) || begins(b, a)))) return 0
  }
  return 1
}
function add_device(id,   at, i, count, key) {
  parse(id, devices + 1)
  for (at = 1; at <= devices; at++) if (same_device(at, devices + 1)) break
  if (at > devices) { devices++; return }
  if (split(keys[devices + 1], key, "&") > split(keys[at], key, "&")) text[at] = text[devices + 1]
  count = split(keys[devices + 1], key, "&")
  for (i = 2; i < count; i++)
    if (!has(at, key[i]) || length(part[devices + 1, key[i]]) > length(part[at, key[i]])) set_part(at, key[i], part[devices + 1, key[i]])
}'
