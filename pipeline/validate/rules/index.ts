import type { Rule } from '../define.ts';
import { catalogBrokenSignature } from './catalog-broken-signature.ts';
import { catalogBrokenTimestamp } from './catalog-broken-timestamp.ts';
import { catalogCertificateDates } from './catalog-certificate-dates.ts';
import { catalogIncompleteChain } from './catalog-incomplete-chain.ts';
import { catalogInfMismatch } from './catalog-inf-mismatch.ts';
import { catalogListNotDer } from './catalog-list-not-der.ts';
import { catalogNotDer } from './catalog-not-der.ts';
import { catalogNotNamed } from './catalog-not-named.ts';
import { catalogOddName } from './catalog-odd-name.ts';
import { catalogOlderOs } from './catalog-older-os.ts';
import { catalogOsNotCovered } from './catalog-os-not-covered.ts';
import { catalogPayloadMismatch } from './catalog-payload-mismatch.ts';
import { catalogUnfitCertificate } from './catalog-unfit-certificate.ts';
import { catalogUnreadable } from './catalog-unreadable.ts';
import { catalogUnsigned } from './catalog-unsigned.ts';
import { catalogWeakSignature } from './catalog-weak-signature.ts';
import { basenameClash } from './disc-basename-clash.ts';
import { hardwareIdClash } from './disc-hardware-id-clash.ts';
import { pathCollision } from './disc-path-collision.ts';
import { unfitName } from './disc-unfit-name.ts';
import { driverMissingTarget } from './driver-missing-target.ts';
import { driverOlderThanOnOlderWindows } from './driver-older-than-on-older-windows.ts';
import { infBadDriverVer } from './inf-bad-driver-ver.ts';
import { infBadSignature } from './inf-bad-signature.ts';
import { infChicagoSignature } from './inf-chicago-signature.ts';
import { infClassInstallOfMicrosoftClass } from './inf-class-install-of-microsoft-class.ts';
import { infCoInstaller } from './inf-co-installer.ts';
import { infDanglingContinuation } from './inf-dangling-continuation.ts';
import { infDefaultInstallWithModels } from './inf-default-install-with-models.ts';
import { infDoesNotInstall } from './inf-does-not-install.ts';
import { infDuplicateSection } from './inf-duplicate-section.ts';
import { infEmptyCopyList } from './inf-empty-copy-list.ts';
import { infEncoding } from './inf-encoding.ts';
import { infIncludeWithoutNeeds } from './inf-include-without-needs.ts';
import { infIncompleteService } from './inf-incomplete-service.ts';
import { infLfLineEnds } from './inf-lf-line-ends.ts';
import { infLineEndingsRepaired } from './inf-line-endings-repaired.ts';
import { infMicrosoftProvider } from './inf-microsoft-provider.ts';
import { infMissingFile } from './inf-missing-file.ts';
import { infMissingModelsSection } from './inf-missing-models-section.ts';
import { infMissingSection } from './inf-missing-section.ts';
import { infModelsOfOtherArch } from './inf-models-of-other-arch.ts';
import { infNameCase } from './inf-name-case.ts';
import { infNoFunctionService } from './inf-no-function-service.ts';
import { infNoModels } from './inf-no-models.ts';
import { infNoPnpLockdown } from './inf-no-pnp-lockdown.ts';
import { infNonAsciiText } from './inf-non-ascii-text.ts';
import { infRefusedCoInstaller } from './inf-refused-co-installer.ts';
import { infRegistryOutsideHkr } from './inf-registry-outside-hkr.ts';
import { infSectionOfIncludedInf } from './inf-section-of-included-inf.ts';
import { infServiceBinaryNotCopied } from './inf-service-binary-not-copied.ts';
import { infShortDriverVer } from './inf-short-driver-ver.ts';
import { infStaleCoInstaller } from './inf-stale-co-installer.ts';
import { infTemplateToken } from './inf-template-token.ts';
import { infTextBeforeSection } from './inf-text-before-section.ts';
import { infUndecoratedModels } from './inf-undecorated-models.ts';
import { infUndefinedDisk } from './inf-undefined-disk.ts';
import { infUndefinedString } from './inf-undefined-string.ts';
import { infUnlistedFile } from './inf-unlisted-file.ts';
import { infUnnamedFile } from './inf-unnamed-file.ts';
import { infUnreadable } from './inf-unreadable.ts';
import { infUnusedSection } from './inf-unused-section.ts';
import { infUnusedString } from './inf-unused-string.ts';
import { infWrongOs } from './inf-wrong-os.ts';
import { manifestMissingExtra } from './manifest-missing-extra.ts';
import { peBrokenSignature } from './pe-broken-signature.ts';
import { peBrokenTimestamp } from './pe-broken-timestamp.ts';
import { peUnreadable } from './pe-unreadable.ts';
import { peUnreadableVersion } from './pe-unreadable-version.ts';
import { peUnsignedBootDriver } from './pe-unsigned-boot-driver.ts';
import { peVersionMismatch } from './pe-version-mismatch.ts';
import { peWeakBootSignature } from './pe-weak-boot-signature.ts';
import { peWrongMachine } from './pe-wrong-machine.ts';
import { releaseDriverNotFound } from './release-driver-not-found.ts';
import { releaseEmpty } from './release-empty.ts';
import { releaseFutureDriverVer } from './release-future-driver-ver.ts';
import { releasePlainName } from './release-plain-name.ts';
import { releaseRefusedSignature } from './release-refused-signature.ts';
import { releaseUndated } from './release-undated.ts';
import { signNoTimestamp } from './sign-no-timestamp.ts';
import { signReplacedSignature } from './sign-replaced-signature.ts';
import { signShortLivedCertificate } from './sign-short-lived-certificate.ts';

/** All rules, sorted by id. */
export const rules: readonly Rule[] = [
  catalogBrokenSignature,
  catalogBrokenTimestamp,
  catalogCertificateDates,
  catalogIncompleteChain,
  catalogInfMismatch,
  catalogListNotDer,
  catalogNotDer,
  catalogNotNamed,
  catalogOddName,
  catalogOlderOs,
  catalogOsNotCovered,
  catalogPayloadMismatch,
  catalogUnfitCertificate,
  catalogUnreadable,
  catalogUnsigned,
  catalogWeakSignature,
  basenameClash,
  hardwareIdClash,
  pathCollision,
  unfitName,
  driverMissingTarget,
  driverOlderThanOnOlderWindows,
  infBadDriverVer,
  infBadSignature,
  infChicagoSignature,
  infClassInstallOfMicrosoftClass,
  infCoInstaller,
  infDanglingContinuation,
  infDefaultInstallWithModels,
  infDoesNotInstall,
  infDuplicateSection,
  infEmptyCopyList,
  infEncoding,
  infIncludeWithoutNeeds,
  infIncompleteService,
  infLfLineEnds,
  infLineEndingsRepaired,
  infMicrosoftProvider,
  infMissingFile,
  infMissingModelsSection,
  infMissingSection,
  infModelsOfOtherArch,
  infNameCase,
  infNoFunctionService,
  infNoModels,
  infNoPnpLockdown,
  infNonAsciiText,
  infRefusedCoInstaller,
  infRegistryOutsideHkr,
  infSectionOfIncludedInf,
  infServiceBinaryNotCopied,
  infShortDriverVer,
  infStaleCoInstaller,
  infTemplateToken,
  infTextBeforeSection,
  infUndecoratedModels,
  infUndefinedDisk,
  infUndefinedString,
  infUnlistedFile,
  infUnnamedFile,
  infUnreadable,
  infUnusedSection,
  infUnusedString,
  infWrongOs,
  manifestMissingExtra,
  peBrokenSignature,
  peBrokenTimestamp,
  peUnreadable,
  peUnreadableVersion,
  peUnsignedBootDriver,
  peVersionMismatch,
  peWeakBootSignature,
  peWrongMachine,
  releaseDriverNotFound,
  releaseEmpty,
  releaseFutureDriverVer,
  releasePlainName,
  releaseRefusedSignature,
  releaseUndated,
  signNoTimestamp,
  signReplacedSignature,
  signShortLivedCertificate,
];
