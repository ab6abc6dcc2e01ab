/** Numbers, dates and times as German readers write them. A unit follows U+00A0, so that it never stands alone. */
const integers = new Intl.NumberFormat("de-DE", { maximumFractionDigits: 0 });
const percents = new Intl.NumberFormat("de-DE", { style: "percent", maximumFractionDigits: 1 });
const sizes = new Intl.NumberFormat("de-DE", { maximumFractionDigits: 1 });
const months = new Intl.DateTimeFormat("de-DE", { month: "long", year: "numeric", timeZone: "UTC" });
const trueMinus = "\u2212";
const noBreakSpace = "\u00a0";

export function germanNumber(value: number): string {
  return integers.format(value).replace("-", trueMinus);
}

/** A share: 0.123 is "12,3 %". */
export function germanPercent(share: number): string {
  return percents.format(share).replace("-", trueMinus);
}

/** A relative change with its sign: 0.002 is "+0,2 %", none at all "±0 %". */
export function germanChange(change: number): string {
  const text = germanPercent(change);
  if (/^\D?0\s/.test(text)) return `±0${noBreakSpace}%`;
  return change > 0 ? `+${text}` : text;
}

/** Bytes in the unit that a file manager would show. */
export function germanBytes(bytes: number): string {
  const units = ["Bytes", "KB", "MB", "GB"] as const;
  const step = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)), units.length - 1);
  return `${sizes.format(bytes / 1024 ** step)}${noBreakSpace}${units[step] ?? "Bytes"}`;
}

/** "20.11.2026" of "2026-11-20", "Oktober 2026" of "2026-10"; any other text as it stands, made printable. */
export function germanDay(date: string): string {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (day) return `${day[3]}.${day[2]}.${day[1]}`;
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(date)
    ? months.format(new Date(`${date}-01T00:00:00Z`))
    : printable(date);
}

/** "23.11.2026 um 12:04 Uhr" of an ISO instant, by the clocks of `timeZone`; a day stays a day. */
export function germanInstant(instant: string, timeZone: string): string {
  if (!instant.includes("T") || Number.isNaN(Date.parse(instant))) return germanDay(instant);
  const time = new Intl.DateTimeFormat("de-DE", {
    timeZone,
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const part = new Map(time.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
  return `${part.get("day")}.${part.get("month")}.${part.get("year")} um ${part.get("hour")}:${part.get("minute")} Uhr`;
}

/** The day of an ISO instant by the clocks of `timeZone`: "23.11.2026". */
export function germanDayOf(instant: string, timeZone: string): string {
  return germanInstant(instant, timeZone).split(" um ")[0] ?? "";
}

/**
 * Text of foreign origin (file names, headings) for one line of a page or a cell: no control or direction characters, no
 * half characters, at most 200 characters.
 */
export function printable(text: string): string {
  const line = text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]/gu, "\ufffd");
  const characters = [...line];
  return characters.length <= 200 ? line : `${characters.slice(0, 199).join("")}…`;
}
