export const floors: readonly (readonly string[])[];
export function roomOverrides(): readonly object[];
