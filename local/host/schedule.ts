/** A six-field NCRONTAB expression: second, minute, hour, day of month, month, day of week; in UTC. */
export type Schedule = { readonly text: string; readonly fields: readonly ReadonlySet<number>[] };

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

type FieldRule = {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
};

const fieldRules: readonly FieldRule[] = [
  { name: "second", min: 0, max: 59, names: [] },
  { name: "minute", min: 0, max: 59, names: [] },
  { name: "hour", min: 0, max: 23, names: [] },
  { name: "day", min: 1, max: 31, names: [] },
  { name: "month", min: 1, max: 12, names: months },
  { name: "weekday", min: 0, max: 6, names: days },
];

/** Every combination of day, month and weekday comes back within this time (29 February on a certain weekday). */
const longestSearchDays = 366 * 29;
const dayMs = 86_400_000;

/** @throws {SyntaxError} naming the field that is not as NCRONTAB wants it. */
export function parseSchedule(text: string): Schedule {
  const parts = text.trim().toLowerCase().split(/\s+/);
  if (parts.length !== fieldRules.length) {
    throw new SyntaxError(`Cannot read schedule "${text}": it must have six fields, seconds first`);
  }
  return { text, fields: fieldRules.map((rule, index) => parseField(text, rule, parts[index] ?? "")) };
}

function parseField(text: string, rule: FieldRule, field: string): ReadonlySet<number> {
  const values = field.split(",").flatMap((part) => expandPart(text, rule, part));
  return new Set(values);
}

function expandPart(text: string, rule: FieldRule, part: string): readonly number[] {
  const [range = "", stepText, ...rest] = part.split("/");
  const step = stepText === undefined ? 1 : Number(stepText);
  const [from, to] = bounds(rule, range, stepText !== undefined);
  const isValid = rest.length === 0 && isWithin(rule, from) && isWithin(rule, to) && from <= to;
  if (!isValid || !Number.isInteger(step) || step < 1) {
    throw new SyntaxError(
      `Cannot read schedule "${text}": field ${rule.name} must be within ${rule.min} and ${rule.max}`,
    );
  }
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** A single number with a step runs to the end of the field: `5/10`. */
function bounds(rule: FieldRule, range: string, hasStep: boolean): readonly [number, number] {
  if (range === "*") return [rule.min, rule.max];
  const [first = "", last] = range.split("-");
  const from = numberOf(rule, first);
  if (last !== undefined) return [from, numberOf(rule, last)];
  return [from, hasStep ? rule.max : from];
}

function numberOf(rule: FieldRule, text: string): number {
  const index = rule.names.indexOf(text);
  if (index >= 0) return rule.min + index;
  return /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
}

function isWithin(rule: FieldRule, value: number): boolean {
  return Number.isInteger(value) && value >= rule.min && value <= rule.max;
}

/**
 * The first occurrence after `after`.
 *
 * @throws {RangeError} if there is none, as for 30 February.
 */
export function nextOccurrence(schedule: Schedule, after: Date): Date {
  const first = Math.floor(after.getTime() / 1_000) * 1_000 + 1_000;
  let startOfDay = Math.floor(first / dayMs) * dayMs;
  for (let day = 0; day < longestSearchDays; day++, startOfDay += dayMs) {
    if (!isOnDay(schedule, new Date(startOfDay))) continue;
    const time = firstTime(schedule, Math.max(first - startOfDay, 0) / 1_000);
    if (time !== undefined) return new Date(startOfDay + time * 1_000);
  }
  throw new RangeError(`Cannot run schedule "${schedule.text}": it must have an occurrence`);
}

function isOnDay(schedule: Schedule, date: Date): boolean {
  const [, , , day, month, weekday] = schedule.fields;
  return (
    isIn(day, date.getUTCDate()) && isIn(month, date.getUTCMonth() + 1) && isIn(weekday, date.getUTCDay())
  );
}

function isIn(field: ReadonlySet<number> | undefined, value: number): boolean {
  return field?.has(value) ?? false;
}

/** Second of the day of the first occurrence not before `earliest`. */
function firstTime(schedule: Schedule, earliest: number): number | undefined {
  const [seconds = [], minutes = [], hours = []] = schedule.fields.map((field) =>
    [...field].sort((a, b) => a - b),
  );
  for (const hour of hours) {
    for (const minute of minutes) {
      const start = hour * 3_600 + minute * 60;
      if (start + 59 < earliest) continue;
      const second = seconds.find((one) => start + one >= earliest);
      if (second !== undefined) return start + second;
    }
  }
  return undefined;
}
