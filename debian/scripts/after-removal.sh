# For postrm.
case "$1" in
  remove)
    settle_discs '@NAME@'
    sweep_discs
    ;;
  purge)
    settle_discs '@NAME@'
    purge_discs '@NAME@'
    sweep_discs
    ;;
  upgrade | failed-upgrade | abort-install | abort-upgrade | disappear) ;;
  *)
    say "postrm called with unknown argument \"$1\""
    exit 1
    ;;
esac
