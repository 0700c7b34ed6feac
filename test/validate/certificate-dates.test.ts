import { expect, test } from 'vitest';
import { readCertificate } from '../../pipeline/formats/signature/certificate.ts';
import { whyOutdated } from '../../pipeline/validate/certificate-dates.ts';
import { makeCertificate } from '../formats/signing.ts';

test('a release of the day on which its certificate begins is in time, whatever the hour', () => {
  const { der } = makeCertificate({ name: 'Drivers', validity: ['261122103000Z', '271122103000Z'] });
  const certificate = readCertificate(der).facts;
  const signer = {
    certificate,
    issuedByMicrosoft: false,
    authority: 'unknown',
    digestAlgorithm: 'sha256',
    nested: [],
  } as const;
  const why = (date: string) => whyOutdated(signer, Date.parse(date) / 1000);
  expect(why('2026-11-22T00:00:00Z')).toBeUndefined();
  expect(why('2027-11-22T10:30:00Z')).toBeUndefined();
  expect(why('2026-11-21T23:59:59Z')).toBe(
    'has no timestamp and is released on 2026-11-21, but its certificate is valid only from 2026-11-22',
  );
  expect(why('2027-11-22T10:30:01Z')).toBe(
    'has no timestamp and is released on 2027-11-22, but its certificate expired on 2027-11-22',
  );
});
