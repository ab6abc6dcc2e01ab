import { z } from "zod";
import { registerIds } from "./register.ts";

const percent = z.number().min(0).max(100);
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "expected HH:MM");
const weekday = z.enum(["montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"]);

const registerSchema = z.strictObject({
  register: z.enum(registerIds),
  ansprechpersonen: z.array(z.string()).default([]),
  vertretung: z.array(z.string()).default([]),
  erwartet: z
    .union([
      z.strictObject({ wochentag: weekday, uhrzeit: clock }),
      z.strictObject({ tagImMonat: z.number().int().min(1).max(31), uhrzeit: clock }),
    ])
    .optional(),
  karenzStunden: z.number().min(0).default(24),
  eskalationStunden: z.number().min(0).default(48),
  /** Agreed size; a larger file is refused (D-014). */
  grenzeMegabyte: z.number().positive().default(1_000),
  /** A delivery with a larger share of rejected rows is refused (D-011). */
  abgelehntHoechstensProzent: percent.default(2),
  /** A delivery whose row count differs more from the last one is held (H-013). */
  zeilenAbweichungProzent: percent.default(20),
  /** Share of rows with an unknown title or PKS above which a delivery is held. */
  unbekannteSchluesselProzent: percent.default(1),
  /** Agreed encoding of text files; another one that is recognised gives a note (H-002). */
  kodierung: z.enum(["UTF-8", "Windows-1252"]).optional(),
  /** Further headings per column: official name → synonyms. */
  spalten: z.record(z.string(), z.array(z.string())).default({}),
  /** Sheet to read from a workbook. */
  blatt: z.string().optional(),
  /** Other codes for Geschlecht, e.g. { "3": "m", "4": "w", "5": "d", "6": "x" }. */
  geschlecht: z.record(z.string(), z.enum(["m", "w", "d", "x"])).default({}),
  /** Money with a decimal point (12.50) is accepted. */
  dezimalpunkt: z.boolean().default(false),
  /** Dates as spreadsheet serials (46346) in delimited text are accepted. */
  seriendatum: z.boolean().default(false),
});
export type OfficeRegister = z.output<typeof registerSchema>;

/** `config/office.json`: what one office decides. Unknown fields are refused; policy switches may only tighten. */
export const officeSchema = z.strictObject({
  name: z.string().min(1),
  kontakt: z.strictObject({
    stelle: z.string().min(1),
    telefon: z.string().default(""),
    email: z.string().default(""),
  }),
  /** Amtlicher Gemeindeschlüssel, 8 digits. Missing: the one of the file names, as long as all agree. */
  ags: z
    .string()
    .regex(/^\d{8}$/, "expected 8 digits")
    .optional(),
  /** Holidays of this Land move due dates. */
  land: z.string().length(2).default("NW"),
  /** Postal codes and place names that count as inside the city; empty: the address decides alone. */
  orte: z.array(z.string()).default([]),
  lieferungen: z.array(registerSchema).default([]),
  bericht: z
    .strictObject({
      wochentag: weekday.default("dienstag"),
      uhrzeit: clock.default("06:00"),
      /** A report waits for an operator before it is published. */
      freigabe: z.boolean().default(false),
      definition: z.enum(["kommunal", "destatis"]).default("kommunal"),
      /** Days a title may have expired and still count (renewals are late). */
      abgelaufenTage: z.number().int().min(0).max(365).default(90),
      lizenz: z.string().default(""),
    })
    .prefault({}),
  schutz: z
    .strictObject({
      veroeffentlichenAb: z.number().int().min(3).optional(),
      nurGanzeTabellen: z.boolean().optional(),
    })
    .prefault({}),
  sharepoint: z
    .strictObject({
      archiv: z.string().default("archiv"),
      daten: z.string().default("daten"),
      karten: z.string().default("karten"),
    })
    .prefault({}),
});
export type Office = z.output<typeof officeSchema>;

/** Settings of one register; defaults where the office says nothing. */
export function officeRegister(office: Office, register: OfficeRegister["register"]): OfficeRegister {
  return (
    office.lieferungen.find((entry) => entry.register === register) ?? registerSchema.parse({ register })
  );
}
