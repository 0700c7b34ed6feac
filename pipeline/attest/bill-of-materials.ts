import { createHash } from 'node:crypto';
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import * as SPDX from '@cyclonedx/cyclonedx-library/SPDX';
import * as Spec from '@cyclonedx/cyclonedx-library/Spec';
import { byCodeUnit } from '../core/order.ts';
import { folderOf } from '../core/paths.ts';
import { driverVerParts } from '../formats/inf/version.ts';
import { type ReleaseRecord, recordedDiscs } from '../model/record.ts';

type RecordedDisc = ReleaseRecord['iso'];
type RecordedFile = RecordedDisc['files'][number];

/**
 * Returns the bill of materials (CycloneDX 1.6, JSON): discs with all files, packages, sources and drivers. It depends only on
 * the record, including its serial number and date.
 */
export function billOfMaterials(record: ReleaseRecord): string {
  const bom = new Models.Bom({ version: 1, serialNumber: serialNumber(record), metadata: metadata(record) });
  const discs = recordedDiscs(record);
  const signed = signatureProperties(record);
  const sources = new Map(record.sources.map((source) => [source.id, sourceComponent(source)]));
  for (const disc of discs) bom.components.add(discComponent(disc, sources, signed));
  for (const { name, sha256, size } of record.artifacts) {
    bom.components.add(fileComponent({ path: name, sha256, size }, name, sources));
  }
  for (const source of sources.values()) bom.components.add(source);
  const driverFolders = new Map<string, Models.Component[]>();
  for (const facts of record.drivers.toSorted((a, b) => byCodeUnit(a.inf, b.inf))) {
    const driver = driverComponent(facts);
    const folder = folderOf(facts.inf).replace(/\/$/, '');
    driverFolders.set(folder, [...(driverFolders.get(folder) ?? []), driver]);
    bom.components.add(driver);
  }
  if (record.signing !== undefined) {
    const { name, sha256, size } = record.signing.signatures;
    bom.components.add(fileComponent({ path: name, sha256, size }, name, sources));
  }
  linkFiles(bom, driverFolders);
  const spec = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return `${new Serialize.JsonSerializer(spec).serialize(bom, { space: 2 })}\n`;
}

/** Returns a UUID of version 8 (RFC 9562, section 5.8) with bits from the sha256 of the record. */
function serialNumber(record: ReleaseRecord): string {
  const bytes = createHash('sha256').update(JSON.stringify(record)).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return `urn:uuid:${groups.join('-')}`;
}

function metadata({ name, version, title, date, profile, tools }: ReleaseRecord): Models.Metadata {
  const used = new Models.Tools({
    components: new Models.ComponentRepository(
      tools.map((tool) => new Models.Component(Enums.ComponentType.Application, tool.name, tool)),
    ),
  });
  return new Models.Metadata({
    timestamp: new Date(date),
    tools: used,
    component: new Models.Component(Enums.ComponentType.Application, name, {
      bomRef: 'release',
      version,
      description: title,
      properties: properties({ profile }),
    }),
  });
}

/** Returns a function that says who signed a file of the disc, or the file that it is a copy of. */
function signatureProperties({ signing }: ReleaseRecord): (file: RecordedFile) => Properties {
  if (signing === undefined) return () => ({});
  const { name, sha256 } = signing.certificate;
  const signed = signing.files.filter(({ state }) => state !== 'kept');
  const contents = new Set(signed.map(({ to }) => to));
  const before = new Map(signed.map(({ path, from }) => [path, from]));
  return (file) =>
    contents.has(file.sha256)
      ? {
          'signed:by': name,
          'signed:certificate:sha256': sha256,
          'signed:from:sha256': before.get(file.path),
        }
      : {};
}

function discComponent(
  disc: RecordedDisc,
  sources: ReadonlyMap<string, Models.Component>,
  signed: (file: RecordedFile) => Properties,
): Models.Component {
  const files = disc.files.map((file) =>
    fileComponent(file, `${disc.name}/${file.path}`, sources, signed(file)),
  );
  return new Models.Component(Enums.ComponentType.File, disc.name, {
    bomRef: disc.name,
    hashes: sha256Of(disc),
    properties: properties({ size: String(disc.size), label: disc.label }),
    components: new Models.ComponentRepository(files),
  });
}

function fileComponent(
  { path, sha256, size, license, authenticode, origin }: RecordedFile,
  bomRef: string,
  sources: ReadonlyMap<string, Models.Component>,
  signed: Properties = {},
): Models.Component {
  const source = origin && sources.get(origin.source);
  return new Models.Component(Enums.ComponentType.File, path, {
    bomRef,
    hashes: sha256Of({ sha256 }),
    ...(license !== undefined && { licenses: new Models.LicenseRepository([licenseOf(license)]) }),
    properties: properties({
      size: String(size),
      'origin:source': origin?.source,
      'origin:path': origin?.path,
      'authenticode:sha256': authenticode,
      ...signed,
    }),
    ...(source !== undefined && { dependencies: new Models.BomRefRepository([source.bomRef]) }),
  });
}

function sourceComponent({ id, type, pin }: ReleaseRecord['sources'][number]): Models.Component {
  const pins = Object.entries(pin).map(([name, value]) => [`pin:${name}`, value] as const);
  const kind = type === 'git' ? Enums.ExternalReferenceType.VCS : Enums.ExternalReferenceType.Distribution;
  const references = pin.url === undefined ? [] : [new Models.ExternalReference(pin.url, kind)];
  return new Models.Component(Enums.ComponentType.Data, id, {
    bomRef: `source:${id}`,
    ...(pin.commit !== undefined && { version: pin.commit }),
    ...(pin.sha256 !== undefined && { hashes: sha256Of({ sha256: pin.sha256 }) }),
    externalReferences: new Models.ExternalReferenceRepository(references),
    properties: properties({ 'source:type': type, ...Object.fromEntries(pins) }),
  });
}

function driverComponent(facts: ReleaseRecord['drivers'][number]): Models.Component {
  const { driver, target, inf, name, provider, driverVer, signature, verdict, loads } = facts;
  const version = driverVer === undefined ? undefined : driverVerParts(driverVer)[1];
  return new Models.Component(Enums.ComponentType.DeviceDriver, driver, {
    bomRef: `driver:${inf}`,
    ...(version !== undefined && { version }),
    ...(name !== undefined && { description: name }),
    ...(provider !== undefined && { supplier: new Models.OrganizationalEntity({ name: provider }) }),
    properties: properties({
      os: target.os,
      arch: target.arch,
      inf,
      'driver-ver': driverVer,
      signature,
      'signature:integrity': verdict.integrity,
      'signature:signer': verdict.signer,
      loads,
    }),
  });
}

/** Lists the files of a driver's folder on the disc as its dependencies. */
function linkFiles(bom: Models.Bom, drivers: ReadonlyMap<string, readonly Models.Component[]>): void {
  const [disc] = bom.components;
  for (const file of disc?.components ?? []) {
    for (let at = file.name.lastIndexOf('/'); at > 0; at = file.name.lastIndexOf('/', at - 1)) {
      for (const driver of drivers.get(file.name.slice(0, at)) ?? []) driver.dependencies.add(file.bomRef);
    }
  }
}

/** Uses an id if SPDX lists it, otherwise an expression such as a LicenseRef. */
function licenseOf(license: string): Models.License {
  return SPDX.isSupportedSpdxId(license)
    ? new Models.SpdxLicense(license)
    : new Models.LicenseExpression(license);
}

function sha256Of({ sha256 }: { readonly sha256: string }): Models.HashDictionary {
  return new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], sha256]]);
}

type Properties = Readonly<Record<string, string | undefined>>;

function properties(values: Properties): Models.PropertyRepository {
  const known = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new Models.PropertyRepository(
    known.map(([name, value]) => new Models.Property(`pvdisc:${name}`, value)),
  );
}
