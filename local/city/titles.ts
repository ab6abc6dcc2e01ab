import { calendarDay } from "../../shared/registers/calendar.ts";
import { type Family, lastLifeDay } from "./lives.ts";
import { Dice } from "./random.ts";

/** One document or measure of the foreigners authority, valid from and to a day (both included). */
export type Title = {
  /** Code of `residence-titles.csv`. */
  readonly code: string;
  readonly from: number;
  readonly to: number;
  /** Asylstand at that time. */
  readonly asylum: "O" | "A" | "N" | "L" | "X" | "K" | "U";
};

export const openEnd = 9_000_000;
const year = 365;

type Log = { readonly dice: Dice; readonly titles: Title[]; day: number; asylum: Title["asylum"] };

/** All titles of a refugee family in order of issue, up to the end of invented lives. */
export function titlesOf(seed: number, family: Family): readonly Title[] {
  const dice = new Dice(seed, "titles", family.id);
  const log: Log = { dice, titles: [], day: family.arrives, asylum: "U" };
  if (family.origin.wave === "ukraine") temporaryProtection(log);
  else if (dice.chance(0.045)) reunification(log);
  else if (dice.chance(0.05)) admission(log);
  else if (family.origin.wave === "old" && dice.chance(0.5)) settledLongAgo(log);
  else asylumProcedure(log, family);
  return log.titles;
}

function add(log: Log, code: string, days: number, gap = 0): void {
  const from = log.day + gap;
  log.day = from + days;
  if (from <= lastLifeDay) log.titles.push({ code, from, to: log.day - 1, asylum: log.asylum });
}

/** A chain of the same title, mostly renewed in time, sometimes late, seldom much too late. */
function chain(log: Log, code: () => string, length: () => number, until: number): void {
  while (log.day <= until) {
    const late = log.dice.next();
    const gap = late < 0.86 ? 0 : late < 0.965 ? log.dice.between(3, 75) : log.dice.between(76, 160);
    add(log, code(), length(), log.titles.length === 0 ? 0 : gap);
  }
}

const firstProtection = calendarDay(2022, 3, 4);

/** § 24: a provisional certificate, then the title, prolonged for everyone each 4 March. */
function temporaryProtection(log: Log): void {
  const { dice } = log;
  log.asylum = "K";
  const start = Math.max(log.day + dice.between(2, 40), firstProtection);
  log.day = start;
  const waits = dice.chance(0.04) ? dice.between(200, 500) : dice.between(20, 110);
  add(log, "FB_24", waits + dice.below(60));
  log.day = start + waits;
  if (dice.chance(0.015)) {
    chain(
      log,
      () => "AE25_3",
      () => 2 * year,
      lastLifeDay,
    );
    return;
  }
  for (let march = new Date(log.day * 86_400_000).getUTCFullYear() + 1; march <= 2033; march += 1) {
    const end = calendarDay(march, 3, 4);
    if (log.day <= end) add(log, "AE24", end - log.day + 1);
    if (dice.chance(0.015)) log.day += dice.between(20, 200);
  }
}

/** Spouses and children who follow: not humanitarian, and not counted. */
function reunification(log: Log): void {
  const code = log.dice.chance(0.6) ? "FAM_FLU" : "FAM_SUB";
  chain(
    log,
    () => code,
    () => log.dice.between(1, 3) * year,
    lastLifeDay,
  );
}

/** Admitted from abroad without an asylum procedure. */
function admission(log: Log): void {
  const code = log.dice.pick([
    "AE22_1",
    "AE22_2",
    "AE22_2",
    "AE23_1",
    "AE23_1",
    "AE23_2",
    "AE23_4",
    "AE23_4",
  ]);
  log.asylum = "K";
  const settles = log.day + Math.floor((5 + log.dice.next() * 4) * year);
  chain(
    log,
    () => code,
    () => 3 * year,
    settles,
  );
  settlement(log, code === "AE23_2" ? "NE23_2" : code === "AE23_4" ? "NE23_4" : "NE26_4", 0.5, code);
}

function settledLongAgo(log: Log): void {
  log.asylum = log.dice.chance(0.5) ? "A" : "N";
  const code = log.dice.pick(["AE25_2_GFK", "AE23_1", "AE25_5", "AE104A"]);
  chain(
    log,
    () => code,
    () => 2 * year,
    log.day + 8 * year,
  );
  settlement(log, "NE26_4", 0.8, code);
}

/** A permanent title, or the old one going on. */
function settlement(log: Log, code: string, chance: number, before: string): void {
  if (log.day > lastLifeDay) return;
  if (log.dice.chance(chance)) log.titles.push({ code, from: log.day, to: openEnd, asylum: log.asylum });
  else
    chain(
      log,
      () => before,
      () => log.dice.between(2, 3) * year,
      lastLifeDay,
    );
}

const newCertificate = calendarDay(2016, 2, 5);

function asylumProcedure(log: Log, family: Family): void {
  const { dice } = log;
  const arrives = log.day;
  log.asylum = "O";
  add(log, arrives < newCertificate ? "BUEMA" : "AKN", dice.between(70, 230), dice.below(8));
  log.day = arrives + dice.between(40, 200);
  const decided = log.day + Math.floor((0.35 + dice.next() * 1.9) * year);
  chain(
    log,
    () => "AG",
    () => 180,
    decided - 60,
  );
  log.day = Math.min(log.day, Math.max(decided, log.day - 120));
  if (dice.chance(family.origin.protection)) protectedStay(log);
  else refused(log, family);
}

function protectedStay(log: Log): void {
  const { dice } = log;
  log.asylum = "A";
  const kind = dice.weighted([3, 46, 34, 17]);
  const code = ["AE25_1", "AE25_2_GFK", "AE25_2_SUB", "AE25_3"][kind] ?? "AE25_3";
  const until = log.day + Math.floor((4 + dice.next() * 4) * year);
  chain(
    log,
    () => code,
    () => (kind >= 2 ? dice.between(1, 2) : 3) * year,
    until,
  );
  if (dice.chance(0.02)) log.asylum = "L";
  if (dice.chance(0.03)) add(log, "FB_HUM", dice.between(60, 200));
  settlement(log, kind <= 1 ? "NE26_3" : "NE26_4", kind <= 1 ? 0.5 : 0.3, code);
}

function refused(log: Log, family: Family): void {
  const { dice } = log;
  log.asylum = dice.chance(0.06) ? "X" : dice.chance(0.05) ? "U" : "N";
  if (dice.chance(0.2)) add(log, "AUSREISE", dice.between(60, 330));
  if (dice.chance(0.12)) {
    add(log, "AG_FOLGE", dice.between(200, 700));
  }
  const until = log.day + Math.floor((2 + dice.wait(3.5)) * year);
  chain(
    log,
    () => tolerated(dice, log.day),
    () => dice.between(90, 360),
    until,
  );
  if (log.day > lastLifeDay || family.leaves < until) return;
  stayedLong(log);
}

function tolerated(dice: Dice, day: number): string {
  const old = day < calendarDay(2020, 1, 1);
  const codes = [
    "DU60A_2_1",
    "DU60A_2_3",
    "DU60A_1",
    "DU60A_2_2",
    "DU60A_2A",
    "DU60B",
    "DU60C",
    "DU60D",
    "DU60A_2B",
  ];
  return codes[dice.weighted(old ? [80, 14, 2, 1, 1] : [66, 12, 1, 1, 1, 9, 6, 3, 1])] ?? "DU60A_2_1";
}

/** After years with a Duldung: a right to stay, for the young, the integrated or those who cannot leave. */
function stayedLong(log: Log): void {
  const { dice } = log;
  const chance = calendarDay(2022, 12, 31);
  const inChanceYears = log.day >= chance && log.day < calendarDay(2025, 12, 1);
  if (inChanceYears && dice.chance(0.6)) add(log, "AE104C", 540);
  const code = dice.pick(["AE25_5", "AE25_5", "AE25_5", "AE25B_1", "AE25B_1", "AE25B_4", "AE25A_1", "AE25A_2", "AE23A", "AE25_4_1",
    "AE25_4_2", "AE25_3", "AE25_4A"]); // biome-ignore format: a list of codes
  const valid = code.startsWith("AE25B") && log.day < calendarDay(2015, 8, 1) ? "AE25_5" : code;
  chain(
    log,
    () => valid,
    () => dice.between(1, 2) * year,
    lastLifeDay,
  );
}
