import { asksFor } from '../../manifest/names.ts';
import type { HostPlan, PlanInput } from './define.ts';
import { discPlan } from './disc-plan.ts';
import { driversPlan } from './drivers-plan.ts';
import { symbolsPlan } from './symbols-plan.ts';

/** Plans the packages of a release, the one of the disc first. */
export function hostPlans(input: PlanInput): HostPlan[] {
  const { symbols } = input.discs;
  return [
    discPlan(input),
    ...(symbols === undefined ? [] : [symbolsPlan(input, symbols)]),
    ...(asksFor(input.manifest, 'drivers') ? [driversPlan(input)] : []),
  ];
}
