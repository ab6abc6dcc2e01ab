import type { Archive } from "./workbook-guard.ts";
import { notAWorkbook } from "./workbook-guard.ts";
import { isTrue, readXml, unescapedText, type XmlAttributes } from "./workbook-xml.ts";

export type SheetPart = { readonly name: string; readonly part: string; readonly isHidden: boolean };

/** What the cells of all sheets refer to. */
export type Workbook = {
  readonly sheets: readonly SheetPart[];
  readonly serials: 1900 | 1904;
  readonly sharedStrings: readonly string[];
  /** By cell style: the number is shown as a date. */
  readonly isDateStyle: readonly boolean[];
};

type Relationship = { readonly id: string; readonly type: string; readonly part: string };

/** Reads everything of a workbook but its sheets. @throws {FileRefused} D-003 if it is none. */
export async function readWorkbook(archive: Archive): Promise<Workbook> {
  const main = (await readRelationships(archive, "")).find(({ type }) => type === "officeDocument");
  if (main === undefined) throw notAWorkbook();
  const relationships = await readRelationships(archive, main.part);
  const partOf = (type: string) => relationships.find((relationship) => relationship.type === type)?.part;
  const { sheets, serials } = await readSheetList(archive, main.part, relationships);
  return {
    sheets,
    serials,
    sharedStrings: await readSharedStrings(archive, partOf("sharedStrings")),
    isDateStyle: await readDateStyles(archive, partOf("styles")),
  };
}

async function readRelationships(archive: Archive, of: string): Promise<Relationship[]> {
  const folder = of.slice(0, of.lastIndexOf("/") + 1);
  const found: Relationship[] = [];
  const part = `${folder}_rels/${of.slice(folder.length)}.rels`;
  await readXml(archive.read(part), {
    open(name, attributes) {
      if (name !== "Relationship" || attributes["TargetMode"] === "External") return;
      const type = attributes["Type"] ?? "";
      found.push({
        id: attributes["Id"] ?? "",
        type: type.slice(type.lastIndexOf("/") + 1),
        part: resolvedPart(folder, attributes["Target"] ?? ""),
      });
    },
    close() {},
  });
  return found;
}

/** Part name of a target relative to a folder of the archive. */
function resolvedPart(folder: string, target: string): string {
  if (target.startsWith("/")) return target.slice(1);
  const steps: string[] = [];
  for (const step of `${folder}${target}`.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "." && step !== "") steps.push(step);
  }
  return steps.join("/");
}

async function readSheetList(
  archive: Archive,
  part: string,
  relationships: readonly Relationship[],
): Promise<Pick<Workbook, "sheets" | "serials">> {
  const sheets: SheetPart[] = [];
  let serials: Workbook["serials"] = 1900;
  await readXml(archive.read(part), {
    open(name, attributes) {
      if (name === "workbookPr" && isTrue(attributes["date1904"])) serials = 1904;
      if (name !== "sheet") return;
      const id = relationshipId(attributes);
      const target = relationships.find((one) => one.id === id && one.type === "worksheet");
      // Chart sheets and dialogs have no cells.
      if (target === undefined) return;
      const isHidden = (attributes["state"] ?? "visible") !== "visible";
      sheets.push({ name: attributes["name"] ?? "", part: target.part, isHidden });
    },
    close() {},
  });
  return { sheets, serials };
}

function relationshipId(attributes: XmlAttributes): string | undefined {
  const name = Object.keys(attributes).find((key) => key.endsWith(":id"));
  return name === undefined ? undefined : attributes[name];
}

async function readSharedStrings(archive: Archive, part: string | undefined): Promise<string[]> {
  const strings: string[] = [];
  if (part === undefined) return strings;
  let text = "";
  let isInText = false;
  let phonetic = 0;
  await readXml(archive.read(part), {
    open(name) {
      if (name === "si") text = "";
      else if (name === "rPh") phonetic++;
      else if (name === "t") isInText = phonetic === 0;
    },
    close(name) {
      if (name === "si") strings.push(unescapedText(text));
      else if (name === "rPh") phonetic--;
      else if (name === "t") isInText = false;
    },
    text(piece) {
      if (isInText) text += piece;
    },
  });
  return strings;
}

async function readDateStyles(archive: Archive, part: string | undefined): Promise<boolean[]> {
  const styles: boolean[] = [];
  if (part === undefined) return styles;
  const own = new Map<string, boolean>();
  let isInCellStyles = false;
  await readXml(archive.read(part), {
    open(name, attributes) {
      const format = attributes["numFmtId"] ?? "0";
      if (name === "numFmt") own.set(format, isDateFormat(attributes["formatCode"] ?? ""));
      else if (name === "cellXfs") isInCellStyles = true;
      else if (name === "xf" && isInCellStyles) styles.push(own.get(format) ?? isBuiltInDate(Number(format)));
    },
    close(name) {
      if (name === "cellXfs") isInCellStyles = false;
    },
  });
  return styles;
}

/** Numbers of the built-in date formats, those of East Asian editions included. Times without a date are none. */
function isBuiltInDate(format: number): boolean {
  return (
    (format >= 14 && format <= 17) ||
    format === 22 ||
    (format >= 27 && format <= 31) ||
    format === 36 ||
    (format >= 50 && format <= 54) ||
    format === 57 ||
    format === 58
  );
}

/** True if a format shows a day, month with year, or year; written texts, colours and conditions do not count. */
export function isDateFormat(format: string): boolean {
  const signs = format.replace(/"[^"]*"|\[[^\]]*\]|\\.|_.|\*./g, "").toLowerCase();
  if (signs.includes("general") || signs.includes("standard")) return false;
  return /[ydj]|tt|mmm/.test(signs);
}
