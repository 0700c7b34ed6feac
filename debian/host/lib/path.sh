# shellcheck shell=sh
# path: prints the path of the disc.

cmd_path() {
  choose_disc
  if [ -n "$consumer" ]; then
    choose_v2v_path
    if [ -n "$as_json" ]; then
      printf '{"disc":%s,"path":%s,"for":%s}\n' "$(json_string "$release")" "$(json_string "$v2v_path")" "$(json_string "$consumer")"
    else
      printf '%s\n' "$v2v_path"
    fi
  elif [ -n "$as_json" ]; then
    printf '{"disc":%s,"path":%s,"link":%s}\n' "$(json_string "$release")" "$(json_string "$disc_path")" \
      "$(json_string "$disc_dir/$(family_link "$(family_of "$release")")")"
  else
    printf '%s\n' "$disc_path"
  fi
}
