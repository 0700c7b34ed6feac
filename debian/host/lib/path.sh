# shellcheck shell=sh
# path: where the disc is.

cmd_path() {
  choose_disc
  if [ -n "$as_json" ]; then
    printf '{"disc":%s,"path":%s,"link":%s}\n' "$(json_string "$release")" "$(json_string "$disc_path")" \
      "$(json_string "$disc_dir/virtio-win.iso")"
  else
    printf '%s\n' "$disc_path"
  fi
}
