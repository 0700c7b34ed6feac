import { byCodeUnit } from '../../core/order.ts';
import { folderOf } from '../../core/paths.ts';
import { formatStanza } from '../../formats/deb/control.ts';
import { driverVerParts, isoDate } from '../../formats/inf/version.ts';
import { signatureStates } from '../../formats/signature/signature.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { DriverFacts } from '../../model/driver-facts.ts';
import type { IsoImage } from '../../model/release.ts';
import { ascii, loadWords } from '../../model/signature-words.ts';
import { targetPath, unknown } from '../../model/target.ts';
import type { DebMetadata } from '../metadata/metadata.ts';

export interface RecordedDisc {
  readonly kind: 'drivers' | 'symbols';
  readonly iso: IsoImage;
  readonly packageName: string;
  readonly drivers: readonly DriverFacts[];
  readonly manifest: Pick<Manifest, 'release' | 'targets'>;
  readonly metadata: Pick<DebMetadata, 'version'>;
}

type Field = [name: string, value: string];

/**
 * Returns the `.disc` record that is installed beside a disc for the host command (deb822(5), ASCII, one line per value): a stanza
 * for the disc, then one per driver package, by driver, from the oldest Windows to the newest. Unknown values are omitted.
 */
export function discRecord(disc: RecordedDisc): string {
  const rows = disc.manifest.targets.map(targetPath);
  const row = ({ target }: DriverFacts) => rows.indexOf(targetPath(target));
  const stanzas = disc.drivers
    .toSorted((a, b) => byCodeUnit(a.driver, b.driver) || row(a) - row(b) || byCodeUnit(a.inf, b.inf))
    .map((facts) => driverFields(facts, disc.manifest));
  return [discFields(disc), ...stanzas]
    .map((fields) => formatStanza(fields.filter(([, value]) => value !== '').map(asciiField)))
    .join('\n');
}

function discFields({ kind, iso, packageName, drivers, manifest, metadata }: RecordedDisc): Field[] {
  return [
    ['Disc', iso.name],
    ['Kind', kind],
    ['Family', manifest.release.family],
    ['Name', manifest.release.name],
    ['Version', manifest.release.version],
    ['Package', packageName],
    ['Package-Version', metadata.version],
    ['Title', kind === 'symbols' ? `Debug symbols: ${manifest.release.title}` : manifest.release.title],
    ['Label', iso.label],
    ['Size', String(iso.content.size)],
    ['Sha256', iso.content.sha256],
    ['Signatures', signatureCounts(drivers)],
  ];
}

/** Counts driver packages by signature, the best first: `vendor-signed 92, unsigned 4`. */
function signatureCounts(drivers: readonly DriverFacts[]): string {
  return signatureStates
    .toReversed()
    .map((state) => [state, drivers.filter(({ signature }) => signature === state).length] as const)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${state} ${count}`)
    .join(', ');
}

function driverFields(facts: DriverFacts, { targets }: Pick<Manifest, 'targets'>): Field[] {
  const { driver, target, inf, driverVer = '', signature, loads } = facts;
  const row = targets.find((candidate) => targetPath(candidate) === targetPath(target));
  const [date = '', version = ''] = driverVerParts(driverVer);
  return [
    ['Driver', driver],
    ['Os', known(target.os)],
    ['Windows', row?.windows ?? ''],
    ['Arch', known(target.arch)],
    ['Folder', folderOf(inf)],
    ['Inf', inf],
    ['Driver-Version', version],
    ['Date', isoDate(date) ?? ''],
    ['Signature', signature],
    ['Loads', loads === undefined ? '' : loadWords[loads]],
    ['Class', facts.class ?? ''],
    ['Services', facts.services.join(' ')],
    ['Hardware-Ids', facts.hardwareIds.filter(isHardwareId).join(' ')],
    ['Compatible-Ids', facts.compatibleIds.filter(isHardwareId).join(' ')],
  ];
}

/** An ID with a blank or another byte than printable ASCII is the ID of no device (Microsoft, "Hardware IDs"). */
function isHardwareId(id: string): boolean {
  return /^[!-~]+$/.test(id);
}

function asciiField([name, value]: Field): Field {
  return [name, ascii(value).trim()];
}

/** Returns an empty value, which is omitted, for a folder that names no Windows or architecture. */
function known(name: string): string {
  return name === unknown ? '' : name;
}
