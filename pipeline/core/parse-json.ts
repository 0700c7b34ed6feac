/** Returns the value of a JSON text; undefined, which JSON cannot express, for other text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
