import { NtExecutable, NtExecutableResource } from 'pe-library';
import { Resource } from 'resedit';
import type { PeKind } from './entry-code.ts';

/** Four numbers of 16 bits, as DriverVer and VS_FIXEDFILEINFO have them. */
export type FileVersion = `${number}.${number}.${number}.${number}`;

/** What a file says of itself in its version resource. */
export interface VersionStrings {
  readonly kind: PeKind;
  readonly version: FileVersion;
  readonly description: string;
  readonly company: string;
  readonly fileName: string;
}

const language = { lang: 0x0409, codepage: 1200 };

const fileTypes: Readonly<Record<PeKind, number>> = {
  sys: Resource.VersionFileType.Driver,
  dll: Resource.VersionFileType.DLL,
  exe: Resource.VersionFileType.App,
};

/** Returns the bytes of a `.rsrc` section for the given RVA that holds one VS_VERSIONINFO, in US English. */
export function versionResource(facts: VersionStrings, rva: number): Uint8Array {
  const resources = NtExecutableResource.from(NtExecutable.createEmpty());
  resources.replaceResourceEntry(versionInfo(facts).generateResource());
  const { bin, rawSize } = resources.generateResourceData(rva, 8);
  return new Uint8Array(bin, 0, rawSize);
}

function versionInfo({
  kind,
  version,
  description,
  company,
  fileName,
}: VersionStrings): Resource.VersionInfo {
  const info = Resource.VersionInfo.create(
    language.lang,
    {
      fileFlagsMask: 0x3f,
      fileOS: Resource.VersionFileOS.NT_Windows32,
      fileType: fileTypes[kind],
      fileSubtype: kind === 'sys' ? Resource.VersionFileDriverSubtype.System : 0,
    },
    [],
  );
  info.setStringValues(language, {
    CompanyName: company,
    FileDescription: description,
    InternalName: fileName,
    OriginalFilename: fileName,
    ProductName: description,
  });
  info.setFileVersion(version, language.lang);
  info.setProductVersion(version, language.lang);
  return info;
}
