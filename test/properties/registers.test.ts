import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { AddressIndex } from "../../shared/registers/address-index.ts";
import { FingerprintLog } from "../../shared/registers/fingerprint-log.ts";
import { FingerprintSet, fingerprintOf } from "../../shared/registers/fingerprint-set.ts";
import { register } from "../../shared/registers/index.ts";
import { isPreferred } from "../../shared/registers/repeats.ts";
import {
  addressIndex,
  codeTables,
  lenient,
  type Read,
  readFile,
  records,
  smallCity,
  textSource,
} from "../spec/registers/read-file.ts";

/** Few values per column, so that record keys, aliases and mistakes meet often. */
const columnsOf = {
  "ewo-alw": {
    Stichtag: ["20.11.2026"],
    PersNr: ["1", "01", "2", "3", ""],
    AZRNr: ["", "A", "B"],
    Familienname: ["Muster", ""],
    Geburtsdatum: ["14.02.1994", "1994", "x", ""],
    Geschlecht: ["m", "W", "", "7"],
    Staatsang1: ["475", "000", "987", "?"],
    Titelschluessel: ["AG", "AKN", "XX", ""],
    GueltigAb: ["01.03.2023", "2023-03-01", "31.02.2023"],
    GueltigBis: ["", "31.12.9999", "28.02.2027"],
    Ereignisdatum: ["", "01.04.2023"],
    Meldestatus: ["A", "V", "?"],
    Strassenschluessel: ["00001", "2", ""],
    Hausnummer: ["12", "12a", "x"],
    Auskunftssperre: ["J", "N"],
  },
  ewo: {
    Stichtag: ["31.10.2026"],
    PersNr: ["1", "2", "3", ""],
    Geburtsdatum: ["14.02.1994", "00.00.1994"],
    Geschlecht: ["m", "d"],
    Staatsang1: ["475", "000", "x"],
    Wohnungsstatus: ["A", "N"],
    Einzugsdatum: ["", "01.03.2022", "01.03.22"],
    Strassenschluessel: ["00001", "00002"],
    Hausnummer: ["1", "0002"],
  },
  "akdn-sozial": {
    Berichtsmonat: ["2026-10"],
    Fallnummer: ["F1", "F2", ""],
    Personennummer: ["P1", "P2"],
    StellungImFall: ["1", "2"],
    PKS: ["10", "77"],
    Leistungsart: ["2", "§ 3"],
    Geburtsdatum: ["14.02.1994", ""],
    Geschlecht: ["m", "w"],
    Staatsangehoerigkeit: ["166", "Ukraine", "?"],
    Betrag: ["1,00", "-1,00", "1.00"],
    BuchungsNr: ["", "B1", "B2"],
  },
  fortschreibung: {
    Monat: ["2010-01", "2010-02", "2099-01"],
    PKS: ["10", "11", "Insgesamt"],
    Faelle: ["1", "2", "k.A."],
    Personen: ["1", "3"],
    Ausgaben: ["1,00", "x"],
  },
} as const;
type Kind = keyof typeof columnsOf;
const kinds = ["ewo-alw", "ewo", "akdn-sozial", "fortschreibung"] as const satisfies readonly Kind[];
const referenceDates = {
  "ewo-alw": "2026-11-20",
  ewo: "2026-10-31",
  "akdn-sozial": "2026-10",
  fortschreibung: "2026-10",
} as const satisfies Record<Kind, string>;

type File = { readonly kind: Kind; readonly rows: readonly string[] };

const files: fc.Arbitrary<File> = fc.constantFrom(...kinds).chain((kind) => {
  const cells = Object.values(columnsOf[kind]).map((values: readonly string[]) => fc.constantFrom(...values));
  const row = fc.tuple(...cells).map((texts) => texts.join(";"));
  const broken = fc.constantFrom("1;2", ";".repeat(40));
  const rows = fc.array(fc.oneof({ arbitrary: row, weight: 20 }, { arbitrary: broken, weight: 1 }), {
    maxLength: 12,
  });
  return fc.record({ kind: fc.constant(kind), rows });
});

let addresses: AddressIndex;
beforeAll(async () => {
  addresses = await addressIndex(smallCity);
});

function slotOf(kind: Kind) {
  return { register: kind, part: "-", referenceDate: referenceDates[kind] } as const;
}

function read({ kind, rows }: File): Promise<Read> {
  const text = [Object.keys(columnsOf[kind]).join(";"), ...rows, ""].join("\r\n");
  const input = {
    slot: slotOf(kind),
    office: lenient(kind),
    codes: codeTables,
    addresses,
    today: "2026-11-23",
  };
  return readFile({ ...input, source: textSource("x.csv", text) });
}

function allRecords(kind: Kind, result: Read): string[] {
  return records(slotOf(kind), result, Object.keys(register(kind).storedOf("-")));
}

const options = { seed: 7, numRuns: Number(process.env["PROPERTY_RUNS"] ?? 300) };

describe("readDelivery()", () => {
  it("loses no row: rows read = taken + rejected, taken = stored + merged, rejected = rows with an E finding", async () => {
    await fc.assert(
      fc.asyncProperty(files, async (file) => {
        const result = await read(file);
        const { rowsRead, taken, rejected, merged, verdict } = result.outcome;
        expect(rowsRead).toBe(taken + rejected);
        const refused = [...result.outcome.rows.entries()].filter(({ code }) => code.startsWith("E"));
        expect(new Set(refused.map(({ line }) => line)).size).toBe(rejected);
        if (verdict.kind !== "rejected") expect(allRecords(file.kind, result)).toHaveLength(taken - merged);
      }),
      options,
    );
  });

  it("row order changes neither the records nor the counts", async () => {
    const shuffled = files.chain((file) =>
      fc.tuple(
        fc.constant(file),
        fc.shuffledSubarray([...file.rows], { minLength: file.rows.length, maxLength: file.rows.length }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, async ([file, rows]) => {
        const [there, back] = [await read(file), await read({ ...file, rows })];
        expect(allRecords(file.kind, back).sort()).toEqual(allRecords(file.kind, there).sort());
        expect(back.outcome.quality).toEqual(there.outcome.quality);
        expect(back.outcome.workList).toEqual(there.outcome.workList);
        expect(back.outcome.verdict).toEqual(there.outcome.verdict);
      }),
      options,
    );
  });

  it("the same file gives the same blocks", async () => {
    await fc.assert(
      fc.asyncProperty(files, async (file) => {
        expect((await read(file)).blocks).toEqual((await read(file)).blocks);
      }),
      { ...options, numRuns: 60 },
    );
  });

  it("rows of one record key give one record: a judge that knows the definition agrees", async () => {
    const dwellings = files.filter(({ kind }) => kind === "ewo");
    await fc.assert(
      fc.asyncProperty(dwellings, async (file) => {
        const result = await read(file);
        const refused = new Set(
          [...result.outcome.rows.entries()]
            .filter(({ code }) => code.startsWith("E"))
            .map(({ line }) => line),
        );
        const names = Object.keys(columnsOf.ewo);
        const key = (row: string) => {
          const cells = row.split(";");
          return ["PersNr", "Wohnungsstatus", "Strassenschluessel", "Hausnummer"]
            .map((name) => cells[names.indexOf(name)])
            .join("|");
        };
        const kept = file.rows.filter((_, at) => !refused.has(at + 2));
        expect(result.outcome.taken - result.outcome.merged).toBe(new Set(kept.map(key)).size);
      }),
      options,
    );
  });
});

describe("FingerprintSet", () => {
  it("holds what a set of texts holds", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 500 }), (texts) => {
        const [ours, judge] = [new FingerprintSet(), new Set<string>()];
        for (const text of texts) {
          expect(ours.add(fingerprintOf(text))).toBe(!judge.has(text));
          judge.add(text);
        }
        expect(ours.size).toBe(judge.size);
        expect(texts.every((text) => ours.has(fingerprintOf(text)))).toBe(true);
        expect(ours.has(fingerprintOf("none of them"))).toBe(false);
      }),
      { seed: 1 },
    );
  });

  it("holds any fingerprints, 0 included", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat({ max: 2 ** 53 - 1 }).filter((number) => number !== 1)),
        (numbers) => {
          const set = new FingerprintSet();
          expect(numbers.every((number) => set.add(number))).toBe(true);
          expect(numbers.some((number) => set.add(number))).toBe(false);
        },
      ),
      { seed: 1 },
    );
  });

  it("grows past its first capacity without losing one", () => {
    const set = new FingerprintSet();
    for (let at = 0; at < 50_000; at++) set.add(fingerprintOf(`key ${at}`));
    expect(set.size).toBe(50_000);
    for (let at = 0; at < 50_000; at++)
      if (!set.has(fingerprintOf(`key ${at}`))) expect.fail("Lost a fingerprint");
  });
});

describe("FingerprintLog", () => {
  it("knows which texts came more than once", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 2 }), { maxLength: 500 }), (texts) => {
        const log = new FingerprintLog();
        for (const text of texts) log.add(fingerprintOf(text));
        const judge = new Set(texts.filter((text, at) => texts.indexOf(text) !== at));
        const repeated = log.repeated();
        expect(repeated.size).toBe(judge.size);
        expect(texts.every((text) => repeated.has(fingerprintOf(text)) === judge.has(text))).toBe(true);
      }),
      { seed: 1 },
    );
  });

  it("keeps all 53 bits", () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 53 - 1 }), fc.nat({ max: 52 }), (number, bit) => {
        const other = Number(BigInt(number) ^ (1n << BigInt(bit)));
        const log = new FingerprintLog();
        for (const fingerprint of [number, other, number]) log.add(fingerprint);
        expect(log.repeated().size).toBe(1);
        expect(log.repeated().has(number)).toBe(true);
      }),
      { seed: 1 },
    );
  });
});

describe("isPreferred()", () => {
  it("is a total order: of two different candidates exactly one is preferred", () => {
    const candidate = fc.record({
      line: fc.nat(5),
      preference: fc.tuple(fc.nat(2), fc.nat(2)),
      text: fc.constantFrom("a", "ä", "z", "😀", "\uffff"),
    });
    fc.assert(
      fc.property(candidate, candidate, (left, right) => {
        fc.pre(left.line !== right.line);
        expect(isPreferred(left, right)).toBe(!isPreferred(right, left));
      }),
      { seed: 1 },
    );
  });
});
