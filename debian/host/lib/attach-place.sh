# shellcheck shell=sh
# What attach does in one place, a word of attach-plan.sh: there is the disc, a link to it, an empty tray, or none of them.

# Sets $plan for a place: there, link, tray, twin (new, as the other place has it) or new; and what belongs to it but for new.
plan_place() {
  plan=new found='' was=''
  while IFS=$separator read -r target on _ held source _ <&3; do
    if ! is_link "$held" "$source"; then
      plan=there found=$target$separator$on
      break
    fi
    plan=link found=$target$separator$on was=$(held_words "$held" "$source")
  done 3<"$temp/$1.held"
  [ "$plan" != new ] || plan_like_other "$1"
  if [ "$plan" = new ]; then
    found=$(empty_tray "$1")
    [ -z "$found" ] || plan=tray
  fi
  case $1 in
    live) live_target=${found%"$separator"*} live_bus=${found#*"$separator"} live_was=$was ;;
    config) config_target=${found%"$separator"*} config_bus=${found#*"$separator"} config_was=$was ;;
  esac
}

# Prints target and bus of the first empty CD drive in PLACE; of one on USB or a paravirtual one only if --bus asks for it.
empty_tray() {
  while IFS=$separator read -r row device target on _ source _ <&3; do
    [ "$row:$device:${source:+full}" = disk:cdrom: ] || continue
    case $bus:$on in
      :usb | :xen) ;;
      :* | "$on:$on")
        printf '%s\n' "$target$separator$on"
        return
        ;;
    esac
  done 3<"$temp/$1.rows"
}

# Sets $plan to tray or twin where the guest's other place has the disc in a drive that can be the same one here.
plan_like_other() {
  case $1 in
    live) other=config ;;
    *) other=live ;;
  esac
  [ -s "$temp/$other.held" ] || return 0
  like=$(PLACE=$1 TARGET=$(head -n 1 "$temp/$other.held" | cut -d "$separator" -f 1) BUS=$bus awk -F "$separator" -v OFS="$separator" '
    FNR == 1 { file++ }
    file == 1 { if ($1 == "disk" && $3 == ENVIRON["TARGET"] && $2 == "cdrom") { on = $4; address = $8 } }
    file == 2 && $1 == "disk" && $3 == ENVIRON["TARGET"] { same = ($2 == "cdrom" && $4 == on && $6 == "" ? "tray" : "taken") }
    file == 2 && $1 == "disk" && $4 == on && $8 == address && address != "" { used = 1 }
    END {
      if (on == "" || ENVIRON["BUS"] != "" && ENVIRON["BUS"] != on || same == "taken") exit
      if (same == "tray") print "tray", ENVIRON["TARGET"], on
      else if (!used && (ENVIRON["PLACE"] == "config" || on ~ /^(scsi|usb|xen)$/)) print "twin", ENVIRON["TARGET"], on, address
    }' "$temp/$other.rows" "$temp/$1.rows")
  [ -n "$like" ] || return 0
  IFS=$separator read -r plan new_target new_bus new_address <<END
$like
END
  found=$new_target$separator$new_bus
}
