import type { ReleaseRecord } from '../../pipeline/model/record.ts';

/** Returns the record with its drivers, files and findings repeated under other names, on a disc of the given bytes. */
export function largeRecord(record: ReleaseRecord, times: number, bytes: number): ReleaseRecord {
  const copies = [...Array(times).keys()];
  const renamed = (path: string, copy: number) => path.replace(/^(\w+)/, `$1${copy}`);
  return {
    ...record,
    drivers: copies.flatMap((copy) =>
      record.drivers.map((facts) => ({
        ...facts,
        driver: `${facts.driver}${copy}`,
        inf: renamed(facts.inf, copy),
      })),
    ),
    findings: copies.flatMap((copy) =>
      record.findings.map((finding) => ({ ...finding, path: renamed(finding.path, copy) })),
    ),
    iso: {
      ...record.iso,
      size: bytes,
      files: copies.flatMap((copy) =>
        record.iso.files.map((file) => ({
          ...file,
          path: renamed(file.path, copy),
          sha256: `${copy}${file.sha256}`.slice(0, file.sha256.length),
          size: Math.round((file.size * bytes) / times / record.iso.size),
        })),
      ),
    },
  };
}
