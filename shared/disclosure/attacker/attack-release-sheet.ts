import { isTrue, unescapedText, type XmlAttributes, type XmlReader } from "../../registers/workbook-xml.ts";

/** A cell of a released sheet: a number as number, anything else as text. */
export type ReleasedCell = string | number;
export type ReleasedSheet = {
  /** By row from 0, by column from 0; gaps are undefined. */
  readonly rows: readonly (readonly (ReleasedCell | undefined)[])[];
  /** What the sheet holds that nobody sees or nobody checks: rules, without place in the sheet. */
  readonly findings: readonly string[];
};

/** What our sheets are made of; anything else is refused, for nobody looks into it. */
const knownElements: ReadonlySet<string> = new Set(
  (
    "worksheet sheetPr pageSetUpPr dimension sheetViews sheetView selection pane sheetFormatPr cols col sheetData row c v is t " +
    "hyperlinks hyperlink pageMargins pageSetup tableParts tablePart autoFilter"
  ).split(" "),
);

/** Reads a sheet cell by cell, and notes whatever is hidden, computed or unknown. */
export class ReleasedSheetReader implements XmlReader {
  readonly #sharedStrings: readonly string[];
  readonly #usedStrings: Set<number>;
  readonly #rows: (ReleasedCell | undefined)[][] = [];
  readonly #findings = new Set<string>();
  #row = -1;
  #column = -1;
  #type = "n";
  #value: string | undefined;
  #isInValue = false;

  /** `usedStrings` takes the positions of the shared strings that cells show. */
  constructor(sharedStrings: readonly string[], usedStrings: Set<number>) {
    this.#sharedStrings = sharedStrings;
    this.#usedStrings = usedStrings;
  }

  sheet(): ReleasedSheet {
    return { rows: this.#rows, findings: [...this.#findings] };
  }

  open(name: string, attributes: XmlAttributes): void {
    if (!knownElements.has(name)) this.#findings.add(`element "${name}" must not stand on a sheet`);
    if (isHidden(name, attributes)) this.#findings.add("rows and columns must be visible");
    if (name === "row") this.#openRow(attributes);
    else if (name === "c") this.#openCell(attributes);
    else if (name === "v" || name === "t") {
      this.#isInValue = true;
      this.#value ??= "";
    }
  }

  text(text: string): void {
    if (this.#isInValue) this.#value = (this.#value ?? "") + text;
  }

  close(name: string): void {
    if (name === "v" || name === "t") this.#isInValue = false;
    else if (name === "c") this.#closeCell();
  }

  #openRow(attributes: XmlAttributes): void {
    this.#row = Number(attributes["r"] ?? this.#row + 2) - 1;
    this.#column = -1;
  }

  #openCell(attributes: XmlAttributes): void {
    const reference = attributes["r"];
    this.#column = reference === undefined ? this.#column + 1 : columnOf(reference);
    this.#type = attributes["t"] ?? "n";
    this.#value = undefined;
  }

  #closeCell(): void {
    const cell = this.#cell(this.#value);
    if (cell === undefined) return;
    const row = this.#rows[this.#row] ?? [];
    this.#rows[this.#row] = row;
    row[this.#column] = cell;
  }

  #cell(value: string | undefined): ReleasedCell | undefined {
    if (value === undefined || value === "") return undefined;
    switch (this.#type) {
      case "n":
        return Number(value);
      case "s":
        this.#usedStrings.add(Number(value));
        return this.#sharedStrings[Number(value)];
      case "str":
      case "inlineStr":
        return unescapedText(value);
      default:
        this.#findings.add("cells must hold texts or numbers");
        return undefined;
    }
  }
}

function isHidden(name: string, attributes: XmlAttributes): boolean {
  if (name === "sheetFormatPr") return isTrue(attributes["zeroHeight"]);
  if (name !== "row" && name !== "col") return false;
  const size = attributes[name === "row" ? "ht" : "width"];
  return (
    isTrue(attributes["hidden"]) ||
    isTrue(attributes["collapsed"]) ||
    (size !== undefined && Number(size) < 1)
  );
}

function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference.replace(/\d+$/, "")) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
