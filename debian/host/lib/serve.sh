# shellcheck shell=sh
# serve: exports the disc to guests over a network, read-only, at one address, until it is ended.

# The iSCSI target of a release: the same on each host, since the bytes are. .internal is the domain that belongs to no one (ICANN, 2024-07-29).
target_name() {
  printf 'iqn.2024-08.internal.virtio-win:%s' "$1"
}

cmd_serve() {
  case ${iscsi:+iscsi}${nbd:+nbd} in
    iscsi) programs='tgt lio' ;;
    nbd) programs='qemu-nbd nbdkit' ;;
    *) usage_error 'serve: give either --iscsi ADDRESS or --nbd ADDRESS' ;;
  esac
  if [ -n "$server_program" ]; then
    case " $programs " in
      *" $server_program "*) programs=$server_program ;;
      *) usage_error "serve: $server_program does not serve ${iscsi:+iSCSI}${nbd:+NBD}" "say one of: $programs" ;;
    esac
  fi
  choose_server
  choose_disc
  split_address "$iscsi$nbd"
  case $program in
    tgt) serve_by_tgt ;;
    lio) serve_by_lio ;;
    qemu-nbd | nbdkit) serve_nbd ;;
  esac
}

# Sets $program to the first of $programs that is installed.
choose_server() {
  for program in $programs; do
    ! command -v "$(server_tool)" >/dev/null || return 0
  done
  case $programs in
    lio) need_tools targetcli:targetcli-fb ;;
    *tgt*) need_tools tgtd:tgt ;;
    nbdkit) need_tools nbdkit:nbdkit ;;
    *) need_tools qemu-nbd:qemu-utils ;;
  esac
}

server_tool() {
  case $program in
    tgt) echo tgtd ;;
    lio) echo targetcli ;;
    *) echo "$program" ;;
  esac
}

# Sets $address and $port from ADDRESS[:PORT]; an IPv6 address with a port is in brackets. A name is looked up, so that the address is one.
split_address() {
  port=
  case $1 in
    \[*\]) address=$1 ;;
    \[*\]:*) address=${1%:*} port=${1##*:} ;;
    *:*:*) address=$1 ;;
    *:*) address=${1%:*} port=${1##*:} ;;
    *) address=$1 ;;
  esac
  address=${address#\[}
  address=${address%\]}
  if [ -n "$iscsi" ]; then port=${port:-3260}; else port=${port:-10809}; fi
  case $port in
    *[!0-9]* | ??????*) port=0 ;;
  esac
  if [ "$port" -lt 1 ] || [ "$port" -gt 65535 ]; then usage_error "serve: $1 has no port from 1 to 65535" 'say ADDRESS:PORT'; fi
  case $address in
    *:*) ;;
    '' | *[!0-9.]*)
      address=$(getent ahosts "${address:-?}" | awk 'NR == 1 { print $1 }')
      [ -n "$address" ] || fail "$1: this is neither an address nor a known host name" 'name an address of this host: ip address'
      ;;
  esac
  case $address in
    0.0.0.0 | ::) note "$address: the disc is served on every address of this host" ;;
  esac
  case $address in
    *:*) place=[$address]:$port ;;
    *) place=$address:$port ;;
  esac
}

# Exports the disc by NBD: it is open for reading only, and clients that want to write are refused.
serve_nbd() {
  case $program in
    qemu-nbd) set -- qemu-nbd --read-only --persistent --shared=0 --format=raw --export-name="$release" --bind="$address" --port="$port" ;;
    nbdkit) set -- nbdkit --readonly --foreground --exportname="$release" --ipaddr="$address" --port="$port" ;;
  esac
  case $program in
    qemu-nbd) set -- "$@" --pid-file="$temp/server.pid" "$disc_path" ;;
    nbdkit) set -- "$@" --pidfile="$temp/server.pid" file "$disc_path" ;;
  esac
  start_server "$@"
  until [ -s "$temp/server.pid" ]; do wait_for_server; done
  serve_until_ended "nbd://$place/$release"
}

# Runs the server in the background. It is ended by $!, for a signal may come before that is copied.
start_server() {
  is_serving=yes
  "$@" </dev/null >"$temp/server.log" 2>&1 &
}

# Waits a moment for the server; ends the command if it has ended.
wait_for_server() {
  kill -0 "$!" 2>/dev/null || fail "$place: $program ended: $(in_one_line <"$temp/server.log")" \
    'name a free port at an address of this host, and run it as a user who may use them'
  sleep 0.1
}

# Says where the disc is, and waits for the end of the server or of this command.
serve_until_ended() {
  printf '%s: read-only at %s, by %s; Ctrl-C ends it\n' "$release" "$1" "$program"
  ended=0
  wait "$!" || ended=$?
  stop_server
  fail "$1: $program ended ($ended)" 'guests that use the disc wait for it, or get I/O errors; start it again'
}

# Ends the server; for clean_up too.
stop_server() {
  is_serving=
  case $program in
    tgt) stop_tgt ;;
    lio) stop_lio ;;
  esac
  [ -n "${!:-}" ] || return 0
  kill "$!" 2>/dev/null || true
  wait "$!" 2>/dev/null || true
}
