import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Host, writeProgram } from './host.ts';

/** A guest of the fake libvirt: its XML in each place that it has. */
export interface FakeGuest {
  readonly name: string;
  readonly uuid: string;
  readonly live?: string;
  readonly config?: string;
  readonly saved?: string;
}

/** A call that changed a guest: verb and options, and the XML that it gave. */
export interface FakeCall {
  readonly words: string;
  readonly xml: string;
}

const program = `#!/bin/sh
# A libvirt of files: guests/UUID/{name,live.xml,config.xml,saved.xml}, pools/UUID/{xml,info}; refuse/<verb>.<flag> holds what it
# says against a change. What is in the file meanwhile runs before each verb, with verb and operands. It starts few programs: it is
# called thousands of times.
cd "\${0%/*}/../libvirt" || exit 1
IFS= read -r uri <uri

# name_of GUEST: sets name.
name_of() {
  IFS= read -r name <"$1/name" || :
}

# change_disk VERB GUEST DISK: does to the XML of a guest what VERB does with the XML of a disk.
change_disk() {
  VERB=$1 awk '
    FNR == NR { disk = disk $0 " "; next }
    FNR == 1 && match(disk, /<target [^>]*dev=\\047[^\\047]*/) { target = substr(disk, RSTART, RLENGTH); sub(/.*\\047/, "", target) }
    function put() { if (ENVIRON["VERB"] != "detach-device" && !done) print "    " disk; done = 1 }
    /^    <disk / { inside = 1; text = "" }
    /^  <\\/devices>/ { put() }
    !inside { print }
    inside { text = text $0 "\\n" }
    /<\\/disk>/ && inside {
      inside = 0
      if (index(text, "dev=\\047" target "\\047")) put()
      else printf "%s", text
    }' "$3" "$2" >"$2.new"
  mv "$2.new" "$2"
}

[ "$1" = -q ] && shift
if [ "$1" = -c ]; then
  [ "$2" = "$uri" ] || { echo 'error: failed to connect to the hypervisor' >&2; exit 1; }
  shift 2
fi
[ "$1" = -r ] && shift
verb=$1
shift
[ ! -e meanwhile ] || . ./meanwhile
case $verb in
  uri) echo "$uri" ;;
  capabilities) exec cat capabilities ;;
  list)
    for guest in guests/*/; do
      guest=\${guest%/}
      [ -e "$guest/name" ] || continue
      case "$*" in
        *--name*)
          name_of "$guest"
          printf '%-36s %-30s\\n' "\${guest#guests/}" "$name"
          ;;
        *) printf '%s\\n' "\${guest#guests/}" ;;
      esac
    done
    echo
    ;;
  domuuid)
    for guest in guests/*/; do
      guest=\${guest%/}
      name_of "$guest"
      [ "$name" != "$1" ] || { echo "\${guest#guests/}"; exit 0; }
    done
    echo "error: failed to get domain '$1'" >&2
    exit 1
    ;;
  dominfo)
    guest=guests/$1
    if [ -e vanished ]; then rm -r "$guest"; fi
    [ -e "$guest/name" ] || { echo "error: failed to get domain '$1'" >&2; exit 1; }
    id=- state='shut off' persistent=no saved=no
    [ ! -e "$guest/live.xml" ] || { id=7; state=running; }
    [ ! -e "$guest/config.xml" ] || persistent=yes
    [ ! -e "$guest/saved.xml" ] || saved=yes
    name_of "$guest"
    printf 'Id:             %s\\nName:           %s\\nState:          %s\\nPersistent:     %s\\nManaged save:   %s\\n' \\
      "$id" "$name" "$state" "$persistent" "$saved"
    ;;
  dumpxml)
    [ "$1" != --inactive ] || exec cat "guests/$2/config.xml"
    exec cat "guests/$1/live.xml"
    ;;
  pool-list) exec ls pools ;;
  vol-path) exec cat "pools/$2/$3" ;;
  domblkinfo) exec cat size ;;
  pool-dumpxml) exec cat "pools/$1/xml" ;;
  pool-info) exec cat "pools/$1/info" ;;
  managedsave-dumpxml) exec cat "guests/$1/saved.xml" ;;
  attach-device | detach-device | update-device)
    number=10
    while [ -e "calls/$number.words" ]; do number=$((number + 1)); done
    echo "$verb $1 $3\${4:+ $4}" >"calls/$number.words"
    cat "$2" >"calls/$number.xml"
    if [ -e "refuse/$verb.$3" ]; then cat "refuse/$verb.$3" >&2; exit 1; fi
    change_disk "$verb" "guests/$1/\${3#--}.xml" "$2"
    ;;
  *) echo "error: unknown command: '$verb'" >&2; exit 1 ;;
esac
`;

/** Gives a host a fake libvirt at `qemu:///system` with these guests; `secmodels` are the security drivers that it has. */
export async function addLibvirt(host: Host, guests: readonly FakeGuest[], secmodels = ['none', 'dac']) {
  const folder = join(host.folder, 'libvirt');
  for (const name of ['calls', 'refuse', 'guests', 'pools', 'run'])
    await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'uri'), 'qemu:///system\n');
  const models = secmodels.map((model) => `<secmodel><model>${model}</model></secmodel>`).join('\n');
  await writeFile(join(folder, 'capabilities'), `<capabilities>\n${models}\n</capabilities>\n`);
  for (const { name, uuid, ...places } of guests) {
    const guest = join(folder, 'guests', uuid);
    await mkdir(guest);
    await writeFile(join(guest, 'name'), name);
    for (const [place, xml] of Object.entries(places)) await writeFile(join(guest, `${place}.xml`), xml);
  }
  await writeProgram(host, 'virsh', program);
  // Where root locks its guests; other users do so in $HOME.
  host.env.VIRTIO_WIN_SYSROOT ??= folder;
}

/** A storage pool of the fake libvirt: `running`, `persistent` or both. */
export interface FakePool {
  readonly name: string;
  readonly uuid: string;
  readonly folder: string;
  readonly is: readonly ('running' | 'persistent')[];
}

/** Gives the fake libvirt a storage pool. */
export async function addPool(host: Host, { name, uuid, folder, is }: FakePool): Promise<void> {
  const pool = join(host.folder, 'libvirt/pools', uuid);
  await mkdir(pool);
  const xml = `<pool type='dir'>\n  <name>x</name>\n  <target>\n    <path>${folder.replaceAll('&', '&amp;')}</path>\n  </target>\n</pool>\n`;
  await writeFile(join(pool, 'xml'), xml);
  const facts = [
    `State:          ${is.includes('running') ? 'running' : 'inactive'}`,
    `Persistent:     ${is.includes('persistent') ? 'yes' : 'no'}`,
  ];
  await writeFile(join(pool, 'info'), [`Name:           ${name}`, ...facts, ''].join('\n'));
}

/** Makes the fake libvirt refuse a change, as in `refuse(host, 'update-device.--live', 'error: …')`. */
export async function refuse(host: Host, change: string, words: string): Promise<void> {
  await writeFile(join(host.folder, 'libvirt/refuse', change), words);
}

/** Makes a running guest of the fake libvirt see media of this size. */
export async function setMediumSize(host: Host, bytes: number): Promise<void> {
  await writeFile(join(host.folder, 'libvirt/size'), `Capacity:       ${bytes}\nAllocation:     0\n`);
}

/** Changes a guest of the fake libvirt, as somebody else may: its XML in the places that are given. */
export async function changeGuest(
  host: Host,
  { uuid, ...places }: Pick<FakeGuest, 'uuid' | 'live' | 'config' | 'saved'>,
): Promise<void> {
  for (const [place, xml] of Object.entries(places)) {
    await writeFile(join(host.folder, 'libvirt/guests', uuid, `${place}.xml`), xml);
  }
}

/** Makes the fake libvirt run this before each verb, in its folder: `$verb` is the verb and `$1` and the rest its operands. */
export async function meanwhile(host: Host, shell: string): Promise<void> {
  await writeFile(join(host.folder, 'libvirt/meanwhile'), shell);
}

/** Makes each guest go away in the moment that the host command asks about it. */
export async function vanish(host: Host): Promise<void> {
  await writeFile(join(host.folder, 'libvirt/vanished'), '');
}

/** Returns the changes that the fake libvirt was asked for, in order. */
export async function calls(host: Host): Promise<FakeCall[]> {
  const folder = join(host.folder, 'libvirt/calls');
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).filter((name) => name.endsWith('.words')).sort();
  return Promise.all(
    names.map(async (name) => ({
      words: (await readFile(join(folder, name), 'utf8')).trim(),
      xml: await readFile(join(folder, name.replace('.words', '.xml')), 'utf8'),
    })),
  );
}
