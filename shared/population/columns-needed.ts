import type { RegisterId, StoredColumns } from "../registers/register.ts";

/** Columns of the stored records that a report reads; nothing else is fetched. `gliederung` differs by part. */
export const columnsNeeded = {
  "ewo-alw": {
    person: "pseudonym",
    aliasgruppe: "u32",
    alter: "u8",
    geschlecht: "u8",
    staatsang1: "u16",
    staatsang2: "u16",
    titel: "text",
    gueltig_ab: "date",
    gueltig_bis: "date",
    ereignisdatum: "date",
    asylstand: "text",
    einreise: "month",
    meldestatus: "text",
    in_stadt: "u8",
    stadtbezirk: "text",
    stadtteil: "text",
    statbezirk: "text",
    baublock: "text",
    zeilenfolge: "u32",
  },
  "akdn-sozial": {
    person: "pseudonym",
    fall: "pseudonym",
    stellung: "u8",
    pks: "text",
    alter: "u8",
    geburtsjahr: "u16",
    beginn: "month",
    betrag: "f64",
  },
  ewo: {
    person: "pseudonym",
    staatsang1: "u16",
    staatsang2: "u16",
    wohnungsstatus: "text",
    einzug: "month",
    stadtbezirk: "text",
    stadtteil: "text",
    blockseite: "text",
  },
  schild: {
    schueler: "pseudonym",
    status: "u8",
    staatsang1: "u16",
    aufnahme: "month",
    jahr: "u16",
    abschnitt: "u8",
    gliederung: "text",
    klassenart: "text",
    ende_eingliederung: "date",
    spalten: "u8",
    zeilenfolge: "u32",
  },
  gliederung: {},
  fortschreibung: {
    monat: "month",
    pks: "text",
    faelle: "u32",
    personen: "u32",
    ausgaben: "f64",
    kennzeichen: "text",
  },
} as const satisfies Record<RegisterId, StoredColumns>;

const columnsOfGliederung: Readonly<Record<string, StoredColumns>> = {
  adressen: {
    stadtbezirk: "text",
    stadtteil: "text",
    statbezirk: "text",
    baublock: "text",
    gueltig_von: "date",
    gueltig_bis: "date",
  },
  namen: { ebene: "text", schluessel: "text", name: "text", gueltig_von: "date", gueltig_bis: "date" },
};

/** Columns that a report reads of one part of a register; none for parts that no table rests on. */
export function columnsNeededOf(register: RegisterId, part: string): StoredColumns {
  if (register !== "gliederung") return columnsNeeded[register];
  return Object.hasOwn(columnsOfGliederung, part) ? (columnsOfGliederung[part] ?? {}) : {};
}
