import { loadCondition, loadConditionText, stricterCondition } from '../../formats/windows/signing-policy.ts';
import { bootDrivers, checksBootDrivers, embeddedState } from '../boot-drivers.ts';
import { defineRule } from '../define.ts';

export const peWeakBootSignature = defineRule({
  id: 'pe/weak-boot-signature',
  severity: 'error',
  scope: 'package',
  explain: `The embedded signature of a boot-start driver (StartType = 0) is trusted less by this Windows than the signature of its catalog. The boot loader cannot read catalogs and checks the embedded signature only.
Windows installs the package, but does not load the driver at boot, or loads it only with Secure Boot off or in test-signing mode; a guest with its disk on this driver does not boot.
Use the .sys as signed by the signer of the catalog, or sign both with the same certificate.`,
  check: (driverPackage) => {
    const { row, signature } = driverPackage;
    if (row === undefined || !checksBootDrivers(driverPackage)) return [];
    const byCatalog = loadCondition(signature, row);
    return bootDrivers(driverPackage).flatMap(({ path, facts }) => {
      const state = embeddedState(facts, row);
      const loads = loadCondition(state, row);
      if (state === 'unsigned' || loads === byCatalog || stricterCondition(loads, byCatalog) === byCatalog)
        return [];
      return [
        {
          path,
          message: `is loaded at boot with an embedded signature that is ${state}, while its catalog is ${signature}: it ${loadConditionText[loads]}`,
          hint: 'use the .sys as signed by the signer of the catalog, or sign both with the same certificate',
        },
      ];
    });
  },
});
