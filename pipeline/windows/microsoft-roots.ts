import { createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto';

/** RSA modulus of "Microsoft Root Certificate Authority" (2001; SHA-1 of the certificate CDD4EEAE6000AC7F40C3802C171E30148030C072). */
const root2001 = [
  '8136gGfUWqepDCyQINA1CDx1hM23B4mcidrezsNg-pFoWp6UcSkYdnzC4MgldpQOWPoENDbm36_3gLrpWAsrk-WdBeN3IpH3NG',
  'Q8IpEdXuEJkLwU_vx1WBnhebcHkqOuiFkI2J8HygNY_GgpbTLX0qjLS_zhC0gyT-bruK1P5FxvE5SZ25XVdduoGreUkbR3W_VI',
  'DI9qeX0UcAR9ba-Q9dpw2Ee3v5svbOcFt-ERYKx5kRR8xdam5OF-1cN-5ZLSPAC1NoLeeeFt87Vu-J8zyctSfXOYNtuLoWuilZ',
  'ebo97CTSb_BpZnJQbI56zk7hIzlTGZyDUITjTKeVPVtb5jMllANsClTgRNPdtbBzPkWL_vP1Nk2EJZNVf9D0V8JARNntY4dBGX',
  'IpDOaER0km_VS2-whuPHNkKg0PzBwFr5o2G5MEdxlgoWsJHAQpXvEH8oauMqH7HkzQM_d3EExyD8SQ8dRYik18t-iK2OLexF28',
  'RRBMkq_OyGnpoRl1vezlOI5uK3_ayVwihA2-8EkN-BMznZskWlI4cGpVWJMbsGLWAOQRh9Hy61l8sR6xXVJKWU7xUUif1Lc_oy',
  'W_zRMwD5WWJwBzLqLqtALXvK3SFnGzCZjxaqI6hB0bBuEZs2xN5AdJzhWGXBYB56WzjIj7sEJnzUFkDltmtsqob9AL_OwTU',
];

/** RSA modulus of "Microsoft Root Certificate Authority 2010" (SHA-1 of the certificate 3B1EFD3A66EA28B16697394703A72CA340A05BD5). */
const root2010 = [
  'uQieKOTk7AZOUGizQcV76662jq-BuiJEH2U0aUy-cEAX8hZ74nn9hu0NOfQbqK2SkB7LPXaPWtm1kRAuPAWNim0kVOcf7Vatg7',
  'RQnBWlF3SIWSD8CMWEdtNo1G8oeM5cuPNQkET_42NfvqGaLJYVBNYH_h6EIeBCMRHEKDaUz1CkYp7J1qtxALJbDOaW1AoklvX_',
  'xtW3G9fLtyFirxLcoV034xr7GkaYwJvA52MfKgiTAn4eao7ynxiJ5CKForGEV0D_9Q7Yb5zt4kUxAc0X6X-wgUXjqiFAJqFyqq',
  'dPPAEFfu6DWLFeBmOZYpF4grcNkwwkarQb2yfsX5UEP5NKMPWXGLOn-RmnkzMdAcjbIlJc1yXJRvmi-4dZQ76bYrGNLYZEGkas',
  'eGF-MAn6ronEQSoiZgOROUWcx4sMqMoNL_tS6gz3YzMjnf6wH61n1qdQA8YEcGO1LLGGWkO3-675biluISFBJgaMycPusMKFk6',
  'G5hdnmMmxLTD_WXaPltZ13w5zAVbd0AOO4OKuDl1DhmkIkHcbAozDRGlrIUjT3c_HHGB8zrXrsy0Fg8yOUIMJIRaxcUcYugMLi',
  'dxW9hYftNp2Wke4AtaNw7J_jjYBog3a6r11wUiIW4mb7urPFwvc-L3emyt7BpsZITMM3USPTJ9e4TnCW8KFEdq94z5rhZhM',
];

/** The keys of Microsoft's roots for drivers: "Windows Hardware Compatibility PCA" (2001), "Windows Third Party Component CA" (2010). */
export const microsoftRootKeys: readonly KeyObject[] = [root2001, root2010].map((modulus) =>
  createPublicKey({ key: { kty: 'RSA', e: 'AQAB', n: modulus.join('') }, format: 'jwk' }),
);

/**
 * Says whether one of the roots issued an authority among `others` that issued the certificate, by their keys: names
 * prove nothing, since guides tell people to make "Microsoft" certificates of their own.
 */
export function isIssuedByMicrosoft(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  roots: readonly KeyObject[] = microsoftRootKeys,
): boolean {
  return others.some(
    (authority) =>
      authority.ca &&
      certificate.checkIssued(authority) &&
      certificate.verify(authority.publicKey) &&
      roots.some((root) => authority.verify(root)),
  );
}
