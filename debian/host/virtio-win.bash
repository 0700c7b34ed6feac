# bash completion for virtio-win(1)

_virtio_win() {
  local words=() word before command='' connect=() i
  local commands='path list verify show which mount umount detect attach eject swap status leftover doctor prune serve snippet help'
  # bash splits words at colons, as in qemu:///system.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    if ((i > 1)) && [[ ${COMP_WORDS[i]} == :* || ${COMP_WORDS[i - 1]} == *: ]]; then
      words[${#words[@]} - 1]+=${COMP_WORDS[i]}
    else
      words+=("${COMP_WORDS[i]}")
    fi
  done
  word=${words[${#words[@]} - 1]} before=${words[${#words[@]} - 2]}
  for ((i = 1; i < ${#words[@]} - 1; i++)); do
    case ${words[i]} in
      -c | --connect) connect=(-c "${words[++i]}") ;;
      --cluster | --disc | --family | --qmp | --bus | --for | --iscsi | --nbd | --with | --all) ((i++)) ;;
      -*) ;;
      *) command=${command:-${words[i]}} ;;
    esac
  done
  COMPREPLY=()
  case $before in
    --disc)
      _virtio_win_reply "$(_virtio_win_discs)"
      return
      ;;
    --family)
      _virtio_win_reply $'virtio\nxenpv'
      return
      ;;
    --bus)
      _virtio_win_reply $'sata\nscsi\nide\nusb'
      return
      ;;
    --for)
      _virtio_win_reply virt-v2v
      return
      ;;
    --with)
      _virtio_win_reply $'tgt\nlio\nqemu-nbd\nnbdkit'
      return
      ;;
    --all | --iscsi | --nbd) return ;;
    -c | --connect)
      _virtio_win_reply $'qemu:///system\nqemu:///session\nxen:///system'
      return
      ;;
    --qmp)
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      compopt -o filenames 2>/dev/null
      return
      ;;
  esac
  if [[ -z $command ]]; then
    _virtio_win_reply "${commands// /$'\n'}"$'\n--help\n--version'
    return
  fi
  if [[ $word == -* ]]; then
    _virtio_win_reply "$(virtio-win help "$command" 2>/dev/null | grep -o -e '[[{|]--[a-z]*' | tr -d '[{|')"
    return
  fi
  case $command in
    attach | eject | swap | status) _virtio_win_reply "$(virsh -q "${connect[@]}" list --all --name 2>/dev/null)" ;;
    snippet) _virtio_win_reply $'libvirt\nchannel\nqemu\nvirt-install\nvirt-v2v\nxl\nxe\ngrub\nproxmox\nincus\nkubevirt\npacker\niscsi\nnbd\nhttp\nnfs\nipxe\nuefi-http\nmaas\nlibvirt-pool\nincus-volume\ncloudstack\nglance' ;;
    help) _virtio_win_reply "${commands// /$'\n'}" ;;
    mount | umount)
      mapfile -t COMPREPLY < <(compgen -d -- "$word")
      compopt -o filenames 2>/dev/null
      ;;
  esac
}

# Offers the lines that begin with the word before the cursor; names with spaces come quoted.
_virtio_win_reply() {
  local line
  while IFS= read -r line; do
    [[ -n $line && $line == "${word//\\/}"* ]] && COMPREPLY+=("$(printf '%q' "$line")")
  done <<<"$1"
  # What stands before the last colon is a word of its own, which stays.
  if [[ $word == *:* && ${COMP_WORDBREAKS-} == *:* ]]; then COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*:}"}"}"); fi
}

# Prints the names of the installed discs.
_virtio_win_discs() {
  local file
  for file in "${VIRTIO_WIN_DIR:-/usr/share/virtio-win}"/*.disc; do
    [[ ! -e $file ]] || basename "$file" .disc
  done
}

complete -F _virtio_win virtio-win
