import { createHash } from "node:crypto";
import exceljs from "exceljs";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";

/** A small release, protected well: the rectangle of `T02` is hidden, each of its cells can be 1 to 19. */
export const wellProtected = {
  T01_Eckwerte: `
    zeitpunkt_code;zeitpunkt;merkmal;wert;status
    2026-11-20;20.11.2026;gefluechtete;40;
    2026-11-20;20.11.2026;differenz;;z
    2025-11-21;21.11.2025;gefluechtete;28;
    2025-11-21;21.11.2025;differenz;12;`,
  T02_Stadtteil_Geschlecht: `
    raum_code;raum;raum_ebene;geschlecht_code;geschlecht;merkmal;wert;status
    T;Stadt;stadt;T;Insgesamt;gefluechtete;40;
    T;Stadt;stadt;m;männlich;gefluechtete;20;
    T;Stadt;stadt;w;weiblich;gefluechtete;20;
    01;Nord;stadtteil;T;Insgesamt;gefluechtete;20;
    01;Nord;stadtteil;m;männlich;gefluechtete;;c
    01;Nord;stadtteil;w;weiblich;gefluechtete;;c
    02;Süd;stadtteil;T;Insgesamt;gefluechtete;20;
    02;Süd;stadtteil;m;männlich;gefluechtete;;c
    02;Süd;stadtteil;w;weiblich;gefluechtete;;c`,
  T08_Quote: `
    raum_code;raum;raum_ebene;merkmal;wert;status
    T;Stadt;stadt;einwohner;4000;
    T;Stadt;stadt;gefluechtete;40;
    T;Stadt;stadt;je_1000;10;
    01;Nord;stadtteil;einwohner;1900;
    01;Nord;stadtteil;gefluechtete;20;
    01;Nord;stadtteil;je_1000;10,5;
    02;Süd;stadtteil;einwohner;2100;
    02;Süd;stadtteil;gefluechtete;20;
    02;Süd;stadtteil;je_1000;9,5;`,
  T10_AsylbLG: `
    pks_code;pks;merkmal;wert;status`,
} as const;

const hierarchies = {
  raum: { "stadtteil:01": "stadt:T", "stadtteil:02": "stadt:T" },
  geschlecht: { m: "T", w: "T" },
};

export type Tables = Readonly<Record<string, string>>;
export type Released = {
  readonly releaseJson: string;
  readonly csv: ReadonlyMap<string, string>;
  readonly workbook: Uint8Array;
};

/** What may be done to a release before it is written, each a fault that an attacker could use. */
export type Faults = {
  /** Other tables in the workbook than in the files. */
  readonly inWorkbook?: Tables;
  readonly sheets?: (workbook: exceljs.Workbook) => void;
  /** By part of the workbook: the text that takes its place. */
  readonly parts?: (part: string, text: string) => string;
  /** Parts that are added. */
  readonly added?: Readonly<Record<string, string>>;
  readonly json?: (content: Record<string, unknown>) => Record<string, unknown>;
};

export async function releaseOf(tables: Tables = wellProtected, faults: Faults = {}): Promise<Released> {
  const csv = new Map(
    Object.entries(tables).map(([name, text]) => [`daten/2026-KW47/${name}.csv`, csvText(text)]),
  );
  const workbook = await workbookOf(faults.inWorkbook ?? tables, faults);
  const files = Object.fromEntries([
    ...[...csv].map(([path, text]) => [path, sha256(text)]),
    ["archiv/2026/Bevoelkerung_aktuell_2026-KW47.xlsx", sha256(workbook)],
  ]);
  const content = {
    week: "2026-KW47",
    referenceDate: "2026-11-20",
    hierarchies,
    tables: Object.entries(tables).map(([name, text]) => factsOf(name, linesOf(text))),
    files,
  };
  return { releaseJson: JSON.stringify((faults.json ?? ((same) => same))(content)), csv, workbook };
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function linesOf(text: string): readonly (readonly string[])[] {
  const lines = text.trim().split("\n");
  return lines.map((line) => line.trim().split(";"));
}

function csvText(text: string): string {
  return `\ufeff${linesOf(text)
    .map((fields) => fields.join(";"))
    .join("\r\n")}\r\n`;
}

function factsOf(name: string, [, ...rows]: ReturnType<typeof linesOf>) {
  const suppressed = rows.filter((row) => row.at(-1) === "c").length;
  return {
    id: name.split("_")[0],
    method: rows.length === 0 ? "withhold" : "none",
    cells: rows.length,
    suppressed,
    referenceDates: { "ewo-alw": "2026-11-20", ewo: "2026-11-13" },
  };
}

/** Front sheets, one sheet a table as people read it, and its twin for programs. */
async function workbookOf(tables: Tables, faults: Faults): Promise<Uint8Array> {
  const workbook = new exceljs.Workbook();
  workbook.addWorksheet("Titel").addRow(["Bevölkerung aktuell"]);
  workbook.addWorksheet("Datenstand").addRow(["Zeilen gelesen", 4711]);
  for (const [name, text] of Object.entries(tables)) {
    const [header = [], ...rows] = linesOf(text);
    const id = name.split("_")[0] ?? "";
    const sheet = workbook.addWorksheet(id);
    sheet.addRow([`${id} auf einem Blatt`]);
    for (const row of rows)
      sheet.addRow([...row.slice(0, -3), row.at(-2) === "" ? signOf(row.at(-1)) : numberIn(row)]);
    const twin = workbook.addWorksheet(`csv-${id}`);
    twin.addRow([...header, "stichtag", "lieferung"]);
    for (const row of rows)
      twin.addRow(
        [...row.slice(0, -2), numberIn(row), row.at(-1), "2026-11-20", "lieferung-1"].map(orNothing),
      );
  }
  faults.sheets?.(workbook);
  const parts = unzipSync(new Uint8Array(await workbook.xlsx.writeBuffer()));
  const changed = Object.entries(parts).map(([part, bytes]) => {
    const text = strFromU8(bytes);
    return [part, strToU8(faults.parts?.(part, text) ?? text)] as const;
  });
  const added = Object.entries(faults.added ?? {}).map(([part, text]) => [part, strToU8(text)] as const);
  return zipSync(Object.fromEntries([...changed, ...added]));
}

function signOf(status: string | undefined): string {
  return status === "c" ? "." : "x";
}

function numberIn(row: readonly string[]): number | undefined {
  const text = row.at(-2) ?? "";
  return text === "" ? undefined : Number(text.replace(",", "."));
}

function orNothing<Value>(value: Value): Value | undefined {
  return value === "" ? undefined : value;
}
