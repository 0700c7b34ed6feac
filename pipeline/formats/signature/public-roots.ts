import { createPublicKey, type KeyObject } from 'node:crypto';
import { listedRoots } from './listed-roots.ts';

/** A root authority and its key, which verifies what the root signed; files cannot add keys. */
export interface PublicRoot {
  /** The subject, in the form of `Certificate`. */
  readonly name: string;
  readonly sha1: string;
  readonly key: KeyObject;
}

/** The root to which the kernel of Windows Vista to 8.1 demands a chain (Microsoft, "Cross-Certificates for Kernel Mode Code Signing"). */
export const codeVerificationRoot =
  'C=US, ST=Washington, L=Redmond, O=Microsoft Corporation, CN=Microsoft Code Verification Root';

/** The modulus of its RSA key in base64url, computed from three cross-certificates that it signed; it matches the key identifier in them. */
const codeVerificationModulus =
  'vXfJHH8VeDjFB0MhWvvkzDvGVTH8IYmxvOcBnPuQviARVXanTQLnsvQuje-yh0ZWykfOyMNj4wgDS5YGuXAiROZLe0Q_dbe4' +
  'piuRCEHvSwdZ1qQZnfbLpLuOAmVNyt4PtJAi8bVrXCL2yvk4qigLBi08GY23NV-D7d1lc4RGkp9E4olKjNWYp2096BnLRK0Y' +
  'C-pcX3wLw5qTaETztr-XmTByPyhZ0HDIBVd49UqCNAokwXqwZKU6bhLVA2E4uw4t_YWc1kh1ahyyouiR-rfk9Txf_clArMeg' +
  'QvV02Lnb1_5zdxrgxLcJsQWabeNegDh1eFK2EtN5rkP3ZafRFmRphY94OriUv0USYlpNh0jW-Bm8WQEG9RrbYCmfAT9uc_n9' +
  'gEXOldeK9pIMwXNALG2qMqbxfzD4kPGuRSe5tA4wAr3GDuw8jFu2NIXPFAsMUA2p4lmRLqgBOfQsFWMEgLhA32L3_rdME6gs' +
  'qWYTOGL8QHBie3V31SuOG6WZ5bm3x63qAaAle1hGUlZUosmSK1gdSFHAH_43ANHiqxDCqVnpQpluj7UeR2Z0Hph2V1cEXr0v' +
  'hZPVDgufLnsmZKeGEglQY-fRx45-DjsH57vkzRpA1Hq6BVlK1tDu3JZeIkonHEXj3tqy6dND_elvwMl9H_2fkJyGIAjMdNxA' +
  'pymzq1hla7E';

/**
 * Roots that Windows trusts for code or timestamps, or trusted when the drivers were signed: those of Microsoft's Trusted Root Program,
 * and the Code Verification Root, which is built into the Windows kernel.
 */
export const publicRoots: readonly PublicRoot[] = [
  publicRoot(codeVerificationRoot, '8FBE4D070EF8AB1BCCAF2A9D5CCAE7282A2C66B3', () =>
    createPublicKey({ key: { kty: 'RSA', e: 'AQAB', n: codeVerificationModulus }, format: 'jwk' }),
  ),
  ...listedRoots.split('\n').map((line) => {
    const [sha1 = '', key = '', ...name] = line.split(' ');
    return publicRoot(name.join(' '), sha1, () =>
      createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' }),
    );
  }),
];

/** Decodes the key when it is first asked for: few of the roots signed anything in a release. */
function publicRoot(name: string, sha1: string, decode: () => KeyObject): PublicRoot {
  let key: KeyObject | undefined;
  return {
    name,
    sha1,
    get key() {
      key ??= decode();
      return key;
    },
  };
}
