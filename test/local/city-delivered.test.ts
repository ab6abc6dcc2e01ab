import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { faultCases } from "../../local/city/fault-cases.ts";
import { writeCity } from "../../local/city/write-city.ts";
import { createKeyDerivation } from "../../shared/linkage/key-derivation.ts";
import { buildAddressIndex } from "../../shared/registers/address-index.ts";
import { readBlobName } from "../../shared/registers/blob-name.ts";
import { dayNumber } from "../../shared/registers/calendar.ts";
import { readCodeTables } from "../../shared/registers/code-table.ts";
import { joinColumns, readColumnBlocks } from "../../shared/registers/column-reader.ts";
import { register } from "../../shared/registers/index.ts";
import { officeSchema } from "../../shared/registers/office.ts";
import type { ReadOutcome } from "../../shared/registers/outcome.ts";
import { readDelivery } from "../../shared/registers/read-delivery.ts";
import type { RecordBlock } from "../../shared/registers/record-block.ts";
import type { Slot } from "../../shared/registers/register.ts";

const folder = mkdtempSync(join(tmpdir(), "city-delivered-"));
const today = "2026-11-23";
const keys = createKeyDerivation(new Uint8Array(32).fill(7));

type Verdict = "refused" | "held" | "taken";
type Read = { readonly verdict: Verdict; readonly rowsRead: number; readonly rejected: number };
const reads = new Map<string, Read>();
let files: readonly string[] = [];

function office() {
  const config = (name: string) => readFileSync(join(folder, "config", name), "utf8");
  const list = (name: string) => readFileSync(join("shared/registers/codes", name), "utf8");
  const codes = readCodeTables({
    citizenships: list("citizenships.csv"),
    familienstand: list("familienstand.csv"),
    "residence-titles": list("residence-titles.csv"),
    "school-types": list("school-types.csv"),
    personenkreis: config("personenkreis.csv"),
    "titel-mapping": config("titel-mapping.csv"),
    schulen: config("schulen.csv"),
  });
  return { codes, office: officeSchema.parse(JSON.parse(config("office.json"))) };
}

type Given = ReturnType<typeof office>;
type Addresses = ReturnType<typeof buildAddressIndex>;

async function read(given: Given, file: string, slot: Slot, addresses?: Addresses, previousRows?: number) {
  const path = join(folder, file);
  const blocks: RecordBlock[] = [];
  const source = {
    name: basename(file),
    byteLength: statSync(path).size,
    chunks: () => createReadStream(path),
  };
  const outcome = await readDelivery({
    ...given,
    slot,
    source,
    keys,
    today,
    ...(addresses === undefined ? {} : { addresses }),
    ...(previousRows === undefined ? {} : { previousRows }),
    write: async (block) => {
      blocks[block.number] = block;
    },
  });
  return { outcome, blocks: blocks.slice(0, outcome.blockCount) };
}

function summary({ verdict, rowsRead, rejected }: ReadOutcome): Read {
  const name = { accepted: "taken", held: "held", rejected: "refused" } as const;
  return { verdict: name[verdict.kind], rowsRead, rejected };
}

beforeAll(async () => {
  const options = { size: "klein", seed: 1, weeks: 1, faults: true } as const;
  const city = await writeCity({ ...options, directory: folder, now: `${today}T06:00:00+01:00` });
  files = city.weeks.flatMap((week) => week.files);
  const given = office();
  let addresses: Addresses | undefined;
  const rowsOf = new Map<string, number>();
  for (const file of files) {
    const name = readBlobName(file);
    if (name.kind === "refused") {
      reads.set(file, { verdict: "refused", rowsRead: 0, rejected: 0 });
      continue;
    }
    const slotPart = `${name.slot.register} ${name.slot.part}`;
    const { outcome, blocks } = await read(given, file, name.slot, addresses, rowsOf.get(slotPart));
    reads.set(file, summary(outcome));
    if (outcome.verdict.kind === "accepted") rowsOf.set(slotPart, outcome.rowsRead);
    if (name.slot.part !== "adressen" || outcome.verdict.kind !== "accepted") continue;
    const columns = readColumnBlocks(register("gliederung").storedOf("adressen"), blocks);
    addresses = buildAddressIndex(joinColumns([columns]), dayNumber(today));
  }
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

test("every sound file of the city is taken, with fewer than one rejected row in a thousand", () => {
  const sound = files
    .slice(0, files.length - faultCases.length)
    .map((file) => ({ file, ...reads.get(file) }));
  expect(sound.filter(({ verdict }) => verdict !== "taken")).toEqual([]);
  const rejected = sound.reduce((sum, one) => sum + (one.rejected ?? 0), 0);
  const rows = sound.reduce((sum, one) => sum + (one.rowsRead ?? 0), 0);
  expect(rejected).toBeGreaterThan(0);
  expect(rejected / rows).toBeLessThan(0.001);
});

test("every faulty file meets the end that its case names", () => {
  const added = files.slice(files.length - faultCases.length);
  const met = faultCases.map(({ id }, at) => `${id}: ${reads.get(added[at] ?? "")?.verdict}`);
  // A repeated delivery is recognised by its bytes before it is read; the reader would take it.
  const expected = faultCases.map(
    ({ id, outcome }) => `${id}: ${outcome === "repeated" ? "taken" : outcome}`,
  );
  expect(met).toEqual(expected);
});
