/** Orders texts by code units: the same on every machine, unlike the order of a language. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
