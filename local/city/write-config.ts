import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { officeSchema } from "../../shared/registers/office.ts";
import { type School, schoolTable } from "./schools.ts";
import { city } from "./sizes.ts";
import { codeRows } from "./status.ts";
import { titleMapping } from "./title-keys.ts";
import type { City } from "./write-ewo-alw.ts";
import { writeSeries } from "./write-series.ts";

const benefitGroups: Readonly<Record<string, string>> = {
  "10": "Asylverfahren",
  "11": "Asylverfahren",
  "20": "Asylverfahren",
  "31": "Vorübergehender Schutz",
  "32": "Aufenthaltserlaubnis",
  "33": "Aufenthaltserlaubnis",
  "40": "Duldung",
  "50": "Ausreisepflicht",
  "60": "Familienangehörige",
  "70": "Asylverfahren",
  "80": "Vorübergehender Schutz",
  "99": "Unbekannt",
};

function contact(register: string, wer: string, erwartet: object) {
  return { register, ansprechpersonen: [`${wer}@musterstadt.example`], erwartet };
}

/** `office.json` of the invented office; checked against the schema before it is written. */
function officeText(): string {
  const office = {
    name: "Stadt Musterstadt",
    kontakt: { stelle: "Statistikstelle", telefon: "0209 000-0", email: "statistik@musterstadt.example" },
    ags: city.ags,
    land: "NW",
    orte: [city.name, ...city.postalCodes],
    lieferungen: [
      contact("ewo-alw", "auslaenderbehoerde", { wochentag: "montag", uhrzeit: "10:00" }),
      contact("akdn-sozial", "soziales", { tagImMonat: 10, uhrzeit: "12:00" }),
      contact("ewo", "buergerservice", { tagImMonat: 5, uhrzeit: "12:00" }),
      contact("schild", "schulverwaltung", { tagImMonat: 20, uhrzeit: "12:00" }),
      contact("gliederung", "vermessung", { tagImMonat: 15, uhrzeit: "12:00" }),
      contact("fortschreibung", "soziales", { tagImMonat: 15, uhrzeit: "12:00" }),
    ],
  };
  officeSchema.parse(office);
  return `${JSON.stringify(office, undefined, 2)}\n`;
}

function benefitGroupTable(): string {
  const rows = codeRows("personenkreis.csv").map(({ pks = "", asylblg, label_de }) => [
    pks,
    asylblg,
    label_de,
    benefitGroups[pks] ?? "",
  ]);
  return `${["pks;asylblg;label_de;gruppe", ...rows.map((row) => row.join(";"))].join("\r\n")}\r\n`;
}

/** Writes `config/` and returns the names of its files. */
export function writeConfig(
  invented: City,
  directory: string,
  schools: readonly School[],
  firstDelivered: string,
): readonly string[] {
  const config = join(directory, "config");
  mkdirSync(config, { recursive: true });
  const texts = {
    "office.json": officeText(),
    "titel-mapping.csv": titleMapping(),
    "schulen.csv": schoolTable(schools),
    "personenkreis.csv": benefitGroupTable(),
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(config, name), text);
  writeSeries(invented, join(config, "serie.csv"), firstDelivered);
  return [...Object.keys(texts), "serie.csv"];
}
