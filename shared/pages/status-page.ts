import { compareText } from "../registers/compare-text.ts";
import type { Delivery } from "../registers/delivery.ts";
import { findingCodes } from "../registers/finding.ts";
import type { RegisterId } from "../registers/register.ts";
import { findingText } from "../report/finding-texts.ts";
import { germanDay, germanInstant, germanNumber, printable } from "../report/german-text.ts";
import { formTokenField } from "./csrf.ts";
import { type Markup, markup, nothing, page, table } from "./layout.ts";
import { deliveryStateTexts, releaseStateTexts, texts } from "./texts.ts";

/** What the page shows of a report. */
export type ReleaseRow = {
  readonly id: string;
  readonly week: string;
  readonly state: keyof typeof releaseStateTexts;
  readonly referenceDate: string;
  /** ISO instant. */
  readonly updatedAt: string;
  /** Rule id or count, "" for none. */
  readonly reason: string;
};

export type StatusData = {
  readonly registers: readonly {
    readonly id: RegisterId;
    readonly title: string;
    readonly deliveries: readonly Delivery[];
  }[];
  readonly releases: readonly ReleaseRow[];
  /** Messages that failed for good, per queue; missing where they were not counted. */
  readonly poison?: readonly { readonly queue: string; readonly count: number }[];
  /** First mistake in the office's files by file and field or line; missing where there is none. */
  readonly mistake?: string;
  /** ISO instant. */
  readonly now: string;
  readonly timeZone: string;
  /** Of the person who reads the page. */
  readonly formToken: string;
};

/** Newest deliveries that are listed per register. */
const listedDeliveries = 25;

/** The operators' page: what waits for a decision, every register's deliveries, every report. */
export function statusPage(data: StatusData): string {
  const words = texts.status;
  const main = markup`<h1>${words.title}</h1>
<p>${words.asOf(germanInstant(data.now, data.timeZone))}</p>
${mistakePart(data)}<h2>${words.waiting}</h2>
${waiting(data)}<h2>${words.deliveries}</h2>
${data.registers.map((register) => registerPart(register, data.timeZone))}<h2>${words.releases}</h2>
${releasePart(data)}${failurePart(data)}`;
  return page({ title: words.title, main, links: [{ href: "/", text: texts.home.title }] });
}

function mistakePart({ mistake }: StatusData): Markup {
  if (mistake === undefined) return nothing;
  return markup`<h2>${texts.status.mistake}</h2>
<p>${texts.status.mistakeStops}</p>
<p lang="en">${printable(mistake)}</p>
`;
}

function waiting(data: StatusData): Markup {
  const held = data.registers.flatMap(({ title, deliveries }) =>
    deliveries.filter(({ state }) => state === "held").map((delivery) => heldDelivery(title, delivery, data)),
  );
  const reports = data.releases.filter(({ state }) => state === "held");
  const rows = [...held, ...reports.map((release) => heldRelease(release, data))];
  if (rows.length === 0)
    return markup`<p>${texts.status.nothingWaits}</p>
`;
  const { delivery, referenceDate, received, decision } = texts.status.columns;
  return table({
    caption: texts.status.waiting,
    columns: [{ text: delivery }, { text: referenceDate }, { text: received }, { text: decision }],
    rows,
  });
}

type Row = readonly (string | Markup)[];

function heldDelivery(title: string, delivery: Delivery, { timeZone, formToken }: StatusData): Row {
  const { accept, refuse } = texts.status.decide;
  const subject = `${title}, ${germanDay(delivery.slot.referenceDate)}`;
  return [
    markup`${title} ${partOf(delivery)} ${receiptLink(delivery)}`,
    germanDay(delivery.slot.referenceDate),
    germanInstant(delivery.receivedAt, timeZone),
    decisionForm(
      `/lieferungen/${encodeURIComponent(delivery.id)}/entscheidung`,
      subject,
      formToken,
      [
        { value: "freigeben", text: accept },
        { value: "zurueckweisen", text: refuse },
      ],
      reasonField,
    ),
  ];
}

function heldRelease(release: ReleaseRow, { timeZone, formToken }: StatusData): Row {
  const { publish, withhold } = texts.status.decide;
  const subject = `${texts.status.columns.release} ${release.week}`;
  return [
    subject,
    germanDay(release.referenceDate),
    germanInstant(release.updatedAt, timeZone),
    decisionForm(`/berichte/${encodeURIComponent(release.id)}/entscheidung`, subject, formToken, [
      { value: "freigeben", text: publish },
      { value: "zurueckweisen", text: withhold },
    ]),
  ];
}

type Choice = { readonly value: string; readonly text: string };

/**
 * Kept with the decision of a delivery. The disabled button is the form's default, so that Enter in the field decides
 * nothing.
 */
const reasonField = markup`<button type="submit" class="hidden" disabled aria-hidden="true"></button><label>${texts.status.reason} <input type="text" name="grund" maxlength="500" autocomplete="off"></label>`;

function decisionForm(
  action: string,
  subject: string,
  token: string,
  choices: readonly Choice[],
  field = nothing,
): Markup {
  const buttons = choices.map(
    ({ value, text }) =>
      markup`<button type="submit" name="entscheidung" value="${value}" aria-label="${texts.status.decideHint(text, subject)}">${text}</button>`,
  );
  return markup`<form method="post" action="${action}"><input type="hidden" name="${formTokenField}" value="${token}">${field}${buttons}</form>`;
}

function registerPart({ title, deliveries }: StatusData["registers"][number], timeZone: string): Markup {
  const words = texts.status;
  if (deliveries.length === 0)
    return markup`<h3>${title}</h3>
<p>${words.noDelivery}</p>
`;
  const newest = deliveries.toSorted(
    (a, b) =>
      compareText(b.receivedAt, a.receivedAt) ||
      compareText(b.slot.referenceDate, a.slot.referenceDate) ||
      compareText(a.id, b.id),
  );
  const hasParts = deliveries.some(({ slot }) => slot.part !== "-");
  const rest = deliveries.length - listedDeliveries;
  const { referenceDate, part, state, received, taken, rejected, receipt } = words.columns;
  return markup`<h3>${title}</h3>
${table({
  caption: title,
  columns: [
    { text: referenceDate },
    ...(hasParts ? [{ text: part }] : []),
    { text: state },
    { text: received },
    { text: taken, number: true },
    { text: rejected, number: true },
    { text: receipt },
  ],
  rows: newest.slice(0, listedDeliveries).map((delivery) => deliveryRow(delivery, hasParts, timeZone)),
})}${
  rest > 0
    ? markup`<p>${words.older(rest)}</p>
`
    : nothing
}`;
}

function deliveryRow(delivery: Delivery, hasParts: boolean, timeZone: string): Row {
  return [
    germanDay(delivery.slot.referenceDate),
    ...(hasParts ? [partOf(delivery)] : []),
    stateText(delivery),
    germanInstant(delivery.receivedAt, timeZone),
    ...countsOf(delivery).map(germanNumber),
    receiptLink(delivery),
  ];
}

/** Of a refused delivery no row is taken, as its receipt says too. */
function countsOf({ state, rowsRead, taken, rejected }: Delivery): readonly [number, number] {
  return state === "rejected" ? [0, rowsRead] : [taken, rejected];
}

/** State and, of a refused or waiting delivery, the rule that decided. */
function stateText({ state, reason = "" }: Delivery): string {
  const text = deliveryStateTexts[state];
  if (reason === "") return text;
  const code = findingCodes.find((known) => known === reason);
  return code === undefined
    ? `${text} (${printable(reason)})`
    : `${text} (${code}: ${findingText(code, {}).wrong.replace(/\.$/, "")})`;
}

function partOf({ slot }: Delivery): string {
  return slot.part === "-" ? "" : printable(slot.part);
}

/** A delivery has a receipt once it has settled. */
function receiptLink({ id, state, blobName }: Delivery): Markup {
  if (state === "received" || state === "loading") return markup`–`;
  const file = printable(blobName.split("/").at(-1) ?? "");
  return markup`<a href="/belege/${encodeURIComponent(id)}">${texts.status.receipt}<span class="hidden">: ${file}</span></a>`;
}

function releasePart({ releases, timeZone }: StatusData): Markup {
  if (releases.length === 0)
    return markup`<p>${texts.status.noRelease}</p>
`;
  const { week, referenceDate, state, updated, release } = texts.status.columns;
  const newest = releases.toSorted((a, b) => compareText(b.week, a.week) || compareText(a.id, b.id));
  return table({
    caption: texts.status.releases,
    columns: [{ text: week }, { text: referenceDate }, { text: state }, { text: updated }, { text: release }],
    rows: newest.map((row) => [
      row.week,
      germanDay(row.referenceDate),
      releaseStateText(row),
      germanInstant(row.updatedAt, timeZone),
      printable(row.id),
    ]),
  });
}

function releaseStateText({ state, reason }: ReleaseRow): string {
  const text = releaseStateTexts[state];
  return reason === "" ? text : `${text} (${printable(reason)})`;
}

function failurePart({ poison }: StatusData): Markup {
  if (poison === undefined) return nothing;
  const { queue, count } = texts.status.columns;
  const failed = poison.filter((entry) => entry.count > 0);
  return markup`<h2>${texts.status.failures}</h2>
${
  failed.length === 0
    ? markup`<p>${texts.status.noFailure}</p>`
    : table({
        caption: texts.status.failures,
        columns: [{ text: queue }, { text: count, number: true }],
        rows: failed.map((entry) => [entry.queue, germanNumber(entry.count)]),
      })
}`;
}
