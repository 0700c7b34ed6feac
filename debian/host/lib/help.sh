# shellcheck shell=sh
# The text of --help. A command takes the options that its usage names in brackets, braces or after a bar.

commands='path list verify show which mount umount detect attach eject swap status leftover doctor prune serve snippet help'
option_names='connect cluster qmp all disc family for live config bus force iscsi nbd with json'

# Prints the usage of a command; nothing when there is no such command.
command_usage() {
  case $1 in
    path) echo 'path [--for virt-v2v] [--disc NAME] [--family FAMILY] [--json]' ;;
    list) echo 'list [--json]' ;;
    verify) echo 'verify [--disc NAME] [--json]' ;;
    show) echo 'show [OS] [ARCH] [--disc NAME] [--family FAMILY] [--json]' ;;
    which) echo 'which HARDWARE-ID... [--disc NAME] [--family FAMILY] [--json]' ;;
    mount) echo 'mount [DIR] [--disc NAME] [--family FAMILY]' ;;
    umount) echo 'umount [DIR]' ;;
    detect) echo 'detect [--json]' ;;
    attach) echo 'attach {{GUEST|--all PATTERN} [--connect URI] [--live] [--config] [--bus BUS]|--qmp PATH} [--disc NAME] [--family FAMILY]' ;;
    eject) echo 'eject {{GUEST|--all PATTERN} [--connect URI] [--live] [--config]|--qmp PATH} [--disc NAME] [--force]' ;;
    swap) echo 'swap {{GUEST|--all PATTERN} [--connect URI] [--live] [--config]|--qmp PATH} [--disc NAME] [--family FAMILY] [--force]' ;;
    status) echo 'status {GUEST [--connect URI]|--qmp PATH} [--json]' ;;
    leftover) echo 'leftover [--connect URI|--cluster HOST,...] [--json]' ;;
    doctor) echo 'doctor [--connect URI] [--json]' ;;
    prune) echo 'prune [--connect URI]' ;;
    serve) echo 'serve {--iscsi ADDRESS|--nbd ADDRESS} [--with PROGRAM] [--disc NAME] [--family FAMILY]' ;;
    snippet) echo 'snippet KIND [OS ARCH] [--disc NAME] [--family FAMILY]' ;;
    help) echo 'help [COMMAND]' ;;
  esac
}

# Whether a command takes an option.
takes_option() {
  case $(command_usage "$1") in
    *"[--$2]"* | *"[--$2 "* | *"{--$2 "* | *"|--$2 "*) ;;
    *) return 1 ;;
  esac
}

# Prints what a command does.
command_summary() {
  case $1 in
    path) echo 'print the path of the disc' ;;
    list) echo 'list the installed discs; * marks the chosen ones' ;;
    verify) echo 'compare each disc with the digest of its record' ;;
    show) echo 'list the drivers on the disc, with their folders' ;;
    which) echo 'find the drivers of a device on the disc by its hardware ID' ;;
    mount) echo 'mount the disc on this host, read-only' ;;
    umount) echo 'unmount it' ;;
    detect) echo 'print the hypervisor of this host (KVM, XEN, XENSERVER or none), and the drivers for it' ;;
    attach) echo 'put the disc into a guest, running or not' ;;
    eject) echo 'take discs out of a guest' ;;
    swap) echo 'put the disc into a guest instead of another one' ;;
    status) echo 'list the discs that a guest holds' ;;
    leftover) echo 'list the guests that still hold a disc' ;;
    doctor) echo 'look for what is wrong with discs, here and in guests; changes nothing' ;;
    prune) echo 'remove discs that an upgrade kept and no guest uses any more' ;;
    serve) echo 'export the disc over a network, read-only, until it is ended' ;;
    snippet) echo 'print configuration or commands to paste for another tool' ;;
    help) echo 'print this, or the usage of a command' ;;
  esac
}

# Prints what an option does.
option_summary() {
  case $1 in
    connect) echo '-c, --connect URI|the libvirt to talk to, as for virsh; or xl or xe' ;;
    cluster) echo '--cluster HOST,...|ask these hosts over ssh: guests, hypervisors and discs' ;;
    qmp) echo '--qmp PATH|the QMP socket of a plain QEMU, instead of GUEST' ;;
    disc) echo '--disc NAME|another disc: its name, file or package' ;;
    family) echo '--family FAMILY|virtio (KVM) or xenpv (Xen), whatever this host or the guest is' ;;
    live) echo '--live|only the running guest (with --config: both)' ;;
    config) echo '--config|only the configuration (with --live: both)' ;;
    for) echo '--for virt-v2v|where virt-v2v takes drivers from' ;;
    iscsi) echo '--iscsi ADDRESS|serve iSCSI there: ADDRESS, or ADDRESS:PORT' ;;
    nbd) echo '--nbd ADDRESS|serve NBD there' ;;
    with) echo '--with PROGRAM|tgt or lio for iSCSI, qemu-nbd or nbdkit for NBD' ;;
    all) echo '--all PATTERN|all guests whose names match, as in a shell' ;;
    bus) echo '--bus BUS|the bus of the CD drive: sata, scsi, ide or usb' ;;
    force) echo '--force|even if the guest has locked the tray' ;;
    json) echo '--json|print JSON' ;;
  esac
}

show_help() {
  echo 'usage: virtio-win COMMAND [OPTION]...'
  echo
  echo 'Discs of Windows virtio drivers on this host: find them, check them, put them into guests.'
  echo
  echo 'commands:'
  for word in $commands; do
    printf '  %-9s %s\n' "$word" "$(command_summary "$word")"
  done
  echo
  echo 'options:'
  for word in $option_names; do print_option "$word"; done
  printf '  %-19s %s\n' '-h, --help' 'print this, or the usage of a command' '-V, --version' 'print the version' \
    '--' 'what follows is no option: for names that begin with a dash'
  echo
  echo 'GUEST is a name or UUID of libvirt, or of xl or xe on a host of Xen. Without --live and --config, a change goes to the running guest and to its configuration.'
  echo 'Exit codes: 0 good, 1 failed, 2 wrong usage, 3 a program is missing. See virtio-win(1).'
}

show_command_help() {
  printf 'usage: virtio-win %s\n\n' "$(command_usage "$1")"
  printf '%s.\n' "$(command_summary "$1")"
  [ "$1" != snippet ] || printf 'KIND: %s\n' "$snippet_kinds" | fold -s -w 79 | sed 's| $||'
  case $(command_usage "$1") in
    *--*)
      printf '\noptions:\n'
      for word in $option_names; do
        ! takes_option "$1" "$word" || print_option "$word"
      done
      ;;
  esac
}

print_option() {
  summary=$(option_summary "$1")
  printf '  %-19s %s\n' "${summary%%|*}" "${summary#*|}"
}
