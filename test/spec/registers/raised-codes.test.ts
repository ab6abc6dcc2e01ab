import { describe, expect, it } from "vitest";
import { readBlobName } from "../../../shared/registers/blob-name.ts";
import { type FindingCode, findingCodes } from "../../../shared/registers/finding.ts";
import { register, registers } from "../../../shared/registers/index.ts";
import { addressIndex, codeTables, lenient, office, readFile, smallCity, textSource } from "./read-file.ts";

const header =
  "Stichtag;PersNr;Familienname;Geburtsdatum;Geschlecht;Staatsang1;Titelschluessel;GueltigAb;Meldestatus;Strassenschluessel;Strasse;Hausnummer;Ort";
const row = {
  Stichtag: "20.11.2026",
  PersNr: "1",
  Familienname: "Muster",
  Geburtsdatum: "14.02.1994",
  Geschlecht: "m",
  Staatsang1: "475",
  Titelschluessel: "AG",
  GueltigAb: "01.03.2023",
  Meldestatus: "A",
  Strassenschluessel: "00001",
  Strasse: "",
  Hausnummer: "12",
  Ort: "",
} as const;
type Cells = Partial<Record<keyof typeof row, string>>;
const lines = (...rows: readonly Cells[]) =>
  rows.map((cells) => Object.values({ ...row, ...cells }).join(";"));
const foreigners = (...rows: readonly Cells[]) => [header, ...lines(...rows), ""].join("\n");
const elsewhere = { Strassenschluessel: "", Strasse: "Hauptstr.", Ort: "Neustadt" };
const history = (...rows: readonly string[]) =>
  ["Monat;PKS;Faelle;Personen;Ausgaben", ...rows, ""].join("\n");
const names = (...rows: readonly string[]) =>
  ["Ebene;Schluessel;Name;GueltigVon;GueltigBis", ...rows, ""].join("\n");

type Example =
  | { readonly kind: "name"; readonly path: string }
  | {
      readonly kind: "file";
      readonly register: "ewo-alw" | "fortschreibung" | "gliederung";
      readonly text: string;
      readonly isStrict?: boolean;
      readonly today?: string;
      readonly previousRows?: number;
      readonly more?: object;
    }
  /** Raised by another part: the readers of files or the ingest. */
  | { readonly kind: "elsewhere"; readonly by: "readers" | "ingest" };

const file = (
  register: "ewo-alw" | "fortschreibung" | "gliederung",
  text: string,
  more: object = {},
): Example => ({
  kind: "file",
  register,
  text,
  ...more,
});
const byReaders: Example = { kind: "elsewhere", by: "readers" };

const exampleOf: Record<FindingCode, Example> = {
  "D-001": file("ewo-alw", ""),
  "D-002": { kind: "name", path: "ewo/x.csv" },
  "D-003": byReaders,
  "D-004": byReaders,
  "D-005": byReaders,
  "D-006": file("ewo-alw", "a;b\n1;2\n"),
  "D-007": file("ewo-alw", `PersNr;${header}\n`),
  "D-008": file("ewo-alw", foreigners({ Stichtag: "13.11.2026" })),
  "D-009": file("ewo-alw", foreigners({}), { today: "2026-11-19" }),
  "D-010": { kind: "elsewhere", by: "ingest" },
  "D-011": file("ewo-alw", foreigners({ GueltigAb: "x" }), { isStrict: true }),
  "D-012": byReaders,
  "D-014": file("ewo-alw", foreigners(...Array.from({ length: 9_000 }, () => ({}))), { isStrict: true }),
  "D-015": byReaders,
  "D-016": { kind: "name", path: "ewo/EWO_05999000_2026-10-31_1.xls" },
  "D-017": { kind: "name", path: "schild/123456/2026-10-15/SchuelerErzieher.dat" },
  "E-001": file("ewo-alw", `${foreigners({})}1;2\n${lines({}).join("")}\n`),
  "E-002": file("ewo-alw", foreigners({ PersNr: "" })),
  "E-003": file("ewo-alw", foreigners({ Staatsang1: "?" })),
  "E-005": file("ewo-alw", foreigners({ GueltigAb: "x" })),
  "E-006": file("ewo-alw", foreigners({ Geburtsdatum: "01.01.2030" })),
  "E-007": file("fortschreibung", history("2010-01;10;x;1;1,00")),
  "E-008": file("fortschreibung", history("2010-01;10;-1;1;1,00")),
  "E-009": file("ewo-alw", foreigners({ PersNr: "1".repeat(21) })),
  "E-010": file("fortschreibung", history("2010-01;10;1;1;1,00", "2010-01;10;1;1;1,00")),
  "E-011": file("gliederung", names("stadtteil;11;Altstadt;01.01.2010;01.01.2009")),
  "E-012": file("ewo-alw", foreigners({ Geburtsdatum: "01.01.94" })),
  "E-013": file("ewo-alw", foreigners({ Familienname: "a\u0001" })),
  "E-014": byReaders,
  "E-015": byReaders,
  "E-016": file("ewo-alw", foreigners({ Titelschluessel: "x" })),
  "H-001": file("ewo-alw", foreigners({}).replace(/\n/g, ";x\n")),
  "H-002": file("ewo-alw", `\ufeff${foreigners({})}`, { more: { kodierung: "Windows-1252" } }),
  "H-003": file("ewo-alw", foreigners({ Geburtsdatum: "1994" })),
  "H-004": file("ewo-alw", foreigners({ Staatsang1: "133" })),
  "H-005": file("ewo-alw", foreigners({ Strassenschluessel: "99999" })),
  "H-006": file("ewo-alw", foreigners({ Familienname: "a " })),
  "H-007": byReaders,
  "H-008": file("ewo-alw", foreigners({ Strassenschluessel: "1" })),
  "H-009": byReaders,
  "H-010": file("fortschreibung", history("2010-01;10;1;1;1,00", "2010-01;Insgesamt;1;1;1,00")),
  "H-011": file("ewo-alw", foreigners({}, {})),
  "H-012": file("ewo-alw", foreigners(elsewhere)),
  "H-013": file("ewo-alw", foreigners({}), { previousRows: 100 }),
};

const slots = {
  "ewo-alw": { register: "ewo-alw", part: "-", referenceDate: "2026-11-20" },
  fortschreibung: { register: "fortschreibung", part: "-", referenceDate: "2026-10" },
  gliederung: { register: "gliederung", part: "namen", referenceDate: "2026-01-01" },
} as const;

async function raised(example: Exclude<Example, { kind: "elsewhere" }>): Promise<ReadonlySet<FindingCode>> {
  if (example.kind === "name") {
    const name = readBlobName(example.path);
    return new Set(name.kind === "refused" ? [name.finding.code] : []);
  }
  const { register, text, isStrict, today = "2026-11-23", previousRows, more } = example;
  const strict = office({ lieferungen: [{ register, grenzeMegabyte: 0.5 }] });
  const settings = isStrict === true ? strict : { ...lenient(register, more), orte: ["Lindenau"] };
  const { outcome } = await readFile({
    slot: slots[register],
    source: textSource("x.csv", text),
    office: settings,
    codes: codeTables,
    addresses: await addressIndex(smallCity),
    today,
    ...(previousRows === undefined ? {} : { previousRows }),
  });
  const { verdict } = outcome;
  return new Set([
    ...(verdict.kind === "rejected" ? verdict.findings.map(({ code }) => code) : []),
    ...(verdict.kind === "held" ? [verdict.finding.code] : []),
    ...outcome.notes.map(({ code }) => code),
    ...[...outcome.rows.entries()].map(({ code }) => code),
  ]);
}

describe("finding codes", () => {
  it.each(findingCodes)("%s has an example, or is raised elsewhere", async (code) => {
    const example = exampleOf[code];
    if (example.kind !== "elsewhere") expect(await raised(example)).toContain(code);
  });

  it("no finding, heading aside, and no count carries the content of a cell", async () => {
    const sentinel = "Xylophonwal";
    const cells = Object.keys(row);
    for (const name of cells) {
      const { outcome } = await readFile({
        slot: slots["ewo-alw"],
        source: textSource("x.csv", foreigners({}, { PersNr: "2", [name]: sentinel })),
        office: lenient("ewo-alw"),
        codes: codeTables,
        today: "2026-11-23",
      });
      const { rows, ...rest } = outcome;
      expect(JSON.stringify([rest, ...rows.entries()])).not.toContain(sentinel);
    }
  });
});

describe("stored columns", () => {
  it("no register keeps a name, an address, a number of a person or a birth date", () => {
    const forbidden = /name|strasse|hausn|plz|ort$|persnr|azr|geburtsdatum|fallnummer|personennummer/i;
    for (const { id, parts } of registers) {
      if (id === "gliederung") continue; // nothing in it is personal
      for (const part of parts.length === 0 ? ["123456"] : parts) {
        expect(Object.keys(register(id).storedOf(part)).filter((name) => forbidden.test(name))).toEqual([]);
      }
    }
  });
});
