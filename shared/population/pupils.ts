import { noKey, type RecordColumns } from "../registers/record-block.ts";
import { isGerman } from "./german.ts";
import { PersonIndex, pseudonymAt } from "./person-index.ts";

/** One school's delivery. */
export type SchoolSource = {
  /** Schulnummer. */
  readonly school: string;
  /** Days since 1970-01-01. */
  readonly referenceDay: number;
  readonly columns: RecordColumns;
};

/** In the order of the table: yes, no, not known. */
export const newlyArrivedCodes = ["j", "n", "u"] as const;

export type Pupils = {
  /** Position in the list of schools, and in `newlyArrivedCodes`, per pupil. */
  readonly school: Uint16Array;
  readonly newlyArrived: Uint8Array;
  /** Pupils active in two schools: counted once, at the school of the latest admission. */
  readonly inSeveralSchools: number;
  /** True if some file has no column for the end of the Eingliederungsphase. */
  readonly lacksIntegrationPhase: boolean;
};

const activeStatus = 2;
const absentStatus = 3;
const noStatement = 999;
/** Column 57 of the interface: Ende Eingliederungsphase. */
const integrationPhaseColumn = 57;
const supportClasses: readonly string[] = ["SG", "DF"];
const supportTracks: readonly string[] = ["A17", "A18"];

/**
 * Active pupils (status 2) of all schools, each counted once, whatever the order of schools and rows.
 *
 * Several rows in one school: status 2 before 3 before others, then highest Jahr, Abschnitt, latest Aufnahmedatum, smallest
 * `zeilenfolge`. Active in two schools: latest Aufnahmedatum, then smaller Schulnummer. `newlyArrived` is an approximation
 * (Näherung), not refugees: not German and at least one of Klassenart SG or DF, Gliederung A17 or A18, end of the
 * Eingliederungsphase after the reference date; an empty citizenship or 999 is counted apart. Source: proxies from SchILD.
 */
export function formPupils(sources: readonly SchoolSource[]): Pupils {
  const sorted = sources.map((source, school) => ({ source, school })).sort(bySchool);
  const candidates: Candidate[] = sorted.flatMap(({ source, school }) => activePupils(source, school));
  const index = new PersonIndex(joined(candidates));
  const chosen = new Int32Array(index.count).fill(-1);
  for (const [at, candidate] of candidates.entries()) {
    const pupil = index.ofRow[at] ?? 0;
    const holder = candidates[chosen[pupil] ?? -1];
    // Candidates come by Schulnummer, so the smaller one keeps its place on equal dates.
    if (holder === undefined || candidate.admission > holder.admission) chosen[pupil] = at;
  }
  return {
    school: Uint16Array.from(chosen, (at) => candidates[at]?.school ?? 0),
    newlyArrived: Uint8Array.from(chosen, (at) => candidates[at]?.newlyArrived ?? 0),
    inSeveralSchools: candidates.length - index.count,
    lacksIntegrationPhase: sources.some(lacksPhase),
  };
}

type Candidate = {
  readonly school: number;
  readonly admission: number;
  readonly newlyArrived: number;
  readonly pseudonym: Uint8Array;
};

function bySchool(a: { source: SchoolSource }, b: { source: SchoolSource }): number {
  return a.source.school < b.source.school ? -1 : Number(a.source.school > b.source.school);
}

function activePupils(source: SchoolSource, school: number): readonly Candidate[] {
  const { columns } = source;
  const pseudonyms = columns.pseudonyms("schueler");
  const status = columns.numbers("status");
  const admission = columns.numbers("aufnahme");
  const newlyArrived = newlyArrivedOf(source);
  const candidates: Candidate[] = [];
  for (const row of decidingRows(columns)) {
    if (status[row] !== activeStatus) continue;
    candidates.push({
      school,
      admission: admission[row] ?? 0,
      newlyArrived: newlyArrived(row),
      pseudonym: pseudonymAt(pseudonyms, row),
    });
  }
  return candidates;
}

function decidingRows(columns: RecordColumns): Uint32Array {
  const index = new PersonIndex(columns.pseudonyms("schueler"));
  const status = Uint8Array.from(columns.numbers("status"), statusRank);
  const year = columns.numbers("jahr");
  const term = columns.numbers("abschnitt");
  const admission = columns.numbers("aufnahme");
  const order = columns.numbers("zeilenfolge");
  const precedes = (a: number, b: number): number =>
    (status[a] ?? 0) - (status[b] ?? 0) ||
    (year[b] ?? 0) - (year[a] ?? 0) ||
    (term[b] ?? 0) - (term[a] ?? 0) ||
    (admission[b] ?? 0) - (admission[a] ?? 0) ||
    (order[a] ?? 0) - (order[b] ?? 0);
  const rows = index.firstRow.slice();
  for (let row = 0; row < columns.rowCount; row++) {
    const pupil = index.ofRow[row] ?? 0;
    if (precedes(row, rows[pupil] ?? 0) < 0) rows[pupil] = row;
  }
  return rows;
}

function statusRank(status: number): number {
  return status === activeStatus ? 0 : status === absentStatus ? 1 : 2;
}

/** Position in `newlyArrivedCodes` of a row; what a file does not hold cannot make a pupil newly arrived. */
function newlyArrivedOf(source: SchoolSource): (row: number) => number {
  const { columns } = source;
  const citizenship = columns.numbers("staatsang1");
  const classKind = columns.text("klassenart");
  const track = columns.text("gliederung");
  const phaseEnd = columns.numbers("ende_eingliederung");
  const isSupportClass = classKind.values.map((value) => supportClasses.includes(value));
  const isSupportTrack = track.values.map((value) => supportTracks.includes(value));
  return (row) => {
    const key = citizenship[row] ?? noKey;
    if (isGerman(key, undefined)) return newlyArrivedCodes.indexOf("n");
    if (key === noKey || key === noStatement) return newlyArrivedCodes.indexOf("u");
    const isSupported = isSupportClass[classKind.index[row] ?? 0] || isSupportTrack[track.index[row] ?? 0];
    return isSupported || (phaseEnd[row] ?? 0) > source.referenceDay
      ? newlyArrivedCodes.indexOf("j")
      : newlyArrivedCodes.indexOf("n");
  };
}

function lacksPhase(source: SchoolSource): boolean {
  const width = source.columns.numbers("spalten");
  return width.length > 0 && (width[0] ?? 0) < integrationPhaseColumn;
}

function joined(candidates: readonly Candidate[]): Uint8Array {
  const bytes = new Uint8Array(candidates.length * 16);
  for (const [at, { pseudonym }] of candidates.entries()) bytes.set(pseudonym, at * 16);
  return bytes;
}
