import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Exports of a made-up town, written after the agreed formats by hand and not by the generator of the invented city.
 * Every person stands in one row, so that a recount needs no more than splitting at the separator.
 */
const streets = [
  { key: "00001", name: "Ahornweg", borough: "1", quarter: "11", block: "1101" },
  { key: "00002", name: "Birkenallee", borough: "1", quarter: "12", block: "1201" },
  { key: "00003", name: "Cedernplatz", borough: "2", quarter: "21", block: "2101" },
] as const;

/** count × title, street, nationality, sex, birth, Meldestatus: the foreigners of the town. */
const foreigners = `
  12  AE24        00001  166  w  14.02.1988  A
   9  AE24        00002  166  m  03.07.1990  A
   7  AE24        00003  166  w  05.09.2015  A
   6  AE25_2_GFK  00001  475  m  01.01.1979  A
   8  AE25_2_SUB  00002  475  m  12.12.2010  A
   5  AE25_3      00003  423  w  30.06.1960  A
   6  AG          00001  423  m  17.03.2001  A
   4  AG          00003  438  w  00.05.1999  A
   5  DU60A_2_1   00002  438  m  1985        A
   4  DU60C       00003  432  m  11.11.2005  A
   4  AKN         00001  475  w  29.02.2020  A
   3  NE26_3      00002  423  m  01.04.1955  A
   4  SONST       00001  163  m  01.04.1975  A
   3  AE24        00001  166  m  01.04.1975  V
   3  FAM_FLU     00003  475  w  01.04.1995  A`;

type Foreigner = {
  readonly id: string;
  readonly title: string;
  readonly street: (typeof streets)[number];
  readonly nationality: string;
  readonly sex: string;
  readonly birth: string;
  readonly standing: string;
};

const people: readonly Foreigner[] = foreigners
  .trim()
  .split("\n")
  .flatMap((line, group) => {
    const [count, title = "", key, nationality = "", sex = "", birth = "", standing = ""] = line
      .trim()
      .split(/\s+/);
    const street = streets.find((entry) => entry.key === key) ?? streets[0];
    return Array.from({ length: Number(count) }, (_, at) => ({
      id: String(4_000 + group * 100 + at).padStart(7, "0"),
      title,
      street,
      nationality,
      sex,
      birth,
      standing,
    }));
  });

const validFrom = "01.01.2020";

function addressRows(): readonly string[] {
  return [
    "Straßenschlüssel;Straße;HausNrVon;ZusatzVon;HausNrBis;ZusatzBis;Paritaet;Stadtbezirk;Stadtteil;StatBezirk;Baublock;Blockseite;GueltigVon;GueltigBis",
    ...streets.map(
      ({ key, name, borough, quarter, block }) =>
        `${key};${name};1;;99;;A;${borough};${quarter};;${block};${block}1;${validFrom};`,
    ),
  ];
}

function nameRows(): readonly string[] {
  const rows = [
    ["stadtbezirk", "1", "Nord"],
    ["stadtbezirk", "2", "Süd"],
    ["stadtteil", "11", "Ahornviertel"],
    ["stadtteil", "12", "Birkenhöhe"],
    ["stadtteil", "21", "Cederngrund"],
    ["baublock", "1101", "1101"],
    ["baublock", "1201", "1201"],
    ["baublock", "2101", "2101"],
  ];
  return [
    "Ebene;Schluessel;Name;GueltigVon;GueltigBis;Nachfolger",
    ...rows.map((row) => `${row.join(";")};${validFrom};;`),
  ];
}

function foreignerRows(): readonly string[] {
  const head =
    "Stichtag;PersNr;Familienname;Vornamen;Geburtsdatum;Geschlecht;Staatsang1;Staatsang2;Titelschluessel;GueltigAb;GueltigBis;Ereignisdatum;Asylstand;Einreisedatum;Meldestatus;Strassenschluessel;Hausnummer;Auskunftssperre";
  const rows = people.map(
    ({ id, title, street, nationality, sex, birth, standing }, at) =>
      `20.11.2026;${id};Muster${at};"Sam;ir";${birth};${sex};${nationality};;${title};01.03.2023;28.02.2028;01.03.2023;A;15.0${1 + (at % 9)}.2021;${standing};${street.key};${1 + (at % 90)};N`,
  );
  return [head, ...rows];
}

/** Everybody of the foreigners register but the last group, and 300 Germans. */
function residentRows(): readonly string[] {
  const head =
    "Stichtag;PersNr;Geburtsdatum;Geschlecht;Staatsang1;Staatsang2;Wohnungsstatus;Einzugsdatum;Strassenschluessel;Hausnummer";
  const registered = people
    .filter(({ standing, title }) => standing === "A" && title !== "NE26_3")
    .map(
      ({ id, birth, sex, nationality, street }, at) =>
        `31.10.2026;${id.replace(/^0+/, "")};${birth};${sex};${nationality};;A;01.03.2022;${street.key};${1 + (at % 90)}`,
    );
  const germans = Array.from(
    { length: 300 },
    (_, at) =>
      `31.10.2026;9${String(at).padStart(6, "0")};01.02.1970;${at % 2 ? "m" : "w"};000;;H;01.03.2012;${streets[at % 3]?.key};${1 + (at % 90)}`,
  );
  return [head, ...registered, ...germans];
}

/** 20 persons in 10 cases, the first with a correction; amounts in several spellings. */
function benefitRows(): readonly string[] {
  const head =
    "Berichtsmonat;Fallnummer;Personennummer;StellungImFall;PKS;Leistungsart;Geburtsdatum;Geschlecht;Staatsangehoerigkeit;Leistungsbeginn;Betrag";
  const rows = Array.from({ length: 20 }, (_, at) => {
    const pks = at < 12 ? "10" : "40";
    return `2026-10;F-${Math.floor(at / 2)};P-${at};${1 + (at % 2)};${pks};§ 3;14.02.1988;w;166;01.09.2026;${at % 2 ? "1.041,50 €" : "441,00"}`;
  });
  return [
    head,
    ...rows,
    "2026-10;F-0;P-0;1;10;3;14.02.1988;w;166;01.09.2026;-41,00",
    ";;;;;;;;;Summe;14.784,00",
  ];
}

function historyRows(): readonly string[] {
  const months = ["2026-08", "2026-09"].flatMap((month, at) => [
    `${month};10;${5 + at};${11 + at};4000,00`,
    `${month};40;4;8;3.000,50`,
  ]);
  return ["Monat;PKS;Faelle;Personen;Ausgaben", ...months];
}

const pupilHeader = Array.from({ length: 50 }, (_, at) => `Spalte ${at + 1}`);

/** 12 pupils a school; those of class kind DF are the newly arrived ones. */
function pupilRows(school: number): readonly string[] {
  const rows = Array.from({ length: 12 }, (_, at) => {
    const fields = Array.from({ length: 50 }, () => "");
    const newlyArrived = at < 4;
    const values: Record<number, string> = {
      1: `Muster${school}${at}#07A`,
      2: "Kim",
      3: `0${1 + (at % 9)}.05.2014`,
      4: at % 2 ? "m" : "w",
      5: "2",
      6: "45000",
      7: "Musterstadt",
      8: "Ahornweg 12 a",
      10: newlyArrived ? "475" : "000",
      13: "01.08.2025",
      16: "J",
      19: "2026",
      20: "1",
      21: "07",
      22: "07A",
      23: "***",
      25: newlyArrived ? "DF" : "RK",
      28: "N",
      29: "N",
      37: "N",
      38: "N",
    };
    for (const [position, value] of Object.entries(values)) fields[Number(position) - 1] = value;
    return fields.join("|");
  });
  return [pupilHeader.join("|"), ...rows];
}

const schools = [
  ["100001", "20", "Gymnasium Nord"],
  ["100002", "15", "Gesamtschule Süd"],
] as const;

function configuration(): Readonly<Record<string, string>> {
  const office = {
    name: "Stadt Musterstadt",
    kontakt: { stelle: "Statistikstelle", telefon: "0000 000", email: "statistik@musterstadt.example" },
  };
  const schoolRows = schools.map(([number, kind, name]) => `${number};${kind};${name};00001;1;01.08.2010;`);
  return {
    "config/office.json": JSON.stringify(office),
    "config/schulen.csv": [
      "Schulnummer;Schulform;Name;Strassenschluessel;Hausnummer;GueltigVon;GueltigBis",
      ...schoolRows,
    ].join("\n"),
  };
}

/** Path → text; line ends, encodings and byte order marks differ on purpose. */
export function handMadeFiles(): Readonly<Record<string, Buffer>> {
  const windows = (rows: readonly string[]) => Buffer.from(`${rows.join("\r\n")}\r\n`, "latin1");
  const utf8 = (rows: readonly string[]) => Buffer.from(`\uFEFF${rows.join("\n")}`, "utf8");
  const files: Record<string, Buffer> = {
    "gliederung/GLIEDERUNG-ADRESSEN_05999000_2026-01-01_1.csv": windows(addressRows()),
    "gliederung/GLIEDERUNG-NAMEN_05999000_2026-01-01_1.csv": utf8(nameRows()),
    "ewo-alw/EWO-ALW_05999000_2026-11-20_1.csv": windows([
      "Auswertung Ausländerbehörde",
      "",
      ...foreignerRows(),
    ]),
    "ewo/EWO_05999000_2026-10-31_1.csv": utf8(residentRows()),
    "akdn-sozial/AKDN-SOZIAL_05999000_2026-10_1.csv": utf8(benefitRows()),
    "fortschreibung/FORTSCHREIBUNG_05999000_2026-09_1.csv": utf8(historyRows()),
  };
  for (const [at, [number]] of schools.entries()) {
    files[`schild/${number}/2026-10-15/SchuelerBasisdaten.dat`] = windows(pupilRows(at));
  }
  for (const [path, text] of Object.entries(configuration())) files[path] = Buffer.from(text, "utf8");
  return files;
}

export async function writeHandMadeExports(directory: string): Promise<void> {
  for (const [path, bytes] of Object.entries(handMadeFiles())) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), bytes);
  }
}
