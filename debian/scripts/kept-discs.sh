# A disc that something uses outlives its package. Before the package manager removes its name, prerm (preun of rpm) gives it a second
# one (a hard link); after that, postinst or postrm (posttrans or postun) gives it its own name back. /var/lib/virtio-win/kept lists such
# discs, a path on each line; every script of these packages, and "virtio-win prune", removes those that nothing uses any more.
umask 022
discs=/usr/share/virtio-win
spare=$discs/releases/@PACKAGE@
state=/var/lib/virtio-win

# Nothing fails because standard error is closed or full.
say() {
  echo "@PACKAGE@: $*" >&2 || true
}

# say_lines: says standard input, indented.
say_lines() {
  sed 's/^/  /' >&2 || true
}

# disc_users FILE: prints, on a line each, the libvirt guests that name FILE, the loop devices and the processes that have it open.
disc_users() {
  {
    guests_naming "$1"
    for backing in /sys/block/loop*/loop/backing_file; do
      [ -f "$backing" ] || continue
      device=${backing#/sys/block/}
      case $(cat "$backing" 2>/dev/null || true) in
        "$1" | "$1 (deleted)") echo "loop device /dev/${device%%/*}" ;;
      esac
    done
    disc_processes "$1"
  } | sort -u
}

@INCLUDE guests-naming.sh@

# A process in another namespace may know FILE by another path, so this compares the files themselves.
disc_processes() {
  seconds=60
  open=$(timeout "$seconds" find -L /proc/[0-9]*/fd -maxdepth 1 -samefile "$1" 2>/dev/null) || [ $? -ne 124 ] ||
    echo "perhaps a process: looking through all of them took more than $seconds s"
  echo "$open" | sed -n 's|^/proc/\([0-9]*\)/fd/.*|\1|p' | sort -u | while read -r pid; do
    echo "process $pid ($(tr -dc '[:print:]' 2>/dev/null <"/proc/$pid/comm" || true))"
  done
}

# spare_disc FILE: for postinst; gives FILE a second name in the folder of its package (a hard link, so it takes no room). Whatever
# deletes FILE by its name, as "virsh undefine --remove-all-storage" does through a storage pool, leaves the second one, and
# "virtio-win verify" prints the command that restores the first. chattr +i would be no better: dpkg could not replace the file, a
# chroot with it could not be removed, containers may not clear it, and overlay and network file systems have no such flag.
spare_disc() {
  # Where FILE was deleted, the second name is all that is left of it.
  if [ ! -f "$1" ]; then return 0; fi
  drop_spare
  { mkdir -p "$spare" && ln "$1" "$spare/"; } || say "$1 gets no second name here, so only this package can bring it back if it is deleted"
}

# drop_spare: removes the second name.
drop_spare() {
  rm -f "$spare"/*.iso
  for folder in "$spare" "${spare%/*}"; do
    if [ -d "$folder" ]; then rmdir "$folder" 2>/dev/null || true; fi
  done
}

# keep_disc FILE: for prerm, while FILE or its second name is there. FILE gets its name back where it was deleted: a guest may name it still.
keep_disc() {
  if [ ! -e "$1" ] && [ -f "$spare/${1##*/}" ]; then ln "$spare/${1##*/}" "$1" || true; fi
  [ -f "$1" ] || return 0
  users=$(disc_users "$1")
  if [ -z "$users" ] || ln -f "$1" "$1.kept"; then return 0; fi
  say "$1 is in use and cannot be kept, since it gets no second name here:"
  echo "$users" | say_lines
  say "eject it there (virtio-win eject GUEST), then repeat"
  return 1
}

# settle_discs NAME: for postinst and postrm; settles all discs of the release NAME, also those that a killed run of dpkg has left.
settle_discs() {
  for waiting in "$discs/$1"-[0-9]*.iso.kept; do
    settle_disc "${waiting%.kept}"
  done
}

# settle_disc FILE: where dpkg has put or left a file, that is the disc.
settle_disc() {
  [ -f "$1.kept" ] || return 0
  if [ -e "$1" ]; then
    tell_replaced "$1"
    rm -f "$1.kept"
    return 0
  fi
  # First the list: where it cannot be written, the next run of a script finds the disc under its second name again.
  { list_discs && echo "$1"; } | sort -u | write_list
  mv "$1.kept" "$1"
  say "$1 is still in use, so it stays:"
  disc_users "$1" | say_lines
  if command -v virtio-win >/dev/null; then
    say "eject it there (virtio-win eject GUEST, or swap GUEST for another disc); virtio-win prune then removes it"
  else
    say "eject it there (virsh change-media GUEST DEVICE --eject); @PURGE@ then removes it"
  fi
}

# tell_replaced FILE: the package brought other contents under the same name, as a new Debian revision may.
tell_replaced() {
  if cmp -s "$1" "$1.kept"; then return 0; fi
  say "$1 has other contents now; the old ones remain for programs that have it open, until they close it:"
  { disc_processes "$1.kept"; guests_naming "$1"; } | sort -u | say_lines
  say "before such a guest migrates, eject the disc and attach it again (virtio-win eject GUEST, virtio-win attach GUEST)"
}

# unlist_disc FILE: FILE belongs to a package again.
unlist_disc() {
  list_discs | { grep -vxF -e "$1" || true; } | write_list
}

# sweep_discs: removes the kept discs that nothing uses any more.
sweep_discs() {
  list_discs | while read -r file; do
    if [ -n "$(disc_users "$file")" ]; then
      echo "$file"
    elif ! @OWNER@ "$file" >/dev/null 2>&1; then
      rm -f "$file"
      say "removed $file, which nothing uses any more"
    fi
  done | write_list
}

# purge_discs NAME: removes the kept discs of the release NAME, used or not.
purge_discs() {
  list_discs | while read -r file; do
    case $file in
      "$discs/$1"-[0-9]*.iso)
        say "removed $file; who has it open can read on until it closes it:"
        disc_users "$file" | say_lines
        rm -f "$file"
        ;;
      *) echo "$file" ;;
    esac
  done | write_list
}

# list_discs: prints the kept discs that exist. Any other line, such as one about a link of the alternatives, is dropped.
list_discs() {
  [ -f "$state/kept" ] || return 0
  while read -r file; do
    case $file in
      "$discs"/*/* | "$discs/virtio-win.iso" | "$discs/xenpv-win.iso") ;;
      "$discs"/*.iso) [ ! -f "$file" ] || echo "$file" ;;
    esac
  done <"$state/kept"
}

# write_list: makes standard input the list. An empty list goes, and so do its folder and that of the discs where they are empty; an
# administrator may have made either a link.
write_list() {
  lines=$(cat)
  if [ -n "$lines" ]; then
    mkdir -p "$state"
    printf '%s\n' "$lines" >"$state/kept.new"
    mv "$state/kept.new" "$state/kept"
    return 0
  fi
  rm -f "$state/kept.new" "$state/kept"
  for folder in "$state" "$discs"; do
    if [ -d "$folder" ]; then rmdir "$folder" 2>/dev/null || true; fi
  done
}
