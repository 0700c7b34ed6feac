# A disc that something uses outlives its package. dpkg is about to remove its name, so prerm gives it a second one (a hard
# link); when dpkg is done, postinst or postrm gives it its own name back. /var/lib/virtio-win/kept lists such discs, a path on
# each line; every script of these packages, and "virtio-win prune", removes those that nothing uses any more.
discs=/usr/share/virtio-win
spare=$discs/releases/@PACKAGE@
state=/var/lib/virtio-win

say() {
  echo "@PACKAGE@: $*" >&2
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

# A process in another namespace may know FILE by another path, so the files themselves are compared.
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
# "virtio-win verify" tells how to get the first back. The flag of chattr +i would be no better: dpkg could not replace the file, a
# chroot with it could not be removed, containers may not clear it, and overlay and network file systems have none.
spare_disc() {
  # Where FILE has gone, the second name is all that is left of it.
  if [ ! -f "$1" ]; then return 0; fi
  drop_spare
  { mkdir -p "$spare" && ln "$1" "$spare/"; } || say "$1 gets no second name here, so only this package can bring it back if it is deleted"
}

# drop_spare: takes the second name away.
drop_spare() {
  rm -f "$spare"/*.iso
  for folder in "$spare" "${spare%/*}"; do
    if [ -d "$folder" ]; then rmdir "$folder" 2>/dev/null || true; fi
  done
}

# keep_disc FILE: for prerm, while FILE is there.
keep_disc() {
  if [ -f "$1" ] && [ -n "$(disc_users "$1")" ]; then ln -f "$1" "$1.kept"; fi
}

# settle_disc FILE: for postinst and postrm; where dpkg has put or left a file, that is the disc.
settle_disc() {
  [ -f "$1.kept" ] || return 0
  if [ -e "$1" ]; then
    tell_replaced "$1"
    rm -f "$1.kept"
    return 0
  fi
  mv "$1.kept" "$1"
  { list_discs && echo "$1"; } | sort -u | write_list
  say "$1 is still in use, so it stays:"
  disc_users "$1" | sed 's/^/  /' >&2
  say "eject it there (virtio-win eject GUEST, or swap GUEST for another disc); virtio-win prune then removes it"
}

# tell_replaced FILE: the package brought other contents under the same name, as a new Debian revision may.
tell_replaced() {
  if cmp -s "$1" "$1.kept"; then return 0; fi
  say "$1 has other contents now; the old ones stay with who has it open, until they close it:"
  { disc_processes "$1.kept"; guests_naming "$1"; } | sort -u | sed 's/^/  /' >&2
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
    elif ! dpkg-query -S "$file" >/dev/null 2>&1; then
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
        disc_users "$file" | sed 's/^/  /' >&2
        rm -f "$file"
        ;;
      *) echo "$file" ;;
    esac
  done | write_list
}

# list_discs: prints the kept discs that there are.
list_discs() {
  [ -f "$state/kept" ] || return 0
  while read -r file; do
    if [ "$file" = "$discs/$(basename "$file")" ] && [ -f "$file" ]; then echo "$file"; fi
  done <"$state/kept"
}

# write_list: makes standard input the list; what is empty then goes away.
write_list() {
  mkdir -p "$state"
  cat >"$state/kept.new"
  if [ -s "$state/kept.new" ]; then
    mv "$state/kept.new" "$state/kept"
    return 0
  fi
  rm -f "$state/kept.new" "$state/kept"
  rmdir --ignore-fail-on-non-empty "$state"
  if [ -d "$discs" ]; then rmdir --ignore-fail-on-non-empty "$discs"; fi
}
