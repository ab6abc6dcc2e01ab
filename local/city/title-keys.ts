import { Dice } from "./random.ts";
import { codeRows } from "./status.ts";
import type { Title } from "./titles.ts";

/** The office's own keys for titles that are no humanitarian ones; all mean SONST. */
const otherKeys = {
  union: ["FZG-EU", "FZG-EU", "FZG-EU", "FZG-DA"],
  third: ["NE-9", "NE-9", "NE-9", "AE-28", "AE-30", "AE-18B", "AE-16B", "BK-18G", "DA-EU"],
} as const;
const otherTexts: Readonly<Record<string, string>> = {
  "FZG-EU": "Freizügigkeit; Unionsbürger",
  "FZG-DA": "Daueraufenthalt EU, § 4a FreizügG/EU",
  "NE-9": "Niederlassungserlaubnis § 9 AufenthG",
  "AE-28": "Familiennachzug zu Deutschen",
  "AE-30": "Ehegattennachzug",
  "AE-18B": "Fachkräfte, akademisch",
  "AE-16B": "Studium",
  "BK-18G": "Blaue Karte EU",
  "DA-EU": "Daueraufenthalt-EU",
};

/** `AE25_2_GFK` → `25-2-1`: how the invented office numbers what the law names. */
function officeKey(code: string, at: number): string {
  const numbers = code.replace(/^[A-Z_]+/, "").replaceAll("_", "-");
  return `${code.startsWith("NE") ? "NE" : ""}${numbers === "" ? code.slice(0, 2) : numbers}-${at + 1}`;
}

const rows = codeRows("residence-titles.csv");
const keyOf = new Map(rows.map((row, at) => [row["code"] ?? "", officeKey(row["code"] ?? "", at)]));
const textOf = new Map(rows.map((row) => [row["code"] ?? "", row["label_de"] ?? ""]));

export type OfficeTitle = { readonly key: string; readonly text: string };

/** A title under the office's key. */
export function officeTitle(title: Title, group: string, number: number): OfficeTitle {
  if (title.code !== "SONST")
    return { key: keyOf.get(title.code) ?? title.code, text: textOf.get(title.code) ?? "" };
  const keys = group === "union" ? otherKeys.union : otherKeys.third;
  const key = new Dice(0, "row", number, 1).pick(keys);
  return { key, text: otherTexts[key] ?? "" };
}

/** `titel-mapping.csv` of the office. */
export function titleMapping(): string {
  const own = [...keyOf].map(([code, key]) => `${key};${code};;`);
  const others = Object.keys(otherTexts).map((key) => `${key};SONST;;`);
  return `${["schluessel;code;gueltig_von;gueltig_bis", ...own, ...others].join("\r\n")}\r\n`;
}
