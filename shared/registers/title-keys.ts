import type { CodeTables } from "./code-table.ts";
import { ownText } from "./own-text.ts";

/** What an office's key of a residence title means as a code of ours. "unmapped" rows go to the work list. */
export type TitleKey = {
  readonly code: string;
  readonly kind: "mapped" | "outdated" | "unmapped";
  /** The key, if it looks like one of the office's keys; else "". */
  readonly shown: string;
};

const remembered = 5_000;

/**
 * Reads the office's keys by `titel-mapping`; without that file a key that is a `code` of `residence-titles` means itself.
 * A code outside its validity on the day is still classified.
 */
export function titleKeys(codes: CodeTables, day: number): (text: string) => TitleKey {
  const known = new Map<string, TitleKey>();
  const shapes = knownShapes(codes);
  const read = (text: string): TitleKey => {
    const shown = shapes.has(shapeOf(text)) ? ownText(text) : "";
    const { code, isOutdated } = mappedCode(codes, text, day);
    const titles = codes["residence-titles"];
    if (code === "" || titles.find(code).length === 0) return { code: "", kind: "unmapped", shown };
    const isValid = !isOutdated && titles.at(code, day) !== undefined;
    return { code, kind: isValid ? "mapped" : "outdated", shown };
  };
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const key = read(text);
    if (known.size < remembered) known.set(ownText(text), key);
    return key;
  };
}

function mappedCode(codes: CodeTables, text: string, day: number): { code: string; isOutdated: boolean } {
  const mapping = codes["titel-mapping"];
  if (mapping.entries.length === 0) return { code: ownText(text), isOutdated: false };
  const valid = mapping.at(text, day);
  const entry = valid ?? mapping.find(text).at(-1);
  return { code: entry?.fields["code"] ?? "", isOutdated: valid === undefined };
}

function knownShapes(codes: CodeTables): ReadonlySet<string> {
  const keys = [...codes["titel-mapping"].entries, ...codes["residence-titles"].entries].map(
    ({ code }) => code,
  );
  return new Set(keys.filter((key) => /\d/.test(key)).map(shapeOf));
}

/** Letters, digits and signs of a key; long numbers and words keep their length, so that no person number looks like one. */
function shapeOf(key: string): string {
  return key
    .replace(/\p{Lu}/gu, "A")
    .replace(/\p{Ll}/gu, "a")
    .replace(/(?<!\d)\d{1,3}(?!\d)/g, "9")
    .replace(/\d{4,}/g, (digits) => "#".repeat(digits.length));
}
