import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Host, writeProgram } from './host.ts';

/** A disk as xl prints it. */
export interface XlDisk {
  readonly vdev: string;
  readonly pdev_path?: string;
  readonly is_cdrom?: 1;
  readonly readwrite?: 1;
}

/** A running guest of the fake xl. */
export interface XlGuest {
  readonly name: string;
  readonly uuid: string;
  readonly type: 'pv' | 'hvm' | 'pvh';
  readonly disks: readonly XlDisk[];
}

/** As xl(1) of Xen 4.17: what it prints was compared with the real one (test/acceptance/xen.test.ts), what it refuses too. */
const program = `#!/usr/bin/perl
use strict; use JSON::PP; use File::Basename;
my $folder = dirname($0) . '/../xl';
my $json = JSON::PP->new->canonical;
sub slurp { local $/; open my $file, '<', $_[0] or die "$_[0]: $!\\n"; <$file> }
sub put { open my $file, '>', $_[0] or die; print $file $_[1] }
open my $calls, '>>', "$folder/calls"; print $calls join("\\t", @ARGV), "\\n"; close $calls;
my @guests = @{decode_json(slurp("$folder/guests.json"))};
sub guest { my ($wanted) = @_; my ($found) = grep { $wanted =~ /^\\d+$/ ? $_->{domid} == $wanted : $_->{config}{c_info}{name} eq $wanted } @guests; $found or refuse("$wanted is an invalid domain identifier (rc=-6)") }
sub refuse { print STDERR "@_\\n"; exit 1 }
sub disk {
  my ($text, %disk) = @_;
  if ($text !~ /=/) { my @part = split /\\s*,\\s*/, $text; ($disk{pdev_path}, $disk{vdev}) = ($part[0] =~ s/^(file|phy)://r, $part[-2]); $disk{is_cdrom} = 1 if $disk{vdev} =~ s/:cdrom$// or $text =~ /cdrom/; $disk{readwrite} = 1 if $part[-1] eq 'w'; ($disk{vdev}) = $text =~ /,\\s*((?:hd|xvd)[a-z])/; return \\%disk }
  $disk{readwrite} = 1;
  while ($text =~ s/^\\s*(\\w+)=//) {
    my $key = $1;
    my $value;
    if ($key eq 'target') { $value = $text; $text = '' } else { $text =~ s/^([^,]*),?//; $value = $1 =~ s/\\s+$//r }
    if ($key eq 'target') { $disk{pdev_path} = $value } elsif ($key eq 'vdev') { $disk{vdev} = $value }
    elsif ($key eq 'devtype' && $value eq 'cdrom') { $disk{is_cdrom} = $disk{removable} = 1; delete $disk{readwrite} }
    elsif ($key eq 'access') { delete $disk{readwrite} if $value =~ /^r(o)?$/ }
    elsif ($key ne 'format') { refuse("unknown value '$key'") }
  }
  $disk{vdev} or refuse('no vdev specified'); return \\%disk;
}
sub parsed {
  my ($file) = @_; my $text = slurp($file); my (%value, @disks);
  my $string = qr/"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'/s;
  my $filler = qr/(?:[\\s;]|#[^\\n]*)*/;
  while ($text =~ /\\G$filler(\\w+)\\s*(\\+?=)\\s*(?:\\[($filler(?:$string$filler,?$filler)*)\\]|($string)|([\\w.]+))/gcs) {
    my ($name, $adds, $list, $one, $number) = ($1, $2, $3, $4, $5);
    if ($name ne 'disk') { $value{$name} = defined $number ? $number : substr $one, 1, -1; next }
    refuse("$file: parameter \`disk' is a single value but should be a list") unless defined $list;
    @disks = () if $adds eq '=';
    while ($list =~ /\\G$filler($string)$filler,?/gcs) { push @disks, disk(substr($1, 1, -1) =~ s/\\\\(.)/$1/gsr) }
  }
  $text =~ /\\G$filler\\z/gc or refuse("$file: config parsing error near \`" . substr($text, pos($text) || 0, 9) . "': syntax error");
  return { c_info => { type => $value{type}, name => $value{name}, uuid => $value{uuid} || sprintf('%08x-0000-4000-8000-000000000000', rand 2**32) }, (@disks ? (disks => \\@disks) : ()) };
}
sub keep { put("$folder/guests.json", $json->encode(\\@guests)) }
if ("@ARGV[0 .. 2]" eq '-N create -d') {
  print STDERR "Parsing config from $ARGV[3]\\n";
  print $json->pretty->encode(parsed($ARGV[3]));
  exit;
}
my $verb = shift;
my $refusal = "$folder/refuse-$verb";
refuse(slurp($refusal)) if -e $refusal;
if ($verb eq 'list' && $ARGV[0] eq '-l') { print $json->encode(@ARGV > 1 ? [guest($ARGV[1])] : [{ domid => 0, config => { c_info => { type => 'pv', name => 'Domain-0' } } }, @guests]) }
elsif ($verb eq 'domid') {
  my ($found) = grep { $_->{config}{c_info}{name} eq $ARGV[0] } @guests; $found or refuse("Can't get domid of domain name '$ARGV[0]', maybe this domain does not exist.");
  print "$found->{domid}\\n";
}
elsif ($verb eq 'list') { guest($ARGV[0]); print "Name    ID   Mem VCPUs\\tState\\tTime(s)\\n$ARGV[0]    1   192     1     -b----       3.8\\n" }
elsif ($verb eq 'block-attach') {
  my $guest = guest($ARGV[0]); my $disk = disk($ARGV[1]);
  refuse('libxl: error: libxl_disk.c:1:libxl: unable to add disk') if grep { $_->{vdev} eq $disk->{vdev} } @{$guest->{config}{disks} || []};
  push @{$guest->{config}{disks}}, $disk; keep();
} elsif ($verb eq 'block-detach') {
  my $disks = guest($ARGV[0])->{config}{disks} || [];
  grep { $_->{vdev} eq $ARGV[1] } @$disks or refuse("Error: Device $ARGV[1] not connected.");
  @$disks = grep { $_->{vdev} ne $ARGV[1] } @$disks; keep();
} elsif ($verb =~ /^cd-(insert|eject)$/) {
  my $guest = guest($ARGV[0]);
  refuse('libxl: error: libxl_disk.c:766:libxl_cdrom_insert: Domain 1:cdrom-insert requires an HVM domain') if $guest->{config}{c_info}{type} ne 'hvm';
  my ($disk) = grep { $_->{vdev} eq $ARGV[1] && $_->{is_cdrom} } @{$guest->{config}{disks}};
  $disk or refuse('libxl: error: libxl_disk.c:787:libxl_cdrom_insert: Domain 1:Virtual device not found');
  $disk->{pdev_path} = $ARGV[2] || ''; keep();
} else { refuse("xl: command '$verb' not implemented") }
`;

/** Makes the host a dom0 with a fake xl, these running guests and these configuration files in /etc/xen. */
export async function addXl(
  host: Host,
  guests: readonly XlGuest[],
  configs: Readonly<Record<string, string>> = {},
): Promise<string> {
  const root = join(host.folder, 'root');
  const folder = join(host.folder, 'xl');
  for (const name of ['sys/hypervisor', 'proc/xen', 'etc/xen/auto', 'run', 'var/lib']) {
    await mkdir(join(root, name), { recursive: true });
  }
  await mkdir(folder, { recursive: true });
  await writeFile(join(root, 'sys/hypervisor/type'), 'xen\n');
  await writeFile(join(root, 'proc/xen/capabilities'), 'control_d\n');
  for (const [name, text] of Object.entries(configs)) await writeFile(join(root, 'etc/xen', name), text);
  const list = guests.map(({ name, uuid, type, disks }, index) => ({
    domid: index + 1,
    config: { c_info: { type, name, uuid }, ...(disks.length === 0 ? {} : { disks }) },
  }));
  await writeFile(join(folder, 'guests.json'), JSON.stringify(list));
  await writeProgram(host, 'xl', program);
  host.env.VIRTIO_WIN_SYSROOT = root;
  const drives = list.flatMap(({ domid, config: { disks = [] } }) =>
    disks.map(({ vdev }) => [`/local/domain/0/backend/qdisk/${domid}/${vdev}`, vdev] as const),
  );
  await addXenstore(
    host,
    Object.fromEntries(
      drives.flatMap(([key, vdev]) => [
        [`${key}/dev`, vdev],
        [`${key}/state`, '2'],
      ]),
    ),
  );
  return join(root, 'etc/xen');
}

/** Gives the host a xenstore with these keys; xenstore-list and xenstore-read know no others. */
export async function addXenstore(host: Host, keys: Readonly<Record<string, string>>): Promise<void> {
  const root = join(host.folder, 'xenstore');
  for (const [key, value] of Object.entries(keys)) {
    await mkdir(dirname(join(root, key)), { recursive: true });
    await writeFile(join(root, key), `${value}\n`);
  }
  await writeProgram(host, 'xenstore-list', `#!/bin/sh\nexec ls '${root}'"$1"\n`);
  await writeProgram(host, 'xenstore-read', `#!/bin/sh\nfor key; do cat '${root}'"$key" || exit; done\n`);
}

/** Makes a verb of the fake xl fail with these words. */
export async function refuseXl(host: Host, verb: string, words: string): Promise<void> {
  await writeFile(join(host.folder, 'xl', `refuse-${verb}`), words);
}

/** The disks of the running guests, in order. */
export async function xlDisks(host: Host): Promise<readonly (readonly XlDisk[])[]> {
  const guests = JSON.parse(await readFile(join(host.folder, 'xl/guests.json'), 'utf8'));
  return guests.map(({ config }: { config: { disks?: readonly XlDisk[] } }) => config.disks ?? []);
}

/** The calls of xl that changed a running guest, in order, words apart by tabs. */
export async function xlCalls(host: Host): Promise<string[]> {
  const path = join(host.folder, 'xl/calls');
  if (!existsSync(path)) return [];
  return (await readFile(path, 'utf8')).split('\n').filter((line) => /^(?:block|cd)-/.test(line));
}
