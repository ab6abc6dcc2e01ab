import { AuditedRelease } from "../../../shared/disclosure/audited-release.ts";
import { type Policy, policy } from "../../../shared/disclosure/policy.ts";
import { protect } from "../../../shared/disclosure/protect.ts";
import { officeSchema } from "../../../shared/registers/office.ts";
import type { ReportContext } from "../../../shared/report/report-context.ts";
import { type CountedTable, type Measure, stateOf, type TableResult } from "../../../shared/tables/table.ts";
import { nothingBefore } from "../disclosure/nothing-before.ts";
import { persons, textTable } from "../disclosure/text-table.ts";

const euro: Measure = { id: "ausgaben", label: "Ausgaben", kind: "money", unit: "Euro" };
const change: Measure = { id: "differenz", label: "Veränderung", kind: "difference", unit: "Personen" };

function overTime(): CountedTable {
  const table = textTable("| T\n 2026-11-20 | 0\n 2026-11-13 | 0\n 2025-11-21 | 0", {
    id: "T01",
    rows: "zeitpunkt",
  });
  return {
    ...table,
    name: "Eckwerte",
    title: "Geflüchtete: aktueller Stand und Veränderung",
    measures: [persons, change],
    values: Float64Array.from([33, 0, 38, -5, 0, 0]),
    states: Uint8Array.from([
      stateOf.value,
      stateOf.impossible,
      stateOf.value,
      stateOf.value,
      stateOf.unavailable,
      stateOf.unavailable,
    ]),
    notes: ["definition", "differenz"],
  };
}

function expenditure(): CountedTable {
  const table = textTable("| T\n T | 1234567\n A1 | 1234567\n A2 | 0", {
    id: "T10",
    rows: "pks",
    measure: euro,
  });
  return {
    ...table,
    name: "AsylbLG_PKS",
    title: "Leistungen nach dem AsylbLG",
    concentration: {
      recipients: Float64Array.from([12, 12, 0]),
      largest: Float64Array.from([200_000, 200_000, 0]),
      absolute: Float64Array.from([1_234_567, 1_234_567, 0]),
    },
    referenceDates: { "akdn-sozial": "2026-10" },
    deliveries: ["akdn-sozial-2026-10-0123456789ab"],
  };
}

const quarters = textTable(
  "| T | w | m\n T | 33 | 16 | 17\n 1 | 13 | 6 | 7\n 101 | 5 | 5 | 0\n 102 | 8 | 1 | 7\n 2 | 20 | 10 | 10\n 201 | 20 | 10 | 10",
  { id: "T02", coarsening: { raum: [{ kind: "drop-level", level: "stadtteil" }] }, notes: ["definition"] },
);

const small: CountedTable = {
  ...textTable("| T | w | m\n T | 33 | 32 | 1\n a | 33 | 32 | 1", { id: "T09", rows: "aufenthaltsdauer" }),
  coarserTable: "T01",
  title: "Geflüchtete nach Aufenthaltsdauer",
};

export const sampleResults: readonly TableResult[] = [
  { kind: "counted", table: overTime() },
  { kind: "counted", table: { ...quarters, name: "Stadtteil_Geschlecht" } },
  { kind: "counted", table: { ...small, name: "Aufenthaltsdauer" } },
  { kind: "counted", table: expenditure() },
  {
    kind: "missing",
    table: {
      id: "T13",
      name: "Schulform",
      title: "Schülerinnen und Schüler",
      dimensions: ["schulform"],
      missing: ["schild"],
    },
  },
];

/** The rule to the letter for every table: coarser, or not at all. */
const wholeTables: Policy = { ...policy, ladders: {} };

/** T01 with a gap and a negative change, T02 coarsened, T09 withheld, T10 with money, T13 without its source. */
export async function sampleRelease(
  results: readonly TableResult[] = sampleResults,
  rules: Policy = wholeTables,
): Promise<AuditedRelease> {
  const { tables, evidence } = await protect(results, rules, nothingBefore);
  const release = await AuditedRelease.audit(tables, rules, { ...nothingBefore, evidence });
  if (release.kind !== "audited") {
    throw new TypeError("Expected the sample to pass the audit");
  }
  return release;
}

const delivery = {
  id: "ewo-alw-2026-11-20-0123456789ab",
  sha256: "0123456789ab".padEnd(64, "0"),
  part: "-",
  referenceDate: "2026-11-20",
  receivedAt: "2026-11-23T05:00:00.000Z",
  rowsRead: 40,
  taken: 35,
  rejected: 5,
};

export const sampleContext: ReportContext = {
  office: officeSchema.parse({
    name: "Stadt Musterstadt",
    kontakt: { stelle: "Statistikstelle", email: "statistik@example.org" },
  }),
  week: "2026-KW47",
  isoWeek: "2026-W47",
  referenceDate: "2026-11-20",
  now: "2026-11-23T05:00:00.000Z",
  releaseId: "2026-W47-0123456789ab",
  sources: [
    { register: "ewo-alw", title: "EWO-ALW", deliveries: [delivery], late: false, missing: false },
    { register: "schild", title: "SchILD-NRW", deliveries: [], late: true, missing: true },
  ],
  samples: ["schulen.csv"],
  versions: { definition: "kommunal v1", bericht: "bevoelkerung-aktuell" },
  definitionLabel: "Geflüchtete (kommunale Definition)",
};
