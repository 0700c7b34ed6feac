import { PipelineError } from '../core/errors.ts';
import type { Command, CommandIo } from './command.ts';
import { publishOci } from './publish-oci.ts';
import type { PublishOptions } from './publish-options.ts';
import { publishPackages } from './publish-packages.ts';

export const publishCommand: Command<PublishOptions> = (io) => ({
  command: 'publish <releases..>',
  describe: 'Add built releases to a signed apt or dnf repository, or their images to a registry',
  builder: (parser) =>
    parser
      .usage(
        `$0 publish --apt|--rpm DIR --key ID <releases..>
$0 publish --oci REGISTRY/REPOSITORY <releases..>

Checks each release against its SHA256SUMS. With --release-key, each must have a good signature by
that key. Without it, a release that is unsigned, or signed by another key than --key, is published
with a note. A bad signature is an error.

--apt and --rpm add the packages to DIR and sign the indexes for apt or dnf. Older versions stay.
Any web server can serve DIR, whatever the umask. apt sees either the whole update or none of it,
since it fetches indexes by hash unless Acquire::By-Hash is off. A run that is killed while it moves
an index can leave Packages, Release.gpg or repomd.xml.asc of another update than the signed index;
hosts that fetch by these names, as dnf does, refuse the index until publish runs again.
The current index must have the same origin and label, and be signed by --key, or by --old-key after
a change of keys; an expired key is refused until it is extended. Publishing a release again restores
missing or damaged files in the pool. A package in the pool that neither the index of the suite nor a
release lists is an error: the index may have been removed or replaced by an older one. Whoever can
write to DIR can still remove packages unnoticed; docs/deploy.md describes how to prevent that. The
indexes are dated now, since hosts refuse an older index than theirs; SOURCE_DATE_EPOCH overrides
this.

--oci pushes the image of each release (package.formats of the release: oci) with skopeo, under the
tag of its version. A tag that is there with another image is an error: tags are never moved, and
there is no "latest". oci:DIR writes an image layout of all releases, and a page index.html, into a
folder instead. skopeo login gives the access to a registry.

In a folder, index.html shows what is there and how to use it; an index.html that pvdisc did not
write is kept.`,
      )
      .positional('releases', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Folders of built releases, such as dist/pvdisc-sample-0.1.0',
      })
      .option('apt', {
        type: 'string',
        requiresArg: true,
        describe: 'DIR: root folder of a repository for apt; created if missing',
      })
      .option('rpm', {
        type: 'string',
        requiresArg: true,
        describe: 'DIR: root folder of a repository for dnf; created if missing',
      })
      .option('oci', {
        type: 'string',
        requiresArg: true,
        describe: 'REGISTRY/REPOSITORY, or oci:DIR: where the images go',
      })
      .option('key', {
        type: 'string',
        requiresArg: true,
        describe: 'ID: secret key in your GnuPG keyring (fingerprint, key id or address)',
      })
      .option('old-key', {
        type: 'string',
        requiresArg: true,
        describe: 'FILE: public key that signed the suite until now, if --key is new',
      })
      .option('release-key', {
        type: 'string',
        requiresArg: true,
        describe: 'FILE: require SHA256SUMS of each release to be signed by this public key',
      })
      .option('suite', { type: 'string', requiresArg: true, default: 'stable', describe: 'Suite to add to' })
      .option('origin', {
        type: 'string',
        requiresArg: true,
        default: 'pvdisc',
        describe: 'Origin field of the index, for apt pinning; also names the key files',
      })
      .option('label', {
        type: 'string',
        requiresArg: true,
        describe: 'Label field of the Release file of apt; default: the origin',
      })
      .option('valid-for', {
        type: 'string',
        requiresArg: true,
        describe: 'DAYS: hosts with apt refuse the indexes after this time; default: never',
      })
      .option('url', {
        type: 'string',
        requiresArg: true,
        describe:
          'URL of the repository, for the instructions that are printed and those in its index.html; default: an example',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print one JSON document' })
      .example('$0 publish --apt /srv/apt --key me@example.org dist/pvdisc-sample-0.1.0', '')
      .example('$0 publish --oci registry.example.org/virt/virtio-win dist/virtio-win-0.1.302', ''),
  handler: (options) => publish(options, io),
});

function publish(options: PublishOptions, io: CommandIo): Promise<void> {
  const { apt, rpm, oci, key, 'old-key': oldKey } = options;
  const [first, second] = Object.entries({ '--apt': apt, '--rpm': rpm, '--oci': oci }).flatMap(
    ([option, value]) => (value === undefined ? [] : [option]),
  );
  if (first === undefined) throw refused('option --apt, --rpm or --oci is missing');
  if (second !== undefined) throw refused(`takes ${first} or ${second}, not both: run it once for each`);
  if (oci !== undefined) {
    if (key !== undefined || oldKey !== undefined)
      throw refused('--key and --old-key are for --apt and --rpm: an image has no signed index');
    return publishOci({ ...options, oci }, io);
  }
  if (key === undefined) throw refused('option --key is missing');
  return publishPackages({ ...options, key }, io);
}

function refused(message: string): PipelineError {
  return new PipelineError('usage', { place: 'pvdisc publish', message, hint: 'see pvdisc publish --help' });
}
