import type { Rule } from '../define.ts';
import { catalogBrokenSignature } from './catalog-broken-signature.ts';
import { catalogBrokenTimestamp } from './catalog-broken-timestamp.ts';
import { catalogCertificateDates } from './catalog-certificate-dates.ts';
import { catalogIncompleteChain } from './catalog-incomplete-chain.ts';
import { catalogInfMismatch } from './catalog-inf-mismatch.ts';
import { catalogListNotDer } from './catalog-list-not-der.ts';
import { catalogMissingHardwareId } from './catalog-missing-hardware-id.ts';
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
import { setupDriverClash } from './disc-setup-driver-clash.ts';
import { setupDriverMissing } from './disc-setup-driver-missing.ts';
import { setupDriverNotLoaded } from './disc-setup-driver-not-loaded.ts';
import { unfitName } from './disc-unfit-name.ts';
import { driverDeviceHalfServed } from './driver-device-half-served.ts';
import { driverDeviceNotServed } from './driver-device-not-served.ts';
import { driverMissingTarget } from './driver-missing-target.ts';
import { driverOlderThanOnOlderWindows } from './driver-older-than-on-older-windows.ts';
import { infAppendedMultiSz } from './inf-appended-multi-sz.ts';
import { infBadDecoration } from './inf-bad-decoration.ts';
import { infBadDestination } from './inf-bad-destination.ts';
import { infBadDriverVer } from './inf-bad-driver-ver.ts';
import { infBadExtension } from './inf-bad-extension.ts';
import { infBadRegistryLine } from './inf-bad-registry-line.ts';
import { infBadServiceBinary } from './inf-bad-service-binary.ts';
import { infBadServiceValue } from './inf-bad-service-value.ts';
import { infBadSignature } from './inf-bad-signature.ts';
import { infBootDiskService } from './inf-boot-disk-service.ts';
import { infChicagoSignature } from './inf-chicago-signature.ts';
import { infCircularNeeds } from './inf-circular-needs.ts';
import { infClassInstallOfMicrosoftClass } from './inf-class-install-of-microsoft-class.ts';
import { infClassMismatch } from './inf-class-mismatch.ts';
import { infCoInstaller } from './inf-co-installer.ts';
import { infConflictingCopies } from './inf-conflicting-copies.ts';
import { infDanglingContinuation } from './inf-dangling-continuation.ts';
import { infDefaultInstallWithModels } from './inf-default-install-with-models.ts';
import { infDeviceOfOtherKind } from './inf-device-of-other-kind.ts';
import { infDoesNotInstall } from './inf-does-not-install.ts';
import { infDoubledEntry } from './inf-doubled-entry.ts';
import { infDriverStoreRename } from './inf-driver-store-rename.ts';
import { infDriverStoreTooEarly } from './inf-driver-store-too-early.ts';
import { infDuplicateSection } from './inf-duplicate-section.ts';
import { infEmptyCopyList } from './inf-empty-copy-list.ts';
import { infEncoding } from './inf-encoding.ts';
import { infIncludeWithoutNeeds } from './inf-include-without-needs.ts';
import { infIncompleteModel } from './inf-incomplete-model.ts';
import { infIncompleteService } from './inf-incomplete-service.ts';
import { infLegacyDirective } from './inf-legacy-directive.ts';
import { infLfLineEnds } from './inf-lf-line-ends.ts';
import { infLineEndingsRepaired } from './inf-line-endings-repaired.ts';
import { infLineWithoutKey } from './inf-line-without-key.ts';
import { infMalformedHardwareId } from './inf-malformed-hardware-id.ts';
import { infMicrosoftProvider } from './inf-microsoft-provider.ts';
import { infMissingFile } from './inf-missing-file.ts';
import { infMissingModelsSection } from './inf-missing-models-section.ts';
import { infMissingSection } from './inf-missing-section.ts';
import { infMisspelledDirective } from './inf-misspelled-directive.ts';
import { infMisspelledSection } from './inf-misspelled-section.ts';
import { infModelsOfOtherArch } from './inf-models-of-other-arch.ts';
import { infNameCase } from './inf-name-case.ts';
import { infNeedsOfOtherKind } from './inf-needs-of-other-kind.ts';
import { infNewerSyntax } from './inf-newer-syntax.ts';
import { infNoClass } from './inf-no-class.ts';
import { infNoDestination } from './inf-no-destination.ts';
import { infNoFunctionService } from './inf-no-function-service.ts';
import { infNoModels } from './inf-no-models.ts';
import { infNoPnpLockdown } from './inf-no-pnp-lockdown.ts';
import { infNoProvider } from './inf-no-provider.ts';
import { infNonAsciiText } from './inf-non-ascii-text.ts';
import { infOddServiceStart } from './inf-odd-service-start.ts';
import { infOpenQuote } from './inf-open-quote.ts';
import { infRefusedCoInstaller } from './inf-refused-co-installer.ts';
import { infRegistryOutsideHkr } from './inf-registry-outside-hkr.ts';
import { infReservedClass } from './inf-reserved-class.ts';
import { infSectionOfIncludedInf } from './inf-section-of-included-inf.ts';
import { infServiceBinaryNotCopied } from './inf-service-binary-not-copied.ts';
import { infSeveralFunctionServices } from './inf-several-function-services.ts';
import { infShortDriverVer } from './inf-short-driver-ver.ts';
import { infStaleCoInstaller } from './inf-stale-co-installer.ts';
import { infTemplateToken } from './inf-template-token.ts';
import { infTextAfterEnd } from './inf-text-after-end.ts';
import { infTextAfterHeader } from './inf-text-after-header.ts';
import { infTextBeforeSection } from './inf-text-before-section.ts';
import { infUncopiedFile } from './inf-uncopied-file.ts';
import { infUndecoratedModels } from './inf-undecorated-models.ts';
import { infUndefinedDisk } from './inf-undefined-disk.ts';
import { infUndefinedString } from './inf-undefined-string.ts';
import { infUnescapedVariable } from './inf-unescaped-variable.ts';
import { infUnknownVirtioDevice } from './inf-unknown-virtio-device.ts';
import { infUnlistedFile } from './inf-unlisted-file.ts';
import { infUnnamedFile } from './inf-unnamed-file.ts';
import { infUnreadable } from './inf-unreadable.ts';
import { infUntranslatedString } from './inf-untranslated-string.ts';
import { infUnusedSection } from './inf-unused-section.ts';
import { infUnusedString } from './inf-unused-string.ts';
import { infWrongOs } from './inf-wrong-os.ts';
import { infWrongSubsystem } from './inf-wrong-subsystem.ts';
import { manifestMissingExtra } from './manifest-missing-extra.ts';
import { peBrokenSignature } from './pe-broken-signature.ts';
import { peBrokenTimestamp } from './pe-broken-timestamp.ts';
import { peBuildPath } from './pe-build-path.ts';
import { peCertificateDates } from './pe-certificate-dates.ts';
import { peDebugBuild } from './pe-debug-build.ts';
import { peMemoryIntegrity } from './pe-memory-integrity.ts';
import { peNeedsNewerWindows } from './pe-needs-newer-windows.ts';
import { peNeedsUpdate } from './pe-needs-update.ts';
import { peNotLoadable } from './pe-not-loadable.ts';
import { peUnknownImport } from './pe-unknown-import.ts';
import { peUnreadable } from './pe-unreadable.ts';
import { peUnreadableVersion } from './pe-unreadable-version.ts';
import { peUnsignedBootDriver } from './pe-unsigned-boot-driver.ts';
import { peVersionMismatch } from './pe-version-mismatch.ts';
import { peWeakBootSignature } from './pe-weak-boot-signature.ts';
import { peWeakSignature } from './pe-weak-signature.ts';
import { peWrongChecksum } from './pe-wrong-checksum.ts';
import { peWrongMachine } from './pe-wrong-machine.ts';
import { releaseDriverNotFound } from './release-driver-not-found.ts';
import { releaseEmpty } from './release-empty.ts';
import { releaseFutureDriverVer } from './release-future-driver-ver.ts';
import { releaseMixedFamilies } from './release-mixed-families.ts';
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
  catalogMissingHardwareId,
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
  setupDriverClash,
  setupDriverMissing,
  setupDriverNotLoaded,
  unfitName,
  driverDeviceHalfServed,
  driverDeviceNotServed,
  driverMissingTarget,
  driverOlderThanOnOlderWindows,
  infAppendedMultiSz,
  infBadDecoration,
  infBadDestination,
  infBadDriverVer,
  infBadExtension,
  infBadRegistryLine,
  infBadServiceBinary,
  infBadServiceValue,
  infBadSignature,
  infBootDiskService,
  infChicagoSignature,
  infCircularNeeds,
  infClassInstallOfMicrosoftClass,
  infClassMismatch,
  infCoInstaller,
  infConflictingCopies,
  infDanglingContinuation,
  infDefaultInstallWithModels,
  infDeviceOfOtherKind,
  infDoesNotInstall,
  infDoubledEntry,
  infDriverStoreRename,
  infDriverStoreTooEarly,
  infDuplicateSection,
  infEmptyCopyList,
  infEncoding,
  infIncludeWithoutNeeds,
  infIncompleteModel,
  infIncompleteService,
  infLegacyDirective,
  infLfLineEnds,
  infLineEndingsRepaired,
  infLineWithoutKey,
  infMalformedHardwareId,
  infMicrosoftProvider,
  infMissingFile,
  infMissingModelsSection,
  infMissingSection,
  infMisspelledDirective,
  infMisspelledSection,
  infModelsOfOtherArch,
  infNameCase,
  infNeedsOfOtherKind,
  infNewerSyntax,
  infNoClass,
  infNoDestination,
  infNoFunctionService,
  infNoModels,
  infNoPnpLockdown,
  infNoProvider,
  infNonAsciiText,
  infOddServiceStart,
  infOpenQuote,
  infRefusedCoInstaller,
  infRegistryOutsideHkr,
  infReservedClass,
  infSectionOfIncludedInf,
  infServiceBinaryNotCopied,
  infSeveralFunctionServices,
  infShortDriverVer,
  infStaleCoInstaller,
  infTemplateToken,
  infTextAfterEnd,
  infTextAfterHeader,
  infTextBeforeSection,
  infUncopiedFile,
  infUndecoratedModels,
  infUndefinedDisk,
  infUndefinedString,
  infUnescapedVariable,
  infUnknownVirtioDevice,
  infUnlistedFile,
  infUnnamedFile,
  infUnreadable,
  infUntranslatedString,
  infUnusedSection,
  infUnusedString,
  infWrongOs,
  infWrongSubsystem,
  manifestMissingExtra,
  peBrokenSignature,
  peBrokenTimestamp,
  peBuildPath,
  peCertificateDates,
  peDebugBuild,
  peMemoryIntegrity,
  peNeedsNewerWindows,
  peNeedsUpdate,
  peNotLoadable,
  peUnknownImport,
  peUnreadable,
  peUnreadableVersion,
  peUnsignedBootDriver,
  peVersionMismatch,
  peWeakBootSignature,
  peWeakSignature,
  peWrongChecksum,
  peWrongMachine,
  releaseDriverNotFound,
  releaseEmpty,
  releaseFutureDriverVer,
  releaseMixedFamilies,
  releasePlainName,
  releaseRefusedSignature,
  releaseUndated,
  signNoTimestamp,
  signReplacedSignature,
  signShortLivedCertificate,
];
