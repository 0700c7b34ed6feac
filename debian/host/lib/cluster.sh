# shellcheck shell=sh
# leftover --cluster: asks each host of a list over ssh, and finds what keeps guests from moving between them: hosts of different
# hypervisors, whose guests need other drivers, different discs, and guests that still hold one.

cmd_cluster() {
  need_tools ssh:openssh-client jq:jq
  need_temp
  hosts=$(printf '%s\n' "$cluster" | tr ',' '\n' | sed '/^$/d')
  case $hosts in
    '' | -* | *'
'-*) usage_error "--cluster: $cluster does not name hosts" 'give names as for ssh, separated by commas' ;;
  esac
  printf '%s\n' "$hosts" | while IFS= read -r host; do ask_host "$host"; done >"$temp/hosts"
  jq -cs '
    def several(of): map(select(.error == null) | of) | unique | length > 1;
    {hosts: ., mixed_hypervisors: several(.hypervisor | sub("^XENSERVER$"; "XEN")), mixed_discs: several(.sha256),
      mixed_families: (map([.family, .disc_family, .leftovers[].family]) | add // [] | map(select(. != null)) | unique | length > 1)}' \
    "$temp/hosts" >"$temp/cluster"
  if [ -n "$as_json" ]; then cat "$temp/cluster"; else print_cluster; fi
  jq -e '.mixed_hypervisors or .mixed_discs or .mixed_families or any(.hosts[]; .error != null) | not' "$temp/cluster" >/dev/null || exit 1
}

# Prints what HOST says, as JSON.
ask_host() {
  if ssh -n -o BatchMode=yes -o ConnectTimeout=10 "$1" 'virtio-win detect --json && virtio-win list --json && virtio-win leftover --json' \
    >"$temp/answer" 2>"$temp/refusal" &&
    jq -ces --arg host "$1" '
      .[0] as $host_of |
      (.[1] | map(select(.chosen)) | (map(select(.family == $host_of.family)) + .)[0]) as $disc |
      {host: $host, hypervisor: $host_of.hypervisor, family: $host_of.family, disc: $disc.disc, sha256: $disc.sha256,
        disc_family: $disc.family, leftovers: .[2], error: null}' \
      "$temp/answer" 2>/dev/null; then
    return
  fi
  reason=$(grep -v '^hint: ' "$temp/refusal" | tr '\n' ';' | sed -e 's/;$//' -e 's/;/; /g')
  jq -nc --arg host "$1" --arg error "${reason:-it did not answer in JSON}" \
    '{host: $host, hypervisor: null, family: null, disc: null, sha256: null, disc_family: null, leftovers: [], error: $error}'
}

print_cluster() {
  jq -r --arg separator "$separator" '
    .hosts[] | [.host, .hypervisor // "", .disc_family // "", .disc // "", (.leftovers | map(.guest) | unique | join(", ")), .error // ""] | join($separator)' \
    "$temp/cluster" | table HOST HYPERVISOR FAMILY DISC 'GUESTS WITH A DISC' ERROR
  ! jq -e .mixed_hypervisors "$temp/cluster" >/dev/null ||
    note 'the hosts have different hypervisors: a guest that moves needs other drivers' 'use a single hypervisor for each cluster; docs/xen.md, docs/move-a-guest.md'
  ! jq -e .mixed_families "$temp/cluster" >/dev/null ||
    note 'hosts, discs and guests are of different families of drivers (virtio for KVM, xenpv for Xen)' 'give guests the disc of their own hypervisor, and eject others: virtio-win eject GUEST'
  ! jq -e .mixed_discs "$temp/cluster" >/dev/null ||
    note 'the hosts have different discs' 'install the same package on each, or choose the same disc with update-alternatives --config'
}
