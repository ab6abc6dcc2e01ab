import { readFile } from "node:fs/promises";
import { createKeyDerivation } from "../../shared/linkage/key-derivation.ts";
import { buildAddressIndex } from "../../shared/registers/address-index.ts";
import { dayNumber } from "../../shared/registers/calendar.ts";
import { readCodeTables } from "../../shared/registers/code-table.ts";
import { readColumnBlocks } from "../../shared/registers/column-reader.ts";
import { register } from "../../shared/registers/index.ts";
import { officeSchema } from "../../shared/registers/office.ts";
import { readDelivery } from "../../shared/registers/read-delivery.ts";
import type { RecordBlock } from "../../shared/registers/record-block.ts";
import type { FileSource } from "../../shared/registers/source.ts";

// Reads a residents register of as many rows as asked for, made while it is read, into blocks that nobody keeps.
const rows = Number(process.argv[2]);
const office = officeSchema.parse({ name: "Stadt Musterstadt", kontakt: { stelle: "Statistikstelle" } });
const keys = createKeyDerivation(new Uint8Array(32).fill(7));
const codes = await readCodes();
const common = { office, codes, keys, today: "2026-11-23" };

const addressHeader =
  "Straßenschlüssel;Straße;HausNrVon;ZusatzVon;HausNrBis;ZusatzBis;Paritaet;Stadtbezirk;Stadtteil;StatBezirk;Baublock;Blockseite;GueltigVon;GueltigBis";
const addresses = await readAll(
  { register: "gliederung", part: "adressen", referenceDate: "2026-01-01" },
  source(
    [addressHeader],
    100,
    (at) => `${key(at)};Weg ${at};1;;99;;A;1;11;;${key(at)};${key(at)}1;01.01.2020;`,
  ),
);
const index = buildAddressIndex(
  readColumnBlocks(register("gliederung").storedOf("adressen"), addresses),
  dayNumber("2026-10-31"),
);

const header =
  "Stichtag;PersNr;Geburtsdatum;Geschlecht;Familienstand;Staatsang1;Staatsang2;Geburtsstaat;Wohnungsstatus;Einzugsdatum;ZuzugHerkunft;Strassenschluessel;Hausnummer;Zusatz";
const residents = source(
  [header],
  rows,
  (at) =>
    `31.10.2026;${at};0${1 + (at % 9)}.02.19${10 + (at % 80)};${at % 2 ? "m" : "w"};LD;000;;000;A;01.03.2022;05999000;${key(at % 100)};00${10 + (at % 80)};`,
);
const slot = { register: "ewo", part: "-", referenceDate: "2026-10-31" } as const;
const outcome = await readDelivery({
  ...common,
  slot,
  source: residents,
  addresses: index,
  write: async () => undefined,
});
if (outcome.taken !== rows) throw new Error("Cannot measure: every row must be taken");
process.send?.(process.resourceUsage().maxRSS / 1024);

async function readAll(
  slot: Parameters<typeof readDelivery>[0]["slot"],
  file: FileSource,
): Promise<readonly RecordBlock[]> {
  const blocks: RecordBlock[] = [];
  await readDelivery({ ...common, slot, source: file, write: async (block) => void blocks.push(block) });
  return blocks;
}

function source(head: readonly string[], count: number, row: (at: number) => string): FileSource {
  return {
    name: "export.csv",
    byteLength: count * 100,
    async *chunks() {
      yield Buffer.from(`${head.join("\r\n")}\r\n`, "utf8");
      for (let from = 0; from < count; from += 2_000) {
        const lines = Array.from({ length: Math.min(2_000, count - from) }, (_, at) => row(from + at));
        yield Buffer.from(`${lines.join("\r\n")}\r\n`, "utf8");
      }
    },
  };
}

function key(at: number): string {
  return String(at).padStart(5, "0");
}

async function readCodes() {
  const folder = new URL("../../shared/registers/codes/", import.meta.url);
  const read = (name: string) => readFile(new URL(`${name}.csv`, folder), "utf8");
  return readCodeTables({
    citizenships: await read("citizenships"),
    "residence-titles": await read("residence-titles"),
    personenkreis: await read("personenkreis"),
    familienstand: await read("familienstand"),
    "school-types": await read("school-types"),
    "titel-mapping": "schluessel;code;gueltig_von;gueltig_bis\n",
    schulen: "Schulnummer;Schulform;Name;Strassenschluessel;Hausnummer;GueltigVon;GueltigBis\n",
  });
}
