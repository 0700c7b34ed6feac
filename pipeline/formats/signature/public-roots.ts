import { createPublicKey, type KeyObject } from 'node:crypto';

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

/** A root's RSA key with the exponent 65537. */
interface RootFacts {
  readonly name: string;
  /** SHA-1 of its public self-signed certificate, under which Microsoft and the authorities list it. */
  readonly sha1: string;
  /** In base64url. */
  readonly modulus: string;
}

/**
 * Roots that Windows trusts for code or timestamps, or trusted when the drivers were signed, and that Node's list (Mozilla's,
 * for web servers) lacks or may drop. The keys are from the certificates with these SHA-1 thumbprints in Microsoft's
 * Trusted Root Program; Microsoft's cross-certificates in signed drivers contain the same keys. The key of the Code Verification
 * Root, which is built into the Windows kernel, was computed from three cross-certificates that it signed, and matches the key
 * identifier in them.
 */
const rootFacts: readonly RootFacts[] = [
  {
    name: codeVerificationRoot,
    sha1: '8FBE4D070EF8AB1BCCAF2A9D5CCAE7282A2C66B3',
    modulus:
      'vXfJHH8VeDjFB0MhWvvkzDvGVTH8IYmxvOcBnPuQviARVXanTQLnsvQuje-yh0ZWykfOyMNj4wgDS5YGuXAiROZLe0Q_dbe4' +
      'piuRCEHvSwdZ1qQZnfbLpLuOAmVNyt4PtJAi8bVrXCL2yvk4qigLBi08GY23NV-D7d1lc4RGkp9E4olKjNWYp2096BnLRK0Y' +
      'C-pcX3wLw5qTaETztr-XmTByPyhZ0HDIBVd49UqCNAokwXqwZKU6bhLVA2E4uw4t_YWc1kh1ahyyouiR-rfk9Txf_clArMeg' +
      'QvV02Lnb1_5zdxrgxLcJsQWabeNegDh1eFK2EtN5rkP3ZafRFmRphY94OriUv0USYlpNh0jW-Bm8WQEG9RrbYCmfAT9uc_n9' +
      'gEXOldeK9pIMwXNALG2qMqbxfzD4kPGuRSe5tA4wAr3GDuw8jFu2NIXPFAsMUA2p4lmRLqgBOfQsFWMEgLhA32L3_rdME6gs' +
      'qWYTOGL8QHBie3V31SuOG6WZ5bm3x63qAaAle1hGUlZUosmSK1gdSFHAH_43ANHiqxDCqVnpQpluj7UeR2Z0Hph2V1cEXr0v' +
      'hZPVDgufLnsmZKeGEglQY-fRx45-DjsH57vkzRpA1Hq6BVlK1tDu3JZeIkonHEXj3tqy6dND_elvwMl9H_2fkJyGIAjMdNxA' +
      'pymzq1hla7E',
  },
  {
    name: 'OU=Copyright (c) 1997 Microsoft Corp., OU=Microsoft Corporation, CN=Microsoft Root Authority',
    sha1: 'A43489159A520F0D93D032CCAF37E7FE20A8B419',
    modulus:
      'qQK9wXDmO_JOGyifl3heMOqiqY0lX_j-lUyjt_6doiA-fFGim6KPYDJr0UJkee6sdslU2vLrnIYcj5-EZrPFa3piI9YdPN4P' +
      'AZLolsS_LWaammgmmdA6LL8MtVgmwUbnCj44liypKDmo7EmDQuOED7uabFVhrIJ8oWAtd0zpmbRkO5pQHDEIJBSfqeeRKxjm' +
      'PZhjFGBYBWWfHTdSh_en75QCxhvTv1VFs4mAvzrsVJROrv2nem10Tq8YzJYJKCEAV5BgaTe7SxIHPFb_W_ukZgoIptKBVlfv' +
      'tjteFoF3BNr2vq6Alf6wzX_WpxpyXDzKvPAIoyIwswaFybMgdxOF3w',
  },
  {
    name: 'DC=com, DC=microsoft, CN=Microsoft Root Certificate Authority',
    sha1: 'CDD4EEAE6000AC7F40C3802C171E30148030C072',
    modulus:
      '8136gGfUWqepDCyQINA1CDx1hM23B4mcidrezsNg-pFoWp6UcSkYdnzC4MgldpQOWPoENDbm36_3gLrpWAsrk-WdBeN3IpH3' +
      'NGQ8IpEdXuEJkLwU_vx1WBnhebcHkqOuiFkI2J8HygNY_GgpbTLX0qjLS_zhC0gyT-bruK1P5FxvE5SZ25XVdduoGreUkbR3' +
      'W_VIDI9qeX0UcAR9ba-Q9dpw2Ee3v5svbOcFt-ERYKx5kRR8xdam5OF-1cN-5ZLSPAC1NoLeeeFt87Vu-J8zyctSfXOYNtuL' +
      'oWuilZebo97CTSb_BpZnJQbI56zk7hIzlTGZyDUITjTKeVPVtb5jMllANsClTgRNPdtbBzPkWL_vP1Nk2EJZNVf9D0V8JARN' +
      'ntY4dBGXIpDOaER0km_VS2-whuPHNkKg0PzBwFr5o2G5MEdxlgoWsJHAQpXvEH8oauMqH7HkzQM_d3EExyD8SQ8dRYik18t-' +
      'iK2OLexF28RRBMkq_OyGnpoRl1vezlOI5uK3_ayVwihA2-8EkN-BMznZskWlI4cGpVWJMbsGLWAOQRh9Hy61l8sR6xXVJKWU' +
      '7xUUif1Lc_oyW_zRMwD5WWJwBzLqLqtALXvK3SFnGzCZjxaqI6hB0bBuEZs2xN5AdJzhWGXBYB56WzjIj7sEJnzUFkDltmts' +
      'qob9AL_OwTU',
  },
  {
    name: 'C=US, ST=Washington, L=Redmond, O=Microsoft Corporation, CN=Microsoft Root Certificate Authority 2010',
    sha1: '3B1EFD3A66EA28B16697394703A72CA340A05BD5',
    modulus:
      'uQieKOTk7AZOUGizQcV76662jq-BuiJEH2U0aUy-cEAX8hZ74nn9hu0NOfQbqK2SkB7LPXaPWtm1kRAuPAWNim0kVOcf7Vat' +
      'g7RQnBWlF3SIWSD8CMWEdtNo1G8oeM5cuPNQkET_42NfvqGaLJYVBNYH_h6EIeBCMRHEKDaUz1CkYp7J1qtxALJbDOaW1Aok' +
      'lvX_xtW3G9fLtyFirxLcoV034xr7GkaYwJvA52MfKgiTAn4eao7ynxiJ5CKForGEV0D_9Q7Yb5zt4kUxAc0X6X-wgUXjqiFA' +
      'JqFyqqdPPAEFfu6DWLFeBmOZYpF4grcNkwwkarQb2yfsX5UEP5NKMPWXGLOn-RmnkzMdAcjbIlJc1yXJRvmi-4dZQ76bYrGN' +
      'LYZEGkaseGF-MAn6ronEQSoiZgOROUWcx4sMqMoNL_tS6gz3YzMjnf6wH61n1qdQA8YEcGO1LLGGWkO3-675biluISFBJgaM' +
      'ycPusMKFk6G5hdnmMmxLTD_WXaPltZ13w5zAVbd0AOO4OKuDl1DhmkIkHcbAozDRGlrIUjT3c_HHGB8zrXrsy0Fg8yOUIMJI' +
      'RaxcUcYugMLidxW9hYftNp2Wke4AtaNw7J_jjYBog3a6r11wUiIW4mb7urPFwvc-L3emyt7BpsZITMM3USPTJ9e4TnCW8KFE' +
      'dq94z5rhZhM',
  },
  {
    name: 'C=US, ST=Washington, L=Redmond, O=Microsoft Corporation, CN=Microsoft Root Certificate Authority 2011',
    sha1: '8F43288AD272F3103B6FB1428485EA3014C0BCFE',
    modulus:
      'soBBqjU4TRNyMmgiTbiy8f_VUrxsx_XSSow27tHCXH6Miq6vEyhvwHPjOs7QJahaOm3vqLhZqxMjaM0MKYfRb4Bcj0R_XZAB' +
      'UlisUcVfKofc3NgKHcEDuXuwVuij3mRhwp7483y57A21VP5MtmVPiPCcSJkMQgsJfDFZF3kGeCiNiTpMAyW-cWpcC-eEYKSZ' +
      'IuPSr4Skp_vRmO0Mqd6UieEOoNzAzpk96ghSu1Z55B-Euh64tMRJXE8xS4fd3QVnJpmA4HERo7ilQeKkU7n3MimDDBO_Nl4E' +
      's0tDRy9r4pEe05hP3UIHyOgdEvyZqWs-kn7I1mk6_GS9tgmdyv0MC6Kbd2BLA5SkMGkS1kItwUFMytyq_Y9bg0aa2fyx0eOz' +
      'yX9Ies0k8EGPXHTQrLAQIAZJt8ctIchX49CG8wNo-9DOccGJmUpkAWz97DCRz0E8ksfluoYdYYTHX4M5Yq60ki9H8wv4Veug' +
      'H1nQu3SbHtB25vLpBtcQ6Ppk3mnGNZaIAvBGuD8nmW_LcYkpNfdIFgI1j9V5fE0Cz1_rioNPRXGI-akNTnLpwpwHz0kbTgQO' +
      'Y1GMXtgAwVUstsbgwmVOyTQ59ZyzxH7oYW4TXxXEX9l-7R3O7kTsyy6Gsew49nDtq1wTwdkPDceAslXtNPesm-TD2udHPKa1' +
      'jzHfxUuv6_E',
  },
  {
    name: 'C=US, O=Microsoft Corporation, CN=Microsoft Identity Verification Root Certificate Authority 2020',
    sha1: 'F40042E2E5F7E8EF8189FED15519AECE42C3BFA2',
    modulus:
      's5EqB4MGZ_2eneDHwLek5kIEfw-m21_71VrXRaD7dwvwgPOmbVpNeVPYoIaEV0Ugx6JU-8eiv4rHbjXzohXEL07jSoWWSQ3_' +
      'vpnYFPa8JwfuQpsr9QuSBuT9aRNlqJFy8piE64M9DuTXcRJIIcsN7fZHSbeb-cnHF7aET_-4rJrXc2dJheOGvTdA0CWG1N61' +
      'wm1iatWpeLwtb0n55WwUFP0Ux9NlFjfey268XimN_WKbFSzWBea5iTIzo2LH19ZSZwjELvRWK54Lh8zsp7SmqusFzRlXpToL' +
      'BCcckWeeLWItLx6-2sAgywQZyjP7ib6Y4nKgcjW-eeGcg2_kbRdvkPM9AIZ1OI7Q4Emau9vT-DDK1VeIaE1y079tf3HY_b0N' +
      'rpJkSLdbb3kmtc2blSGE0e8PMj17V4zzRQdMfOBeGA41dottnss2dKsF-OBzXTJWlGeXJQrGNT2Ul-fBRIuA_cH49HQZ5TD2' +
      'BvshVz4GHItrFYYnSXuCk8pZ6HVH6D849MdTeaC2tOJcUe-9XzjBE-Z4DJVaLsVAWSjMDyTA7LoJdyOZOKa2HNrHuiC21zfY' +
      'fzevCOM7cdtucxt9mXKw5IYzWXS1FgB7UG3GhhPa_cQ5gj0kAJpg2rqUwAVRLDSsUJkTh7uzBYCyTTACXLgmg120Y3PvriOV' +
      'T2AovjfVW6U',
  },
  {
    name: 'C=US, ST=Washington, L=Redmond, O=Microsoft Corporation, CN=Microsoft Time Stamp Root Certificate Authority 2014',
    sha1: '0119E81BE9A14CD8E22F40AC118C687ECBA3F4D8',
    modulus:
      'rgHUXaBYyu3ozOE3RkYQW3rEUrgLWI8FPV2prVHiA4ngBhL4AnhrXgRQz7bWBAxUHnk3IDzjfmMdRXeYFB2-diLcWqo_5G9A' +
      'YiRjyDzATIcoPWt4a5g5lRpBf3NR_gf8FHzzj4QJ4fjCL6FOvTl9zGNniQyABM2wgskAiz4JhwOdwnlCxFwhkSuVGmw1R2zI' +
      'vzwKTur2hXDVxV_BnkfbXMIyYVoI1nGdLIGffri-baHYZkNpCuTzcvCRSyhgqNXj3YSuKGVVn4QrSnXtJKYsdTHUhXd08oBV' +
      'AmNB8nAI9MjCU5HbFAdlIAmB5orXmw_KDNcbX_3R5XSFXBD7msmmK55DlsxbcnPQD1WZhxgbPfgpeLBv0XS85SC6Q4sUOGlk' +
      'oXMPwRYpeU-bhSlosT6ZKo-y3EcGzd_Q6yLcHlccflmQJaMDgr6Myx2buY0quKEQ5_qtFv7s5VPGrcCXfESbgfN6pvn_rvqs' +
      'F6mmYL1nPHlshQtVrzHEw1mQDqHVfEg5i63juw7k5frf_dqdnltvGzIOpjfTqqosBBdl08ZORyStglCZQSvWs-cmWrE1m-Zx' +
      'VeHIb6JEHchchPz5eAF2wT53k_KilOHacDDsZAquoqEdP4NDc0DS4IlwWa-NLtTUIQphpPT3I4ZDgCiyHEMMRdr8BvglQAd1' +
      'aXjjphOD15c',
  },
  {
    name: 'C=US, O=VeriSign\\, Inc., OU=Class 3 Public Primary Certification Authority',
    sha1: '742C3192E607E424EB4549542BE1BBC53E6174E2',
    modulus:
      'yVxZnvIbigEUtBDfBEDb41evakVAj4QMC9Ez2dkRz-4CWB8l9yqoRAWq7AMfeH-ek7maAKojfdashaJjRcdyJ8z0TMZ1cdI5' +
      '709C8HXfCpDGjiBvmA_4rCNfcCk2pMmG57GaIMtTpYXnPb59mv4kRTPcdhXtD6JxZExlLoFoRac',
  },
  {
    name: 'C=US, O=VeriSign\\, Inc., OU=VeriSign Trust Network, OU=(c) 2006 VeriSign\\, Inc. - For authorized use only, CN=VeriSign Class 3 Public Primary Certification Authority - G5',
    sha1: '4EB6D578499B1CCF5F581EAD56BE3D9B6744A5E5',
    modulus:
      'ryQICCl6NZ5gDKrnSztO3Hy8PEUcuyvg_ikC-VcIo2SFFSf18a3IMYldIugqqqZCs4_4uVW3sbdLs_6PfgdX7O9D22ZiFWHP' +
      'YA2k2N744MNiCD1UE-tJyllUhSblK48bn-v1oZHCM0nYQ2NqUkvSj-hwUU3RiWl7x3D2s9wSdNt7XUtW05a_FXehsPSiJfKv' +
      'HJJnGOX0BgTvkLnkAOTdOrUZ_wK69Dzu4IvrN4vs9Nes8vbwPa_ddZEzGR0cQMt0JBkhk9kU_qwqUseP1QRJ5I1jR4g8aYPL' +
      '_ke9K35PxZWuDp3U0UPAZ3PjFAh-5T-fc7gzCs9dPzSHloruU-glFQ',
  },
  {
    name: 'C=US, O=VeriSign\\, Inc., OU=VeriSign Trust Network, OU=(c) 2008 VeriSign\\, Inc. - For authorized use only, CN=VeriSign Universal Root Certification Authority',
    sha1: '3679CA35668772304D30A5FB873B0FA77BB70D54',
    modulus:
      'x2E3XrEBNNti1xWb_1hajCMj1mCOkdeQmIN65lgZOIzF9uVkhbSicfvtvbnazU0AtMgtc6XHaXGVHzk8skQHnOgO-k1KxCHf' +
      'KWGPMiJhgsWHH26MfF8WIFFE0XBPV-rjHOPMee5Y2A7Cs0WTwCznmhcrewA3ekEzeOEz4vMQGn-HLL729fdC4uW_h2KJXwBL' +
      '38Xd5HVEMkE6HnFuacsLdUYI0crSK5XQz_u5QGtkjFdN_BMReYTtXlT2NJ8IAfMQJQYXStrxHXpma5hgZqTZ79IugvHw7wnq' +
      'RMkVauIDbjPTrJ9VAMf2CGqUuV_c4DPxhGD5WycRtPwW8rtWaoAljQ',
  },
  {
    name: 'C=ZA, ST=Western Cape, L=Durbanville, O=Thawte, OU=Thawte Certification, CN=Thawte Timestamping CA',
    sha1: 'BE36A4562FB2EE05DBB3D32323ADF445084ED656',
    modulus:
      '1itYeGFFhlPqNHtRnO2w5i4YDv7gX6gn07TJ4HxZThYOc1RgwX_2ny7pOoUkFTzbRwRjw57ElBpa30x689lDHTwQenkl25D-' +
      '8FHnMNZBAP2fKN95vpS7nbYU4yOF16lB4EykebArGovy-DuKPkWscZIAtJBBmPtf7fq3Lor4iDc',
  },
  {
    name: 'C=US, O=thawte\\, Inc., OU=Certification Services Division, OU=(c) 2006 thawte\\, Inc. - For authorized use only, CN=thawte Primary Root CA',
    sha1: '91C6D6EE3E8AC86384E548C299295C756C817B81',
    modulus:
      'rKDw-4BZ1JzHpM-doVlzCRBFDA0sbmjxbFtIaElZN_wLMxnCd3_MEC2VNBzm600JpxzSuMmXNgK3idQkXwbAzESUlI0CYm_r' +
      'Wt0RjSiaXISQEHoNvXRmL2o4oOLVVETrHQefB7pv7un9Tgsp9T6EoAHxnKv4HH6JpOih2HFlDaNRe-680iJgDblbnd-6_FFb' +
      'C6-Ysuku6QToYofeK8jXTsFMZB7dz4dYukpPymgHHRydSsbVL5HMfHFyHMXAZ-sy_cmSXJTahcCbv1N9Kwn0jJ2RH5dqUsve' +
      'CTakd9h7h1BE1T5uKWn7OUkmHgmlgHtALevoJ4XJ_mH9fuZ8lx3VnQ',
  },
  {
    name: 'C=US, O=DigiCert Inc, OU=www.digicert.com, CN=DigiCert Assured ID Root CA',
    sha1: '0563B8630D62D75ABBC8AB1E4BDFB5A899B24D43',
    modulus:
      'rQ4VzuRDgFyxh_O3YPlxEqWu3CaUiKr0zvUgOShYYAz4gNqpFZUyYTy1sSiEiorcnwoMgxd6j5Csiud5U1wxhCr2D5gyNnbM' +
      '3t08qKLvavsh8lJh358g1x_isdn-GGTSEltf-VgYNbxHzaE2-Wt_1LA4PsEbw4wz2dgvGP4oD7Ong9bDbkTAYTWWFv5ZnIt2' +
      'bdfxoksNK_8LctqeYNCOkDXGeFWHIKHP5W0KyEl8MZgzbCLph9AyWqK6E4IR7TkXnZk6cqHm-qTZ1Rcxda6FfSKuPwFGhvYo' +
      'ecix2uRXF8R-HA6wtJKmVrO9spftqqfwt8WoP5UW0P-hlusIXxh3Tw',
  },
  {
    name: 'C=US, ST=UT, L=Salt Lake City, O=The USERTRUST Network, OU=http://www.usertrust.com, CN=UTN-USERFirst-Object',
    sha1: 'E12DFB4B41D7D9C32B30514BAC1D81D8385E2D46',
    modulus:
      'zqqBP6OjYXiqMQBVlRGeJw8fHN86m4JoMMBKYR3xLw76vnn3pSPvVVGWhM3b47luPjHYCiBnx_TZv5TrRwQ-As4qol2HBAn2' +
      'MJ0Yipeyqhz8QdKhNsv7PZG659lwNfrk55DDm6Ob0zz1Epl3sbcJ4GjmHLjzlGOIamr-C3bJvvQi5Ge5qxped8GFB90NbL_u' +
      'Bsd3akGepw_X--6UF7f8hb6kq8QcMd3XttHk8O_fFo-yUpPXodSJoQcuv-EBEkIeGuHYlTTbZHko_7ouEcLl6FuSSPtHC8Js' +
      '2q0yg0HzpeVBcP1lkG36-lHE-b2WKxkELNNtp9zwf2-DZeJqq4eGdQ',
  },
  {
    name: 'C=GB, ST=Greater Manchester, L=Salford, O=Comodo CA Limited, CN=AAA Certificate Services',
    sha1: 'D1EB23A46D17D68FD92564C2F1F1601764D8E349',
    modulus:
      'vkCd9G7h6naHHE1FRI6-RsiDBp3BKv4YH47kAvrzq11QihYxC5oG0MVwIs1JLVRjzLZuaEYLU-rLTCTAvHJO6vEVrvRUmhIK' +
      'w3qyM2Di2olV8yJY897cz--DhqKMlE-faPKYkEaEJ8d2v-PMNSyLXgdkZYLASLCokflhn3YgUKiRx2a163hiA1bwihoT6jGj' +
      'HqCZ_Tj29icyWG8H9Wu4-xQrr7eqzNZjX3OM2gWZqDioyxd4NlGs6Z70eDqNzw_ZQuKYDKsvnw4B3u-fmUnxLd-sdE0bmLVH' +
      'xeUp0fmQGMdinL6DxyZ7Poolx8DdneY1aBAgnY_Y3tLDhJwNXugvyQ',
  },
  {
    name: 'C=SE, O=AddTrust AB, OU=AddTrust External TTP Network, CN=AddTrust External CA Root',
    sha1: '02FAF3E291435468607857694DF5E45B68851868',
    modulus:
      't_caM-byAAQtOeBOW-0fvGwPzbX6I7bO3psRM5ekKUx9k5-9SryT7QMa44_P5W1QWtaXKZRagLBJetsulf24yr83OC0ePpFB' +
      'rXBWx_BPP-gynnTKyJBU6cZfD3idmkA8Dqxhql4Uj56HoWpQ3NeaTq8Fs6ZxlJxxs1BgCscTnTgHhgKo6ahpJhiQq0ywTyOr' +
      'Ok-E2N_On-Fpb7vXQtdrROTHre5tQV9yWnEIN7N5ZaRZoJQ39wAvDcKSctrQOHLbFKhFxF0qfbe01sTurM0TRLfJK91DACX6' +
      'YblpalgjEbenM49WdVn1zSnXRrcKK2W200JvFbK4e_vv6V1T1TRaJw',
  },
  {
    name: 'C=BE, O=GlobalSign nv-sa, OU=Root CA, CN=GlobalSign Root CA',
    sha1: 'B1BC968BD4F49D622AA89A81F2150152A41D829C',
    modulus:
      '2g7mmY3Oo-NPin778YuDJWvqSB_xKrC5lREEvfBj0eJnZs8c3c8bSCvujYmOmq8pgGWr6cctEsurHExwB6E9CjDNFY1P-N3U' +
      'jFAVHO9Q7sQu9_zpUvKRfeBt1TUwjl5Dc_JB6dVq47KJOlY5OG8GPIhpWypNxadUuGyJzJv5PMrl_Yn1EjySeJbW3HRuk0Rh' +
      '0Y3HRrJ1DoboGYrVbWzVeBaVounICjjr8iQTT3NUkxOFOhu8HjS1iwWMuXeLsdsfIJGrCVNukM57N3S5cEeRIlFjFnmusa5B' +
      'JgjIGSvRRqpI1mQq14M0_ywqwWwZQ0oHhefTfPYhaO_q8lKff5OQzw',
  },
  {
    name: 'C=BE, O=GlobalSign nv-sa, CN=GlobalSign Code Signing Root R45',
    sha1: '4EFC31460C619ECAE59C1BCE2C008036D94C84B8',
    modulus:
      'ti3FMN166KuQPQNysDpLmRZhsuX_pWcdNxzlfuyTg6qE9aNDm5hFirhjV12bAIgEJen4aJJLgthLyUoD86h_ao-KYSe9oUTQ' +
      '_fU_IsKjT5GNswWyKIKRXftZiAULlwbCmPgspzMk7lA6QczwoLB7HU3SqFg4lunf-RuRu4sQLNLHQx2iCXShgK975jMKDFlr' +
      'jrz0q1qXe3-uVfuE8ID-hEzX4rq9xHWhb71hEHREspgH4nSr_2jcbCY-6R_l4ASHrTDTDI0DfFW4FnBcJHggJetnZ4iruk40' +
      'mGtwEd44ytS-ocCc4d8eAgHYO-FnQ4S2z_x0ty-Eo7-6CTc9Z2yxRVwZYatBg_WsHet3DUZHc86_vZWV7Z0riBD--ljop1fh' +
      's8-oWukHJZsSxJ6Acj2T3IyU3ztE5iaA_NLDA_CMDNJF1i7nj5ie5gTuQm5nfkIWcWLnBPlgxmShtpyBIU4rxm1olIbGmXRz' +
      'ZzF6kfLUjHlufKa7fkZvTcWFEivPmiJECKiFN84HYVcGFxIkwMQxc6GYNVdHfhA6RdktpFGQmKmgBzfEZRqqHGsWd_enl-w_' +
      'GTCZbzH76kCy59LE-snQ8FB2dFn6jW0XMr746X4D9OeHdZrUSpEshQMTAitCgPKJajbPyEygzp74y42tFqfT3tWbGKfGkjrx' +
      'gmPxLg4kZN8',
  },
  {
    name: 'O=Entrust.net, OU=www.entrust.net/CPS_2048 incorp. by ref. (limits liab.), OU=(c) 1999 Entrust.net Limited, CN=Entrust.net Certification Authority (2048)',
    sha1: '503006091D97D4F5AE39F7CBE7927D7D652D3431',
    modulus:
      'rU1LqRKGsuqjIAcVFmQqK0vRvwtKTY7tgHalZ7d4QMBzQshowNtTK91euHaYNZOLGp18EzoOH1u3Hs_lJBQesYGpjX24zGtL' +
      'A_ECDNyrpUAkAH90lKGdCCmziAv1h3edVc3kw37XamSrhRSGlVuXMlBvPci6Zgzj_L24ScF2iUkZ_cCovYmjZy_Gn7xxGWC4' +
      'LeksyZB2ZnuU4q941mVTXTzWnLLPKQP5L6RQstRIzgUyVYr9smRMDuSYB3Xbf9-5CFVghTAp-XtIpGmG4zU_HoZdenoVve8A' +
      'jhUiVBcAkCaTvA5JaJG_-EfTnZVCwQ5N328mz8MYIWJmQ3DW1cAH4Q',
  },
  {
    name: 'C=US, O=GeoTrust Inc., CN=GeoTrust Global CA',
    sha1: 'DE28F4A4FFE5B92FA3C503D1A349A7F9962A8212',
    modulus:
      '2swYYzD99BcjGlZ-W988bDjkcbd4kdS8odhM-KhDtgPpTSEHCIjaWC9mOSm9BXiLnTjoBbdqfnGk5sRgprDvgOSJKA-eJdbtg_Ot' +
      'ppHHmMlCGDUUna2YRpIuT8rxh0PBFpVXLVDviS2Aelet8u5fa9IAjbkU-BQVNdnARqN7csiRv8lVK83Qlz6cJmTM386DGXHKTubU' +
      '1XupGc1V3sjs0l44U-VcT4wt_lAjNvxm5suOpDkZALeVAjmRCw7-OC7RHQWa9k0-bw8HHa8sHo9gOeL6NlMTOdReJivbPagUvTLr' +
      'GAMoUgRx5aszPeE4uwc2hGKceeoWMPRfwCvocWvk-Q',
  },
  {
    name: 'C=US, O=Equifax, OU=Equifax Secure Certificate Authority',
    sha1: 'D23209AD23D314232174E40D7F9D62139786633A',
    modulus:
      'wV2xWGcIYu6gmi0fCG2RFGiYCh7-2gRvE4RiIcPRfM6fBeC4AfBONOziipUEZKzxa1NfBbPLZ4C_QgKO_t0BCezhABRP_PvwDN1D' +
      'ulsr4R-AcJkVV5MW8Q-XarfCaCMczE1ZMKxRHjuvK9buY0V7xdlfUNLjUA86iOe_FP3gx7k',
  },
  {
    name: 'O=VeriSign Trust Network, OU=VeriSign\\, Inc., OU=VeriSign Time Stamping Service Root, OU=NO LIABILITY ACCEPTED\\, (c)97 VeriSign\\, Inc.',
    sha1: '18F7C1FCC3090203FD5BAA2F861A754976C8DD25',
    modulus:
      '0y4g8Gh8LC0ugRyxBrKnC7cRDVfaU9h148kzKrLU9glbNPPpkP4JDNDbG1q5zef2iLGdwIcl631YEHNqeMtxFf3GWPYpq1helgT9' +
      'LWIRWIEcynGU1SJYL9XMFAWENrqUqrRNSunuOyKtVpl-IZxshsBKR5dqtKY21fwJLdO0OZs',
  },
  {
    name: 'C=US, ST=Arizona, L=Scottsdale, O=Starfield Technologies\\, Inc., OU=http://certificates.starfieldtech.com/repository/, CN=Starfield Services Root Certificate Authority',
    sha1: '5D003860F002ED829DEAA41868F788186D62127F',
    modulus:
      '8sxWKk3mFjdal-ptNTjREJvbuNypBAmVMy4JxQB7GnhCj8j0BY7-0miDHk6ZzRfbRz5Q84nS59yY-wX4qtZj9FRNwXEDsB8b' +
      'drMaNDBz8SgyYIP9tJzXttIiN3wZqjveExBpblwG02-j8mZadkJIr4DRVFk91LnU2-25qzmZ9O5iq-F4cnvYOI1AtszcEgBw' +
      'Q4Vp2Bjjyldyn7TfP_wiqEJS9XdbmfBWLSZwFjYSwieeV6Z80CPxedyjk1goOD2frTZD7jf7-PlDrchW8pQSXkLrc7gTDcum' +
      '1Ya5qihqVAOhPw8p6wkA6D9eon8XPaEr-L7QdR2khOOrF2UGUgCvsQ',
  },
  {
    name: 'C=PL, O=Unizeto Sp. z o.o., CN=Certum CA',
    sha1: '6252DC40F71143A22FDE9EF7348E064251B18118',
    modulus:
      'zrHBLtNPfM0lzhg-T8SMb4Bqc8hbUfib0ty7AFyxoPx1A-6B8IjuI1Lp5hUzjawtCcV2-Ss5gInkl0uQpah4-HNDe6RhsNhY' +
      'zOFsZn6c8wleVWOE1ajv87EuMGizxDzYrG6NmVqQTjTcNpqPgYhQt22WQgnz15WDDUFLsGpr-PwPfmKfZ8TtJl8QJg8IT_Ck' +
      'VyjOj7jtRfZu7iVdqm45vuSTL9lHoHLr-qZbr8pTP-IOxpZWEW736WapJth_lVPtCoWIuk8ppUKMXrb8hSAAqmgLoRqFAZzE' +
      'RmOCiLYise7-qkZZfs81LNW22l33SDMUVLbr2W_OzYjWqxvaljsdWQ',
  },
];

/** The same roots with their keys. */
export const publicRoots: readonly PublicRoot[] = rootFacts.map(({ name, sha1, modulus }) => ({
  name,
  sha1,
  key: createPublicKey({ key: { kty: 'RSA', e: 'AQAB', n: modulus }, format: 'jwk' }),
}));
