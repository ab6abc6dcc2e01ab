import { createHmac, createSecretKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { type AddressIndex, buildAddressIndex } from "../../../shared/registers/address-index.ts";
import { dayNumber } from "../../../shared/registers/calendar.ts";
import { type CodeTables, readCodeTables } from "../../../shared/registers/code-table.ts";
import { readColumnBlocks } from "../../../shared/registers/column-reader.ts";
import { register } from "../../../shared/registers/index.ts";
import type { KeyDerivation } from "../../../shared/registers/keys.ts";
import { type Office, officeSchema } from "../../../shared/registers/office.ts";
import type { ReadOutcome } from "../../../shared/registers/outcome.ts";
import { type ReadInput, readDelivery } from "../../../shared/registers/read-delivery.ts";
import type { RecordBlock } from "../../../shared/registers/record-block.ts";
import type { Slot } from "../../../shared/registers/register.ts";
import type { FileSource } from "../../../shared/registers/source.ts";

const codes = new URL("../../../shared/registers/codes/", import.meta.url);
const list = (name: string) => readFileSync(new URL(`${name}.csv`, codes), "utf8");

export const codeTables: CodeTables = withLists({});

/** The built-in code tables, with an office's own lists. */
export function withLists(own: {
  readonly mapping?: string;
  readonly schools?: string;
  readonly benefitGroups?: string;
}): CodeTables {
  return readCodeTables({
    citizenships: list("citizenships"),
    "residence-titles": list("residence-titles"),
    personenkreis: own.benefitGroups ?? list("personenkreis"),
    familienstand: list("familienstand"),
    "school-types": list("school-types"),
    "titel-mapping": `schluessel;code;gueltig_von;gueltig_bis\n${own.mapping ?? ""}`,
    schulen: `Schulnummer;Schulform;Name;GueltigVon;GueltigBis\n${own.schools ?? ""}`,
  });
}

const secret = createSecretKey(Buffer.alloc(32, 7));
const keys: KeyDerivation = {
  pseudonym: (purpose, value) =>
    createHmac("sha256", secret).update(`${purpose}|${value}`).digest().subarray(0, 16),
};

export function office(settings: object = {}): Office {
  return officeSchema.parse({ name: "Lindenau", kontakt: { stelle: "Statistikstelle" }, ...settings });
}

/** Limits that no small example exceeds. */
export function lenient(register: Slot["register"], more: object = {}): Office {
  return office({
    lieferungen: [{ register, abgelehntHoechstensProzent: 100, unbekannteSchluesselProzent: 100, ...more }],
  });
}

export function textSource(name: string, text: string | Uint8Array): FileSource {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return {
    name,
    byteLength: bytes.length,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
    },
  };
}

export type Read = { readonly outcome: ReadOutcome; readonly blocks: readonly RecordBlock[] };

/** Reads a file and keeps the blocks that count. */
export async function readFile(input: Omit<ReadInput, "keys" | "write">): Promise<Read> {
  const blocks: RecordBlock[] = [];
  const outcome = await readDelivery({
    ...input,
    keys,
    write: async (block) => {
      blocks[block.number] = block;
    },
  });
  return { outcome, blocks: blocks.slice(0, outcome.blockCount) };
}

/** The stored records as rows of text, of the named columns; pseudonyms as hex. */
export function records(slot: Slot, { blocks }: Read, names: readonly string[]): string[] {
  const stored = register(slot.register).storedOf(slot.part);
  const columns = readColumnBlocks(stored, blocks);
  return Array.from({ length: columns.rowCount }, (_, row) =>
    names
      .map((name) => {
        if (stored[name] === "pseudonym")
          return Buffer.from(columns.pseudonyms(name).subarray(row * 16, row * 16 + 16)).toString("hex");
        if (stored[name] !== "text") return String(columns.numbers(name)[row]);
        const texts = columns.text(name);
        return texts.values[texts.index[row] ?? -1];
      })
      .join("|"),
  );
}

/** Findings of rows as "code line column". */
export function findings({ outcome }: Read): string[] {
  return [...outcome.rows.entries()].map(({ code, line, column }) => `${code} ${line} ${column}`);
}

/** Codes of the whole file: the verdict's and the notes'. */
export function fileCodes({ outcome }: Read): string[] {
  const { verdict } = outcome;
  const notes = outcome.notes.map(({ code }) => code);
  if (verdict.kind === "held") return [verdict.finding.code, ...notes];
  return [...(verdict.kind === "rejected" ? verdict.findings.map(({ code }) => code) : []), ...notes];
}

const addressHeader =
  "Straßenschlüssel;Straße;HausNrVon;ZusatzVon;HausNrBis;ZusatzBis;Paritaet;Stadtbezirk;Stadtteil;StatBezirk;Baublock;Blockseite;GueltigVon;GueltigBis";

export function addressFile(rows: string): string {
  const lines = rows.trim().split("\n");
  return [
    addressHeader,
    ...lines.map((line) =>
      line
        .trim()
        .split("|")
        .map((cell) => cell.trim())
        .join(";"),
    ),
  ].join("\n");
}

export const addressSlot = { register: "gliederung", part: "adressen", referenceDate: "2026-01-01" } as const;

export async function addressIndex(rows: string, day = "2026-10-31"): Promise<AddressIndex> {
  const read = await readFile({
    slot: addressSlot,
    source: textSource("GLIEDERUNG-ADRESSEN_05999000_2026-01-01_1.csv", addressFile(rows)),
    office: office(),
    codes: codeTables,
    today: "2026-11-23",
  });
  if (read.outcome.verdict.kind !== "accepted") throw new Error("Cannot use the address file of the example");
  return buildAddressIndex(
    readColumnBlocks(register("gliederung").storedOf("adressen"), read.blocks),
    dayNumber(day),
  );
}

/** Two streets in two quarters, Ringstraße in both. */
export const smallCity = `
  00001 | Hauptstraße | 1  | | 99 | z | U | 1 | 11 | 111 | 1001 | 10011 | 01.01.2010 |
  00001 | Hauptstraße | 2  | | 98 | z | G | 1 | 11 | 111 | 1002 | 10021 | 01.01.2010 |
  00002 | Ringstraße  | 1  | | 11 | z | A | 1 | 11 | 111 | 1003 | 10031 | 01.01.2010 |
  00002 | Ringstraße  | 12 | | 99 | z | A | 2 | 21 | 211 | 2001 | 20011 | 01.01.2010 |`;
