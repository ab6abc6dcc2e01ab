import { ageOn, dayNumber } from "../../shared/registers/calendar.ts";
import type { Recipient } from "./benefits.ts";
import { addressOn, outside } from "./dwelling.ts";
import {
  countedOn,
  type Foreigner,
  isGerman,
  isInResidents,
  reportedMove,
  type Standing,
  standingOn,
} from "./foreigners.ts";
import { TextFile } from "./text-file.ts";
import type { Resident } from "./write-ewo.ts";
import { type City, foreignersAround } from "./write-ewo-alw.ts";
import type { PupilRow } from "./write-schild.ts";

type Tally = Record<string, number>;

function count(tally: Tally, key: string, by = 1): void {
  tally[key] = (tally[key] ?? 0) + by;
}

/**
 * Who is who and the true counts, as JSON lines, for tests only. Kinds: `gefluechtete`, `einwohner`, `asylblg`,
 * `registerlage` (one line a Stichtag or month), `akdn` and `schild` (one line a record, with the PersNr behind it).
 */
export class Truth {
  readonly #file: TextFile | undefined;
  readonly #city: City;

  constructor(city: City, path: string | undefined) {
    this.#city = city;
    this.#file = path === undefined ? undefined : new TextFile(path, "utf-8");
  }

  /** Observer of a weekly export; call `done` behind its last row. */
  refugees(referenceDate: string): { seen(person: Foreigner, standing: Standing): void; done(): void } {
    const day = dayNumber(referenceDate);
    const tallies = {
      status: {},
      stadtteil: {},
      alter: {},
      geschlecht: {},
      staatsangehoerigkeit: {},
      auslaender: {},
    };
    let total = 0;
    const seen = (person: Foreigner, standing: Standing) => {
      const { quarter } = reportedMove(person, day).address;
      const foreign = standing.status === "A" && !isGerman(person, day);
      if (foreign && quarter !== outside) count(tallies.auslaender, this.#quarter(quarter));
      const counted = countedOn(person, day);
      if (counted === undefined) return;
      total += 1;
      count(tallies.status, counted.status);
      count(tallies.stadtteil, this.#quarter(quarter));
      count(tallies.alter, String(ageOn(person.birth, day)));
      count(tallies.geschlecht, person.sex);
      count(tallies.staatsangehoerigkeit, person.family.origin.key);
    };
    return {
      seen,
      done: () => this.#line({ art: "gefluechtete", stichtag: referenceDate, insgesamt: total, ...tallies }),
    };
  }

  residents(referenceDate: string): { seen(resident: Resident): void; done(): void } {
    const stadtteil: Tally = {};
    const auslaender: Tally = {};
    let total = 0;
    const seen = ({ address, citizenships }: Resident) => {
      total += 1;
      count(stadtteil, this.#quarter(address.quarter));
      if (citizenships[0] !== "000") count(auslaender, this.#quarter(address.quarter));
    };
    return {
      seen,
      done: () =>
        this.#line({ art: "einwohner", stichtag: referenceDate, insgesamt: total, stadtteil, auslaender }),
    };
  }

  benefits(month: string): { seen(recipient: Recipient): void; done(): void } {
    const cases = new Set<string>();
    const pks: Tally = {};
    let persons = 0;
    let cents = 0;
    const seen = ({ person, group, caseNumber, akdnNumber, bookings }: Recipient) => {
      persons += 1;
      cases.add(caseNumber);
      count(pks, group);
      cents += bookings.reduce((sum, booking) => sum + booking.cents, 0);
      this.#line({ art: "akdn", monat: month, personennummer: akdnNumber, persnr: String(person.number) });
    };
    return {
      seen,
      done: () =>
        this.#line({ art: "asylblg", monat: month, faelle: cases.size, personen: persons, cents, pks }),
    };
  }

  pupil(referenceDate: string, row: PupilRow): void {
    this.#line({
      art: "schild",
      stichtag: referenceDate,
      schule: row.school,
      zeile: row.line,
      persnr: String(row.number),
    });
  }

  /** Non-EU foreigners by where they stand; Stadtbezirk as in EWO where EWO has one. */
  registers(alwDate: string, ewoDate: string): void {
    if (this.#file === undefined) return;
    const lage: Record<string, Tally> = { beide: {}, nur_alw: {}, nur_ewo: {} };
    const [alwDay, ewoDay] = [dayNumber(alwDate), dayNumber(ewoDate)];
    for (const person of foreignersAround(this.#city, alwDay)) {
      if (person.family.group === "union") continue;
      const found = situationOf(person, alwDay, ewoDay);
      if (found !== undefined) count(lage[found.lage] ?? {}, this.#borough(found.quarter));
    }
    this.#line({ art: "registerlage", alw: alwDate, ewo: ewoDate, ...lage });
  }

  close(): void {
    this.#file?.close();
  }

  #quarter(quarter: number): string {
    return this.#city.town.quarters[quarter]?.key ?? "ohne";
  }

  #borough(quarter: number): string {
    if (quarter === outside) return "ausserhalb";
    return this.#city.town.boroughs[this.#city.town.quarters[quarter]?.parent ?? -1]?.key ?? "ohne";
  }

  #line(line: object): void {
    this.#file?.write(`${JSON.stringify(line)}\n`);
  }
}

type Situation = { readonly lage: "beide" | "nur_alw" | "nur_ewo"; readonly quarter: number };

/** Which of the two registers has a foreigner, and the Stadtteil: that of EWO where EWO has one. */
function situationOf(person: Foreigner, alwDay: number, ewoDay: number): Situation | undefined {
  const inAlw = standingOn(person, alwDay)?.status === "A" && !isGerman(person, alwDay);
  const inEwo = isInResidents(person, ewoDay) && !isGerman(person, ewoDay);
  if (inEwo) {
    return { lage: inAlw ? "beide" : "nur_ewo", quarter: addressOn(person.moves, ewoDay).address.quarter };
  }
  return inAlw ? { lage: "nur_alw", quarter: reportedMove(person, alwDay).address.quarter } : undefined;
}
