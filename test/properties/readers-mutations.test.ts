import { strToU8, unzipSync, zipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import type { AddressIndex } from "../../shared/registers/address-index.ts";
import { register, registers } from "../../shared/registers/index.ts";
import type { ColumnSpec, Slot } from "../../shared/registers/register.ts";
import {
  addressFile,
  addressIndex,
  codeTables,
  lenient,
  readFile,
  smallCity,
  textSource,
} from "../spec/registers/read-file.ts";

/** One sound cell of each kind of value; a column may have its own. */
const soundOfKind = {
  text: "Muster",
  date: "01.03.2023",
  "partial-date": "14.02.1994",
  month: "2026-10",
  key: "1",
  code: "",
  sex: "w",
  "yes-no": "N",
  integer: "2",
  money: "1.234,50",
} as const;
const soundOf: Readonly<Record<string, string>> = {
  Titelschluessel: "AG",
  Staatsang1: "475",
  Staatsangehoerigkeit: "Ukraine",
  Familienstand: "LD",
  PKS: "10",
  StellungImFall: "1",
  ZuzugHerkunft: "475",
  Straße: "Hauptstr. 12",
  Verkehrssprache: "uk",
  Zuzugsjahr: "2022",
  Jahr: "2026",
  Schulgliederung: "A17",
  Klassenart: "DF",
  PLZ: "45879",
  GueltigBis: "",
};
const days = {
  "ewo-alw": "2026-11-20",
  ewo: "2026-10-31",
  "akdn-sozial": "2026-10",
  schild: "2026-10-15",
  gliederung: "2026-01-01",
  fortschreibung: "2026-10",
} as const satisfies Record<Slot["register"], string>;

type Sample = { readonly slot: Slot; readonly name: string; readonly bytes: Uint8Array };

/** A sound table of six rows with all columns of a part. */
function tableOf(slot: Slot): string[][] {
  const columns = register(slot.register).columnsOf(slot.part);
  const rows = Array.from({ length: 6 }, (_, row) => columns.map((column) => soundCell(column, slot, row)));
  return [columns.map(({ name }) => name), ...rows];
}

function soundCell({ name, value }: ColumnSpec, slot: Slot, row: number): string {
  if (name === "Stichtag") return slot.referenceDate.split("-").toReversed().join(".");
  if (name === "Monat") return `2010-0${row + 1}`;
  if (/^(?:PersNr|Fallnummer|Nachname)$/.test(name)) return String(row + 1);
  if (value.kind === "key" && value.length === 0) return String(row + 11);
  const own = soundOf[name];
  if (own !== undefined) return own;
  return value.kind === "code" ? (value.allowed[0] ?? "") : soundOfKind[value.kind];
}

function delimited(table: readonly (readonly string[])[], delimiter: string): Uint8Array {
  return strToU8(table.map((cells) => `${cells.join(delimiter)}\r\n`).join(""));
}

function workbook(table: readonly (readonly string[])[]): Uint8Array {
  const cell = (text: string) =>
    /^[1-9]\d*$/.test(text) ? `<c><v>${text}</v></c>` : `<c t="inlineStr"><is><t>${text}</t></is></c>`;
  const rows = table.map((cells, at) => `<row r="${at + 1}">${cells.map(cell).join("")}</row>`).join("");
  const links =
    '<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/s1.xml"/></Relationships>';
  return zipSync({
    "_rels/.rels": strToU8(
      '<Relationships><Relationship Id="a" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    ),
    "xl/workbook.xml": strToU8(
      '<workbook xmlns:r="r"><sheets><sheet name="D" sheetId="1" r:id="r1"/></sheets></workbook>',
    ),
    "xl/_rels/workbook.xml.rels": strToU8(links),
    "xl/worksheets/s1.xml": strToU8(
      `<worksheet><sheetData>${rows}</sheetData><mergeCells><mergeCell ref="A9:B9"/></mergeCells></worksheet>`,
    ),
  });
}

function geometry(): Uint8Array {
  const ring = [7, 7.1, 7.1, 7].map((east, at) => [east, 51 + at / 100]);
  const features = ["11", "12", "21"].map((schluessel) => ({
    type: "Feature",
    properties: { ebene: "stadtteil", schluessel, name: "Altstadt" },
    geometry: { type: "Polygon", coordinates: [ring] },
  }));
  return strToU8(JSON.stringify({ type: "FeatureCollection", features }));
}

function samplesOf({ id, parts, files }: (typeof registers)[number]): Sample[] {
  return (parts.length === 0 ? ["123456"] : parts).flatMap((part) => {
    const slot = { register: id, part, referenceDate: days[id] };
    const extensions = new Set(
      files.filter((file) => parts.length === 0 || file.part === part).flatMap((file) => file.extensions),
    );
    return [...extensions].map((extension) => ({
      slot,
      name: `x.${extension}`,
      bytes: contentOf(slot, extension),
    }));
  });
}

function contentOf(slot: Slot, extension: string): Uint8Array {
  if (extension === "geojson") return geometry();
  if (slot.part === "adressen") return strToU8(addressFile(smallCity));
  if (extension === "xlsx") return workbook(tableOf(slot));
  return delimited(tableOf(slot), extension === "dat" ? "|" : ";");
}

/** Numbers from 0 to below 1, the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const hostile = [
  ...["\0", "\ufeff", "\ufffd", '"', ';"', '"\n', "\r", ";;", "|", "<html>", "#NV", "M\u030c", "\u0007"],
  ...["31.12.9999", "00.00.0000", "29.02.2023", "1e400", "-0", "9".repeat(400), "__proto__", "1.234,5-€"],
  ...["[".repeat(5_000), "null", "1e999", "&#x110000;", "<!DOCTYPE a>", "</row>", 'r="1048577"', "Summe;"],
].map((text) => strToU8(text));

type Edit = (bytes: Uint8Array, at: number, length: number, random: () => number) => Uint8Array;

/** Ways a file goes wrong: on its way, in a spreadsheet, in an editor. */
const edits: readonly Edit[] = [
  (bytes, at) => bytes.slice(0, at),
  (bytes, at, length) => joined(bytes.subarray(0, at), bytes.subarray(at + length)),
  (bytes, at, length) => joined(bytes.subarray(0, at + length), bytes.subarray(at)),
  (bytes, at, _, random) => bytes.with(at, Math.floor(random() * 256)),
  (bytes, at, _, random) =>
    joined(bytes.subarray(0, at), hostile[Math.floor(random() * hostile.length)], bytes.subarray(at)),
  (bytes, at, length) =>
    joined(bytes.subarray(0, at), bytes.slice(at, at + length).reverse(), bytes.subarray(at + length)),
];

function joined(...parts: readonly (Uint8Array | undefined)[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts.filter((part) => part !== undefined)));
}

/** A workbook is damaged as an archive or, packed again, in one of its parts. */
function mutated({ name, bytes }: Sample, seed: number): Uint8Array {
  const random = randomOf(seed);
  if (!name.endsWith("xlsx") || random() < 0.3) return damaged(bytes, random);
  const parts = unzipSync(bytes);
  const names = Object.keys(parts);
  const part = random() < 0.7 ? names.at(-1) : names[Math.floor(random() * names.length)];
  return zipSync({ ...parts, [part ?? ""]: damaged(parts[part ?? ""] ?? bytes, random) });
}

function damaged(bytes: Uint8Array, random: () => number): Uint8Array {
  let result = bytes;
  for (let count = 1 + Math.floor(random() * 3); count > 0 && result.length > 0; count--) {
    const edit = edits[Math.floor(random() * edits.length)] ?? edits[0];
    const [at, length] = [Math.floor(random() * result.length), 1 + Math.floor(random() ** 3 * 200)];
    result = edit?.(result, at, length, random) ?? result;
  }
  return result;
}

let addresses: AddressIndex;
beforeAll(async () => {
  addresses = await addressIndex(smallCity);
});

function read({ slot, name }: Sample, bytes: Uint8Array) {
  return readFile({
    slot,
    source: textSource(name, bytes),
    office: lenient(slot.register),
    codes: codeTables,
    addresses,
    today: "2026-11-23",
  });
}

const samples = registers.flatMap(samplesOf);
const mutations = Number(process.env["PROPERTY_RUNS"] ?? 100);

describe("readDelivery()", () => {
  it.each(samples)("reads the sound file of $slot.register $slot.part as $name", async (sample) => {
    const { outcome } = await read(sample, sample.bytes);
    expect(outcome.verdict.kind).toBe("accepted");
    expect(outcome.taken).toBeGreaterThan(0);
  });

  it.each(samples)(
    "comes to an outcome for any damage of $slot.register $slot.part as $name",
    async (sample) => {
      for (let seed = 1; seed <= mutations; seed++) {
        const { outcome, blocks } = await read(sample, mutated(sample, seed));
        const { rowsRead, taken, rejected, merged } = outcome;
        expect([seed, rowsRead]).toEqual([seed, taken + rejected]);
        if (outcome.verdict.kind === "rejected") continue;
        const stored = blocks.reduce((sum, block) => sum + block.rowCount, 0);
        expect([seed, stored]).toEqual([seed, taken - merged]);
      }
    },
  );
});
