import { AddressFileReader } from "./address-file.ts";
import type { StoredValue } from "./column-buffer.ts";
import { code, column, date, integer, opaqueKey, streetKey, text } from "./column-spec.ts";
import { GeometryReader } from "./geometry-reader.ts";
import { noDate } from "./record-block.ts";
import { refuseUnknown } from "./refuse-unknown.ts";
import type { ColumnSpec, StoredColumns } from "./register.ts";
import { RowCells } from "./row-cells.ts";
import type { Register, RowContext, RowReader } from "./row-reader.ts";
import type { SourceRow } from "./source-table.ts";

const parts = ["adressen", "namen", "geometrie", "unterkuenfte"] as const;
type Part = (typeof parts)[number];

const houseNumber = integer(0, 65_535);
const level = { kind: "code", allowed: ["stadtbezirk", "stadtteil", "statbezirk", "baublock"] } as const;
const validFrom = column("GueltigVon", date, "filled", "K", "Gültig ab");
const validTo = column("GueltigBis", date, "optional", "K");

const columnsOfPart = {
  adressen: [
    column("Straßenschlüssel", streetKey, "filled", "K", "StrSchl"),
    column("Straße", text(100), "filled", "K", "Straßenname"),
    column("HausNrVon", houseNumber, "filled", "K", "HNrVon"),
    column("ZusatzVon", text(4), "optional", "K"),
    column("HausNrBis", houseNumber, "filled", "K", "HNrBis"),
    column("ZusatzBis", text(4), "optional", "K"),
    column("Paritaet", code("G", "U", "A"), "filled", "K"),
    column("Stadtbezirk", opaqueKey, "filled", "K", "Bezirk"),
    column("Stadtteil", opaqueKey, "filled", "K", "Ortsteil"),
    column("StatBezirk", opaqueKey, "optional", "K"),
    column("Baublock", opaqueKey, "filled", "K", "Block"),
    column("Blockseite", opaqueKey, "filled", "K", "Seite"),
    validFrom,
    validTo,
  ],
  namen: [
    column("Ebene", level, "filled", "K"),
    column("Schluessel", opaqueKey, "filled", "K"),
    column("Name", text(100), "filled", "K"),
    validFrom,
    validTo,
    column("Nachfolger", text(200), "optional", "K"),
  ],
  unterkuenfte: [
    column("Blockseite", opaqueKey, "filled", "K", "Seite"),
    column("Plaetze", integer(0, 1_000_000), "filled", "K"),
    validFrom,
    validTo,
  ],
  geometrie: [
    column("ebene", code("stadtbezirk", "stadtteil", "baublock"), "filled", "K"),
    column("schluessel", opaqueKey, "filled", "K", "id", "key", "nummer"),
    column("name", text(100), "optional", "K"),
    column("gueltig_von", date, "optional", "K"),
    column("gueltig_bis", date, "optional", "K"),
    column("eltern", opaqueKey, "optional", "K", "bezirk_id"),
  ],
} as const satisfies Record<Part, readonly ColumnSpec[]>;

const storedOfPart = {
  adressen: {
    strassenschluessel: "text",
    strasse: "text",
    nr_von: "u16",
    zusatz_von: "text",
    nr_bis: "u16",
    zusatz_bis: "text",
    paritaet: "text",
    stadtbezirk: "text",
    stadtteil: "text",
    statbezirk: "text",
    baublock: "text",
    blockseite: "text",
    gueltig_von: "date",
    gueltig_bis: "date",
  },
  namen: {
    ebene: "text",
    schluessel: "text",
    name: "text",
    gueltig_von: "date",
    gueltig_bis: "date",
    nachfolger: "text",
  },
  unterkuenfte: { blockseite: "text", plaetze: "u32", gueltig_von: "date", gueltig_bis: "date" },
  geometrie: {
    ebene: "text",
    schluessel: "text",
    name: "text",
    gueltig_von: "date",
    gueltig_bis: "date",
    eltern: "text",
  },
} as const satisfies Record<Part, StoredColumns>;

/** Spatial structure: from the address to the block, names, geometry, shelters. Nothing in it is personal. */
export const gliederung: Register = {
  id: "gliederung",
  title: "Räumliche Gliederung",
  parts,
  period: "day",
  files: [
    {
      part: "adressen",
      prefix: "GLIEDERUNG-ADRESSEN",
      extensions: ["csv"],
      example: "GLIEDERUNG-ADRESSEN_05999000_2026-01-01_1.csv",
    },
    {
      part: "adressen",
      prefix: "GLIEDERUNG",
      extensions: ["csv"],
      example: "GLIEDERUNG_05999000_2026-01-01_1.csv",
    },
    {
      part: "namen",
      prefix: "GLIEDERUNG-NAMEN",
      extensions: ["csv"],
      example: "GLIEDERUNG-NAMEN_05999000_2026-01-01_1.csv",
    },
    {
      part: "geometrie",
      prefix: "GLIEDERUNG-GEOMETRIE",
      extensions: ["geojson"],
      example: "GLIEDERUNG-GEOMETRIE_05999000_2026-01-01_1.geojson",
    },
    {
      part: "unterkuenfte",
      prefix: "GLIEDERUNG-UNTERKUENFTE",
      extensions: ["csv"],
      example: "GLIEDERUNG-UNTERKUENFTE_05999000_2026-01-01_1.csv",
    },
  ],
  columnsOf: (part) => columnsOfPart[partOf(part)],
  storedOf: (part) => storedOfPart[partOf(part)],
  needsAddresses: (part) => part === "geometrie",
  comparesAddresses: (part) => part === "namen",
  repeats: "refused",
  rowReader: partReader,
};

/** @throws {RangeError} if there is no such part. */
function partOf(name: string): Part {
  const found = parts.find((part) => part === name);
  if (found === undefined)
    throw new RangeError("Cannot find part of the spatial structure: expected one of its four");
  return found;
}

function partReader(context: RowContext): RowReader {
  const part = partOf(context.slot.part);
  switch (part) {
    case "adressen":
      return new AddressFileReader(context);
    case "namen":
      return new NamesReader(context, columnsOfPart.namen, ["Ebene", "Schluessel", "GueltigVon"]);
    case "unterkuenfte":
      return new PlainReader(context, columnsOfPart.unterkuenfte, ["Blockseite", "GueltigVon"]);
    case "geometrie":
      return new GeometryReader(context);
    default:
      return refuseUnknown(part, "part of the spatial structure");
  }
}

/** Rows that are stored column by column as they stand. */
class PlainReader implements RowReader {
  readonly #context: RowContext;
  readonly #cells: RowCells;
  readonly #columns: readonly ColumnSpec[];
  readonly #keySlots: readonly number[];

  constructor(context: RowContext, columns: readonly ColumnSpec[], key: readonly string[]) {
    this.#context = context;
    this.#cells = new RowCells(context);
    this.#columns = columns;
    this.#keySlots = key.map((name) => this.#cells.slot(name));
  }

  read(row: SourceRow): boolean {
    return this.#cells.read(row) && this.#beginsBeforeItEnds(row.line);
  }

  recordKey(): string {
    return this.#keySlots.map((slot) => this.#value(slot)).join("|");
  }

  preference(): readonly number[] {
    return [];
  }

  values(): readonly StoredValue[] {
    return this.#columns.map((_, slot) => this.#value(slot));
  }

  #value(slot: number): number | string {
    const kind = this.#columns[slot]?.value.kind;
    const isNumber = kind === "date" || kind === "integer";
    return isNumber ? (this.#cells.numbers[slot] ?? noDate) : (this.#cells.texts[slot] ?? "");
  }

  #beginsBeforeItEnds(line: number): boolean {
    const to = this.#columns.findIndex(({ name }) => name === validTo.name);
    if (to === -1) return true;
    const from = this.#columns.findIndex(({ name }) => name === validFrom.name);
    const { numbers } = this.#cells;
    const last = numbers[to] ?? noDate;
    if (last === noDate || last >= (numbers[from] ?? noDate)) return true;
    this.#context.findings.refuse("E-011", line, this.#cells.position(to));
    return false;
  }
}

/** Names of areas; keys of the address file that have no name on the day are counted. */
class NamesReader extends PlainReader {
  readonly #context: RowContext;
  readonly #named = new Set<string>();

  constructor(...given: ConstructorParameters<typeof PlainReader>) {
    super(...given);
    this.#context = given[0];
  }

  override read(row: SourceRow): boolean {
    if (!super.read(row)) return false;
    const [area = "", key = "", , from = noDate, to = noDate] = this.values();
    const { day } = this.#context;
    if (Number(from) <= day && (to === noDate || Number(to) >= day)) this.#named.add(`${area}|${key}`);
    return true;
  }

  finish(): void {
    const { addresses, findings } = this.#context;
    const keys = level.allowed.flatMap((area) => [...addresses.keysOf(area)].map((key) => `${area}|${key}`));
    findings.count("schluessel-ohne-name", keys.filter((key) => !this.#named.has(key)).length);
  }
}
