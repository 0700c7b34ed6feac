/** The folders of the cache, by what they hold. */
export const cacheFolders = {
  /** Fetched files, by sha256. */
  files: 'sha256',
  /** Downloads that are not at their end: `<sha256 wanted>` or `url-<sha256 of the address>`, each with a `.json` that says where it is from. */
  partial: 'partial',
  /** Bare repositories: `<sha256 of the address>/<commit>`. */
  git: 'git',
  /** Detached signatures, by the sha256 of the file that they sign. */
  signatures: 'signature',
} as const;
