# The disc and the host command as alternatives, with what the update-alternatives of Debian and of Fedora have in common.

# shown_alternatives: prints @LINK@ as the administrator chose it, whatever the language.
shown_alternatives() {
  LC_ALL=C update-alternatives --display @LINK@ 2>/dev/null || true
}

# offered_discs: prints the discs of this release that are alternatives, and the chosen one, which Debian does not list once its file is
# gone.
offered_discs() {
  shown_alternatives | sed -n 's|^\(/.*\) - priority .*|\1|p; s|^  *link currently points to ||p' | sort -u | while read -r file; do
    case $file in "$discs/@NAME@"-[0-9]*.iso) echo "$file" ;; esac
  done
}

# is_chosen FILE: an administrator has chosen FILE as @LINK@.
is_chosen() {
  shown_alternatives | sed 1q | grep -q ' manual' &&
    shown_alternatives | grep -qxF -e "  link currently points to $1" -e " link currently points to $1"
}

# Minimal systems have no folders for the manual page and the completion, and get none.
offer_command() {
  set -- --install /usr/bin/virtio-win virtio-win "$host/virtio-win" @COMMAND_PRIORITY@
  if [ -d /usr/share/man/man1 ]; then
    set -- "$@" --slave /usr/share/man/man1/virtio-win.1.gz virtio-win.1.gz "$host/virtio-win.1.gz"
  fi
  completions=/usr/share/bash-completion/completions
  if [ -d "$completions" ]; then
    set -- "$@" --slave "$completions/virtio-win" virtio-win.bash "$host/virtio-win.bash"
  fi
  update-alternatives "$@"
}

# offer OLD: OLD is the disc of the version before; if it was chosen by hand, so is its successor.
offer() {
  successor=no
  if [ "$1" != "$disc" ] && is_chosen "$1"; then successor=yes; fi
  update-alternatives --install "$discs/@LINK@" @LINK@ "$disc" @PRIORITY@
  if [ "$successor" = yes ]; then update-alternatives --set @LINK@ "$disc"; fi
  if [ "$1" != "$disc" ]; then update-alternatives --remove @LINK@ "$1"; fi
  offer_command
}

# withdraw: withdraws every version, since an upgrade that was interrupted leaves the one before.
withdraw() {
  offered_discs | while read -r file; do
    update-alternatives --remove @LINK@ "$file"
  done
  update-alternatives --remove virtio-win "$host/virtio-win"
}
