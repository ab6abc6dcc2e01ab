/**
 * The codes that a merged category of a released file stands for: `sonstige+423` is `sonstige` and `423`. Nothing for a code
 * of its own: `65+` and `10+` are no lists.
 */
export function mergedCodes(code: string): readonly string[] | undefined {
  const members = code.split("+");
  return members.length > 1 && members.every((member) => member !== "") ? members : undefined;
}
