# shellcheck shell=sh
# What the command changes goes to the system log, one line per drive: who, guest, drive, before, after.

# Logs a change: TARGET, PLACE, and the drive BEFORE and AFTER as drive_at prints it.
log_change() {
  log_line "guest $name${uuid:+ ($uuid)}, $1${2:+ ($2)}: $(drive_words "$3") -> $(drive_words "$4")"
}

# Logs a text, with who runs the command, also through sudo.
log_line() {
  ! command -v logger >/dev/null ||
    logger -t virtio-win -p user.notice "$(id -un)${SUDO_USER:+ (sudo by $SUDO_USER)}: $1" 2>/dev/null 7>&- || true
}

# Prints what drive_at prints for people.
drive_words() {
  case $1 in
    '') printf 'no drive' ;;
    drive) printf 'empty' ;;
    *) printf '%s' "${1#drive }" ;;
  esac
}
