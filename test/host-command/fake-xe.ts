import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Host, writeProgram } from './host.ts';

/** An object of the fake XAPI: its class, and its parameters as `xe CLASS-param-list` names them. */
export type XeObject = { readonly class: 'vm' | 'vbd' | 'vdi' } & Readonly<Record<string, string>>;

/** The commands of the XenServer CLI reference that the host command uses; anything else is refused as xe does, and each call is kept. */
const program = `#!/usr/bin/perl
use strict; use JSON::PP; use File::Basename;
my $folder = dirname($0) . '/../xe';
my $json = JSON::PP->new->canonical;
sub slurp { local $/; open my $file, '<', $_[0] or die "$_[0]: $!\\n"; <$file> }
open my $calls, '>>', "$folder/calls"; print $calls join("\\t", @ARGV), "\\n"; close $calls;
my @objects = @{decode_json(slurp("$folder/objects.json"))};
sub refuse { print STDERR join("\\n", @_), "\\n"; exit 1 }
my $command = shift;
my ($class, $verb) = $command =~ /^(vm|vbd|vdi)-(.*)$/ or refuse("Unknown command: $command");
my %value; my $minimal;
for (@ARGV) {
  if ($_ eq '--minimal') { $minimal = 1 }
  elsif (/^([\\w-]+)=(.*)$/s) { $value{$1} = $2 }
  else { refuse("Syntax error: $_") }
}
sub needed { for (@_) { exists $value{$_} or refuse("Required parameter not found: $_") } }
sub object { my ($kind, $uuid) = @_; my ($found) = grep { $_->{class} eq $kind && $_->{uuid} eq $uuid } @objects; $found or refuse('The uuid you supplied was invalid.', "type: \\U$kind\\E", "uuid: $uuid") }
sub keep { open my $file, '>', "$folder/objects.json"; print $file $json->encode(\\@objects) }
if ($verb eq 'list') {
  needed('params'); $value{params} eq 'uuid' && $minimal or refuse('not faked');
  my %wanted = %value; delete $wanted{params};
  my @found = grep { my $object = $_; $object->{class} eq $class && !grep { ($object->{$_} // '') ne $wanted{$_} } keys %wanted } @objects;
  print join(',', map { $_->{uuid} } @found), "\\n";
} elsif ($verb eq 'param-get') {
  needed('uuid', 'param-name'); my $object = object($class, $value{uuid});
  exists $object->{$value{'param-name'}} or refuse("Error: parameter $value{'param-name'} not found");
  print $object->{$value{'param-name'}}, "\\n";
} elsif ($command eq 'vbd-insert') {
  needed('uuid', 'vdi-uuid'); my $vbd = object('vbd', $value{uuid}); object('vdi', $value{'vdi-uuid'});
  $vbd->{empty} eq 'true' or refuse('Operation could not be performed because the drive is not empty', "vbd: $value{uuid}");
  $vbd->{'vdi-uuid'} = $value{'vdi-uuid'}; $vbd->{empty} = 'false'; keep();
} elsif ($command eq 'vbd-eject') {
  needed('uuid'); my $vbd = object('vbd', $value{uuid});
  $vbd->{empty} eq 'false' or refuse('Operation could not be performed because the drive is empty', "vbd: $value{uuid}");
  $vbd->{'vdi-uuid'} = '<not in database>'; $vbd->{empty} = 'true'; keep();
} elsif ($command eq 'vbd-create') {
  needed('vm-uuid', 'device', 'vdi-uuid', 'type', 'mode', 'bootable'); object('vm', $value{'vm-uuid'});
  $value{mode} eq 'RO' or refuse('CDs are read-only');
  push @objects, { class => 'vbd', uuid => 'eeeeeeee-0000-4000-8000-000000000009', 'vm-uuid' => $value{'vm-uuid'}, 'vdi-uuid' => $value{'vdi-uuid'}, type => $value{type}, userdevice => $value{device}, empty => 'false' };
  keep(); print "$objects[-1]{uuid}\\n";
} elsif ($command eq 'vbd-destroy') {
  needed('uuid'); object('vbd', $value{uuid}); @objects = grep { $_->{uuid} ne $value{uuid} } @objects; keep();
} else { refuse("Unknown command: $command") }
`;

/** Makes the host a dom0 of XenServer with a fake xe that knows these objects. */
export async function addXe(host: Host, objects: readonly XeObject[]): Promise<void> {
  const root = join(host.folder, 'root');
  for (const name of ['sys/hypervisor', 'proc/xen', 'etc', 'run'])
    await mkdir(join(root, name), { recursive: true });
  await mkdir(join(host.folder, 'xe'));
  await writeFile(join(root, 'sys/hypervisor/type'), 'xen\n');
  await writeFile(join(root, 'proc/xen/capabilities'), 'control_d\n');
  await writeFile(join(root, 'etc/xensource-inventory'), "PRODUCT_BRAND='XCP-ng'\n");
  await writeFile(join(host.folder, 'xe/objects.json'), JSON.stringify(objects));
  await writeProgram(host, 'xe', program);
  host.env.VIRTIO_WIN_SYSROOT = root;
}

/** The calls of xe that changed something, in order, words apart by tabs. */
export async function xeCalls(host: Host): Promise<string[]> {
  const lines = (await readFile(join(host.folder, 'xe/calls'), 'utf8')).trim().split('\n');
  return lines.filter((line) => !/^\S+-(?:list|param-get)\t/.test(line));
}
