import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCatalog } from '../../../pipeline/formats/catalog/catalog.ts';
import { fileDigests, membersOf } from '../../../pipeline/formats/catalog/file-digests.ts';
import { encodingOf } from '../../../pipeline/formats/signature/der.ts';
import { signatureState } from '../../../pipeline/formats/signature/signature.ts';
import { readSignedData } from '../../../pipeline/formats/signature/signed-data.ts';
import { type GoldenMember, golden, hasReference, readReference, realDrivers } from '../reference.ts';

/** `190310125306Z`, `20230722022721Z` or with a fraction, as ISO 8601. */
function isoOf(time: string): string {
  const [, year = '', month, day, hour, minute, second] =
    /^(\d{2,4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(time) ?? [];
  return `${year.padStart(4, '20')}-${month}-${day}T${hour}:${minute}:${second}`;
}

/** Gives a text the line ends that it had when the catalog was made; `lfLines` are the lines (from 0) that stay LF. */
function repair(bytes: Uint8Array, { match, lfLines = [] }: GoldenMember): Uint8Array {
  if (match === 'asis') return bytes;
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  const ends = lines.map((line, index) =>
    index === lines.length - 1 ? line : `${line}${lfLines.includes(index) ? '\n' : '\r\n'}`,
  );
  return Buffer.from(ends.join(''), 'latin1');
}

describe.skipIf(!hasReference)('reference catalogs', () => {
  it('are 54 with 194 members', () => {
    const catalogs = Object.keys(golden.cat).map((name) => parseCatalog(readReference(name)));
    expect(catalogs).toHaveLength(54);
    expect(catalogs.flatMap(({ members }) => members)).toHaveLength(194);
  });

  it.each(Object.entries(golden.cat))('%s', (name, expected) => {
    const bytes = readReference(name);
    const catalog = parseCatalog(bytes);
    expect(catalog.version).toBe(expected.memberOid.endsWith('.2') ? 1 : 2);
    expect(catalog).toMatchObject({
      listId: expected.listId,
      os: expected.os.split(','),
      hardwareIds: expected.hwids,
    });
    expect(catalog.thisUpdate.slice(0, 19)).toBe(isoOf(expected.thisUpdate));
    const members = catalog.members.map(({ tag, algorithm, file, osAttr, kind, hasIndirectData, digest }) => {
      expect(digest).toBe(tag);
      return { tag, alg: algorithm, file, osAttr: osAttr.join(), pe: kind === 'pe', hasIndirectData };
    });
    expect(members).toEqual(
      expected.members.map(({ tag, alg, file, osAttr, pe, hasIndirectData }) => ({
        tag,
        alg,
        file,
        osAttr,
        pe,
        hasIndirectData,
      })),
    );
    const [signer, ...others] = catalog.signature.signers;
    expect(others).toEqual([]);
    expect(signer?.problem).toBeUndefined();
    expect(signer).toMatchObject({
      certificate: { commonName: expected.signer, issuerCommonName: expected.issuer },
      digestAlgorithm: expected.digest,
      issuedByMicrosoft: false,
      nested: [],
    });
    expect(signer?.timestamp?.kind).toBe(expected.countersign === 'RFC3161' ? 'rfc3161' : 'countersignature');
    expect(signer?.timestamp?.time?.slice(0, 19)).toBe(isoOf(expected.tsTime));
    expect(signer?.timestamp?.problem).toBeUndefined();
    expect(signer?.timestamp?.authority).toBe('public');
    expect(signer?.missingIssuer).toBeUndefined();
    expect(signatureState(catalog.signature.signers)).toBe(
      expected.digest === 'sha1' ? 'vendor-signed' : 'self-signed',
    );
  });

  it.each(Object.entries(golden.cat))('%s signs the list that it should', (name, { ctlSha256 }) => {
    const { content } = readSignedData(readReference(name), name).pkcs7;
    const list = content === undefined ? new Uint8Array() : encodingOf(content);
    expect(createHash('sha256').update(list).digest('hex')).toBe(ctlSha256);
  });

  it('hold the digests of their INFs, once the line ends are right', () => {
    const matches = { asis: 0, crlf: 0, mixed: 0 };
    for (const [name, { members }] of Object.entries(golden.cat)) {
      const catalog = parseCatalog(readReference(name));
      for (const member of members.filter(({ pe }) => !pe)) {
        const inf = readReference(path.posix.join(path.posix.dirname(name), member.diskFile));
        const found = membersOf(catalog, fileDigests(repair(inf, member)));
        expect(
          found.map(({ tag }) => tag),
          `${name}: ${member.file}`,
        ).toContain(member.tag);
        if (member.match !== 'asis') expect(membersOf(catalog, fileDigests(inf)), name).toEqual([]);
        matches[member.match]++;
      }
    }
    expect(matches).toEqual({ asis: 28, crlf: 20, mixed: 32 });
  });
});

describe.skipIf(realDrivers === undefined)('real catalogs', () => {
  const root = realDrivers ?? '.';

  it('all verify with their timestamps, and hold every binary that their INF brings', () => {
    const catalogs = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.cat'))
      .sort();
    const counts = { members: 0, binaries: 0, infs: 0, signers: 0, timestamps: 0 };
    for (const name of catalogs) {
      const { members, signature } = parseCatalog(readFileSync(path.join(root, name)));
      const folder = path.join(root, path.dirname(name));
      const digests = readdirSync(folder)
        .filter((file) => /\.(sys|dll|exe|inf)$/i.test(file))
        .map((file) => fileDigests(readFileSync(path.join(folder, file))));
      const held = (kind: string) =>
        members.filter(
          (member) =>
            member.kind === kind &&
            digests.some(({ sha1, sha256 }) => [sha1, sha256].includes(member.digest)),
        );
      counts.members += members.length;
      counts.binaries += held('pe').length;
      counts.infs += held('flat').length;
      counts.signers += signature.signers.filter(({ problem }) => problem === undefined).length;
      counts.timestamps += signature.signers.filter(
        ({ timestamp }) => timestamp !== undefined && timestamp.problem === undefined,
      ).length;
    }
    expect(catalogs).toHaveLength(96);
    expect(counts).toEqual({ members: 387, binaries: 239, infs: 44, signers: 96, timestamps: 96 });
  });
});
