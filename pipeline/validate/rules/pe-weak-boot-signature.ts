import { loadCondition, loadConditionText, weakerCondition } from '../../formats/windows/signing-policy.ts';
import { bootDrivers, checksBootDrivers, embeddedState } from '../boot-drivers.ts';
import { defineRule } from '../define.ts';

export const peWeakBootSignature = defineRule({
  id: 'pe/weak-boot-signature',
  severity: 'error',
  scope: 'package',
  explain: `A driver that the loader starts at boot (StartType = 0) is signed in its own .sys file by an authority that this Windows trusts less than that of its catalog. The loader cannot read catalogs, so the better one does not help.
Windows installs the package, then does not load the driver at boot, or only with Secure Boot off or in test-signing mode; a guest whose disk it serves does not boot.
Take the .sys as the signer of the catalog signed it, or have both signed alike.`,
  check: (driverPackage) => {
    const { row, signature } = driverPackage;
    if (row === undefined || !checksBootDrivers(driverPackage)) return [];
    const byCatalog = loadCondition(signature, row);
    return bootDrivers(driverPackage).flatMap(({ path, facts }) => {
      const state = embeddedState(facts);
      const loads = loadCondition(state, row);
      if (state === 'unsigned' || loads === byCatalog || weakerCondition(loads, byCatalog) === byCatalog)
        return [];
      return [
        {
          path,
          message: `is loaded at boot and ${state} in itself, while its catalog is ${signature}: it ${loadConditionText[loads]}`,
          hint: 'take the .sys as the signer of the catalog signed it, or have both signed alike',
        },
      ];
    });
  },
});
