# shellcheck shell=sh
# detect: which hypervisor this host runs, and by what it was seen. VIRTIO_WIN_SYSROOT stands before /sys, /proc, /dev, /etc.

cmd_detect() {
  look_for_hypervisor
  needed=$(family_of_host)
  need_temp
  (disc_rows) >"$temp/discs" 2>/dev/null || : # verify and doctor look at damaged records
  offered=
  [ -z "$needed" ] || offered=$(chosen_release "$needed")
  if [ -n "$as_json" ]; then
    printf '{"hypervisor":%s,"role":%s,"family":%s,"disc":%s,"saw":[' "$(json_string "$found")" "$(json_text "$role")" \
      "$(json_text "$needed")" "$(json_text "$offered")"
    printf '%s' "$saw" | awk "$json_awk"'{ printf "%s%s", (NR > 1 ? "," : ""), json($0) }'
    echo ']}'
  else
    printf '%s%s\n' "$found" "${role:+ ($role)}"
    printf '%s' "$saw" | sed 's/^/saw: /'
    [ -z "$needed" ] || printf 'family: %s, drivers for guests of %s; disc: %s\n' "$needed" "$(family_words "$needed")" "${offered:-none is installed}"
  fi
  advise
}

# Sets $found and $role, and $saw to what was seen.
look_for_hypervisor() {
  root=${VIRTIO_WIN_SYSROOT:-}
  saw=
  look_for_xen
  look_for_kvm
  if [ -n "$has_inventory" ] && [ "$xen_role" = dom0 ]; then
    found=XENSERVER
  elif [ "$xen_role" = dom0 ]; then
    found=XEN
  elif [ -n "$has_kvm" ]; then
    found=KVM
  elif [ -n "$xen_role" ]; then
    found=XEN
  else
    found=none
  fi
  role=
  case $found in
    XEN | XENSERVER) role=$xen_role ;;
    KVM) role=host ;;
  esac
}

# Appends a line to what was seen.
see() {
  saw="$saw$1
"
}

# Sets $xen_role (dom0, domU or empty) and $has_inventory. Sources: Linux Documentation/ABI/stable/sysfs-hypervisor-xen; xenfs.
look_for_xen() {
  xen_role=
  read_line "$root/sys/hypervisor/type"
  type=$line
  see "/sys/hypervisor/type: ${type:-not there}"
  read_line "$root/proc/xen/capabilities"
  capabilities=$line
  if [ "$type" = xen ] || [ -n "$capabilities" ]; then
    see "/proc/xen/capabilities: ${capabilities:-empty or not there}"
    case $capabilities in
      *control_d*) xen_role=dom0 ;;
      *) xen_role=domU ;;
    esac
  fi
  has_inventory=
  [ ! -f "$root/etc/xensource-inventory" ] || has_inventory=yes
  [ -z "$has_inventory" ] || see "/etc/xensource-inventory: $(sed -n 's/^PRODUCT_BRAND=//p' "$root/etc/xensource-inventory" | tr -d "'" | head -n 1)"
}

# Sets $has_kvm (guests can run: /dev/kvm, on a processor that can), $has_device, $has_module (kvm is loaded or built in) and
# $lacks_flags (an x86 processor without virtualisation). Processors of other architectures do not say it in /proc/cpuinfo.
look_for_kvm() {
  has_kvm=
  has_device=
  has_module=
  lacks_flags=
  if [ -d "$root/sys/module/kvm" ] || grep -q '^kvm ' "$root/proc/modules" 2>/dev/null; then
    has_module=yes
    see 'module kvm: there'
  else
    see 'module kvm: not there'
  fi
  if [ -e "$root/dev/kvm" ]; then
    has_device=yes
    see '/dev/kvm: there'
  else
    see '/dev/kvm: not there'
  fi
  virtualisation=$(awk '/^flags[ \t]*:/ { for (i = 2; i <= NF; i++) if ($i == "vmx" || $i == "svm") { found = $i; exit } has_flags = 1 }
    END { if (found) print found; else if (has_flags) print "neither" }' "$root/proc/cpuinfo" 2>/dev/null) || virtualisation=
  [ "$virtualisation" != neither ] || lacks_flags=yes
  [ -z "$virtualisation" ] || see "flags vmx and svm of /proc/cpuinfo: $virtualisation"
  if [ -n "$has_device" ] && [ -z "$lacks_flags" ]; then has_kvm=yes; fi
}

# Warns where the host could run guests but does not.
advise() {
  case $found in
    none)
      if [ -n "$has_device" ]; then
        note '/dev/kvm is there, but the processor has neither vmx nor svm, so KVM cannot run a guest' \
          'switch on virtualisation in the firmware, or nested virtualisation of the host; QEMU without KVM emulates, slowly'
      elif [ -n "$has_module" ]; then
        note 'kvm is there, but /dev/kvm is not' 'load kvm_intel or kvm_amd; switch on virtualisation in the firmware, or nested virtualisation of the host'
      else
        note 'no hypervisor was found' 'load kvm_intel or kvm_amd, or boot Xen; QEMU without KVM emulates, slowly'
      fi
      ;;
    XEN) [ "$role" = dom0 ] || note 'this is a guest of Xen, not a host' 'run virtio-win in dom0' ;;
  esac
}
