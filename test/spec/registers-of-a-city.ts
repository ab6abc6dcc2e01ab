import { readFileSync } from "node:fs";
import { columnsNeeded, columnsNeededOf } from "../../shared/population/columns-needed.ts";
import type { ReportSources, SourceDelivery } from "../../shared/population/sources.ts";
import { readCodeTables } from "../../shared/registers/code-table.ts";
import { officeSchema } from "../../shared/registers/office.ts";
import type { RegisterId } from "../../shared/registers/register.ts";
import { columnsOf, type Row, rowsOf } from "./columns.ts";

/** Friday of 2026-W47. */
export const friday = "2026-11-20";

/** What a row of a register says where a case does not speak of it. */
const defaults: Partial<Record<RegisterId, Row>> = {
  "ewo-alw": {
    aliasgruppe: "0",
    alter: "30",
    geschlecht: "m",
    staatsang1: "475",
    titel: "AE24",
    gueltig_ab: "2025-01-01",
    asylstand: "K",
    einreise: "2022-03",
    meldestatus: "A",
    in_stadt: "1",
  },
  ewo: { wohnungsstatus: "A", staatsang1: "000", einzug: "2020-01" },
  "akdn-sozial": {
    stellung: "1",
    pks: "10",
    alter: "30",
    geburtsjahr: "1996",
    beginn: "2026-01",
    betrag: "44100",
  },
  schild: {
    status: "2",
    staatsang1: "475",
    aufnahme: "2024-08",
    jahr: "2026",
    abschnitt: "1",
    spalten: "58",
  },
};

/** A delivery of one register from a table of texts. */
export function delivery(
  register: RegisterId,
  referenceDate: string,
  rows: string | readonly Row[],
  part = "-",
): SourceDelivery {
  const list = typeof rows === "string" ? rowsOf(rows) : rows;
  const types = register === "gliederung" ? columnsNeededOf(register, part) : columnsNeeded[register];
  const columns = columnsOf(types, list, defaults[register]);
  return { id: `${register}-${part}-${referenceDate}`, part, referenceDate, columns };
}

/** Two boroughs, three quarters, five blocks. */
export const addresses = delivery(
  "gliederung",
  "2026-01-01",
  `stadtbezirk | stadtteil | baublock | gueltig_von
   1           | 11        | 1101     | 2020-01-01
   1           | 11        | 1102     | 2020-01-01
   1           | 12        | 1201     | 2020-01-01
   2           | 21        | 2101     | 2020-01-01
   2           | 21        | 2102     | 2020-01-01`,
  "adressen",
);

export const areaNames = delivery(
  "gliederung",
  "2026-01-01",
  `ebene       | schluessel | name       | gueltig_von
   stadtbezirk | 1          | Nord       | 2020-01-01
   stadtbezirk | 2          | Süd        | 2020-01-01
   stadtteil   | 11         | Altmühl    | 2020-01-01
   stadtteil   | 12         | Birkfeld   | 2020-01-01
   stadtteil   | 21         | Ziegelhof  | 2020-01-01`,
  "namen",
);

function codeFile(name: string): string {
  return readFileSync(new URL(`../../shared/registers/codes/${name}.csv`, import.meta.url), "utf8");
}

/** Citizenships with the column `eu`, as the office's list has it. */
const citizenships = `key;label_de;valid_from;valid_to;successor;eu
000;Deutschland;;;;1
125;Bulgarien;;2006-12-31;;0
125;Bulgarien;2007-01-01;;;1
129;Frankreich;;;;1
166;Ukraine;;;;0
423;Afghanistan;;;;0
439;Iran;;;;0
475;Syrien;;;;0
997;staatenlos;;;;0
999;ohne Angabe;;;;0
`;

export const codes = readCodeTables({
  citizenships,
  "residence-titles": codeFile("residence-titles"),
  personenkreis: codeFile("personenkreis"),
  familienstand: codeFile("familienstand"),
  "school-types": codeFile("school-types"),
  "titel-mapping": "schluessel;code;gueltig_von;gueltig_bis\n",
  schulen: `Schulnummer;Schulform;Name;GueltigVon;GueltigBis
111111;02;Schule am Bach;;
222222;20;Gymnasium Süd;;
`,
});

/** Sources of a report with nothing delivered but what is given. */
export function sourcesOf(
  given: Partial<ReportSources>,
  definition: "kommunal" | "destatis" = "kommunal",
): ReportSources {
  return {
    referenceDate: friday,
    office: officeSchema.parse({
      name: "Musterstadt",
      kontakt: { stelle: "Statistik" },
      bericht: { definition },
    }),
    codes,
    benefits: [],
    pupils: [],
    history: [],
    weeks: [],
    months: [],
    choose: () => "w",
    ...given,
  };
}
