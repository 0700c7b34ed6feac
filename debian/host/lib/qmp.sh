# shellcheck shell=sh
# QMP, the QEMU Machine Protocol (docs/interop/qmp-spec): one JSON object per line over a UNIX socket.

# Connects to the socket $qmp: requests go to file descriptor 8, responses come from 9. Ten seconds of silence close the connection.
qmp_open() {
  need_tools socat:socat jq:jq
  need_temp
  [ -e "$qmp" ] || fail "$qmp: it is not there" 'start QEMU with -qmp unix:PATH,server=on,wait=off'
  [ -S "$qmp" ] || fail "$qmp: it is not a socket" 'name the socket of QEMU: -qmp unix:PATH,server=on,wait=off'
  mkfifo "$temp/requests" "$temp/answers"
  # For socat, colons, commas and more in a path have a meaning: a link has a plain name.
  ln -s "$(readlink -f "$qmp")" "$temp/qmp"
  : >"$temp/refusal"
  (cd "$temp" && exec socat -T 10 - UNIX-CONNECT:qmp <requests >answers 2>refusal) &
  qmp_process=$!
  exec 8>"$temp/requests" 9<"$temp/answers"
  qmp_read
  case $line in
    '{"QMP":'* | '{ "QMP":'*) ;;
    *) fail "$qmp: no QEMU answers there$(sed 's/.*: /: /' "$temp/refusal" | head -n 1)" \
      'is QEMU running, is it a QMP socket (-qmp, not -monitor), and does no other client use it?' ;;
  esac
  qmp_must qmp_capabilities
}

# Reads a line into $line; it is empty when the connection has ended.
qmp_read() {
  IFS= read -r line <&9 || line=
}

# Sends a COMMAND with ARGUMENTS in JSON and waits for its response; sets $answer to what FILTER, of jq, makes of what it returns, or to
# JSON. Fails (1) with the reason that QEMU gives in $refused. jq takes longer to start than QEMU to answer, so it runs once.
qmp_try() {
  if [ $# -lt 2 ]; then set -- "$1" '{}'; fi
  # A broken pipe shows as a missing response.
  (trap '' PIPE && printf '{"execute":"%s","arguments":%s,"id":"virtio-win"}\n' "$1" "$2" >&8) 2>/dev/null || true
  response=
  while [ -z "$response" ]; do
    qmp_read
    if [ -z "$line" ]; then
      refused='the connection ended without a response'
      return 1
    fi
    # Events have no id of ours.
    case $line in
      *'"virtio-win"'*) ;;
      *) continue ;;
    esac
    response=$(printf '%s' "$line" | jq -r 'select(.id == "virtio-win") |
      if .error then "error " + (.error.desc // "without a reason" | gsub("\n"; " ")) else (.return | try ("return " + ('"${3:-tojson}"')) catch "error its answer has a form that is not known") end' 2>/dev/null) || true
  done
  answer=${response#return }
  refused=${response#error }
  [ "$refused" = "$response" ] || return 1
  refused=
}

# As qmp_try, but a refusal ends the command.
qmp_must() {
  qmp_try "$@" || fail "$qmp: QEMU refused $1: $refused" 'the guest is as it was; change what QEMU names, then repeat'
}

# Prints JSON of names and strings: NAME VALUE...
json_object() {
  for word in "$@"; do
    case $word in
      *[\"\\]* | *[[:cntrl:]]*)
        json_object_by_jq "$@"
        return
        ;;
    esac
  done
  object=
  while [ $# -gt 0 ]; do
    object="$object,\"$1\":\"$2\""
    shift 2
  done
  printf '{%s}' "${object#,}"
}

# Does so for values that hold quotes, backslashes or control characters.
json_object_by_jq() {
  jq -cn '$ARGS.positional as $words | reduce range(0; $words | length; 2) as $i ({}; .[$words[$i]] = $words[$i + 1])' --args "$@"
}
