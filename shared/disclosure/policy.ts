import type { Office } from "../registers/office.ts";
import { type Method, methods } from "./released-table.ts";

/** One decision of the office: what holds, why, and since when. */
type Decision<Value> = {
  readonly value: Value;
  /** German: printed for readers. */
  readonly reason: string;
  /** "JJJJ-MM-TT" */
  readonly since: string;
};

export type Policy = {
  /** A count of at least this is published, a smaller one (above 0) is small: 3 is published, 2 is not. */
  readonly publishFromCount: Decision<number>;
  /** True: a zero is published as a true zero. False: zeros count as small. */
  readonly publishZeros: Decision<boolean>;
  /** No cell is hidden alone: a table leaves as a whole or not at all. */
  readonly wholeTableOnly: Decision<true>;
  /** An amount of money needs at least this many recipients: 3 is published, 2 is not. */
  readonly publishFromRecipients: Decision<number>;
  /** An amount is unsafe when one recipient has more than this share of it; exactly this share is published. */
  readonly dominancePercent: Decision<number>;
  /** Below this level of areas a count keeps the value last published until its change is large enough. */
  readonly holdBelow: Decision<"stadtteil">;
  /** What counts as large enough: a change of 3 is published, one of 2 is not. */
  readonly publishFromChange: Decision<number>;
  /** Treatments in the order in which they are tried, for tables without a ladder of their own. */
  readonly ladder: Decision<readonly Method[]>;
  /** Ladders of single tables, by table id. */
  readonly ladders: Readonly<Record<string, Decision<readonly Method[]>>>;
};

/** The office's decisions on confidentiality; the only place that holds a threshold. Legal source: § 16 BStatG, § 14 DSG NRW. */
export const policy: Policy = {
  publishFromCount: {
    value: 3, // 3 is published, 2 is not
    reason: "Hinter sehr kleinen Zahlen können einzelne Personen erkennbar sein.",
    since: "2026-11-02",
  },
  publishZeros: {
    value: true,
    reason: "Eine Null sagt über keine Person etwas aus und wird als genaue Null gezeigt.",
    since: "2026-11-02",
  },
  wholeTableOnly: {
    value: true,
    reason: "Enthält eine Tabelle einen zu kleinen Wert, wird sie als Ganzes vergröbert oder zurückgehalten.",
    since: "2026-11-02",
  },
  publishFromRecipients: {
    value: 3, // 3 is published, 2 is not
    reason: "Ein Geldbetrag für sehr wenige Personen ließe auf deren Leistungen schließen.",
    since: "2026-11-02",
  },
  dominancePercent: {
    value: 85, // 85 % is published, more is not
    reason: "Entfällt fast der ganze Betrag auf eine Person, ist deren Leistung annähernd bekannt.",
    since: "2026-11-02",
  },
  holdBelow: {
    value: "stadtteil",
    reason:
      "Unterhalb der Stadtteile sind die Zahlen so klein, dass Änderungen von Woche zu Woche einzelne Zu- und Fortzüge erkennen ließen.",
    since: "2026-11-24",
  },
  publishFromChange: {
    value: 3, // a change of 3 is published, one of 2 is not
    reason:
      "Dort soll auch der Vergleich zweier Wochen nicht zeigen, dass eine oder zwei Personen dazugekommen oder gegangen sind.",
    since: "2026-11-24",
  },
  ladder: {
    value: ["coarsen", "withhold"],
    reason:
      "Erst wird die feinste gröbere Tabelle ohne zu kleine Werte gesucht; gibt es keine, bleibt die Tabelle zurück.",
    since: "2026-11-02",
  },
  ladders: {},
};

/**
 * The policy as one office runs it. Its switches may only tighten.
 *
 * @throws {RangeError} naming the switch, if it would loosen the policy.
 */
export function tightened(base: Policy, switches: Office["schutz"]): Policy {
  const from = switches.veroeffentlichenAb ?? base.publishFromCount.value;
  if (from < base.publishFromCount.value) {
    throw new RangeError(
      `Cannot loosen the policy: "schutz.veroeffentlichenAb" must be at least ${base.publishFromCount.value}`,
    );
  }
  if (switches.nurGanzeTabellen === false) {
    throw new RangeError('Cannot loosen the policy: "schutz.nurGanzeTabellen" must be true or left out');
  }
  return {
    ...base,
    publishFromCount: { ...base.publishFromCount, value: from },
    publishFromRecipients: {
      ...base.publishFromRecipients,
      value: Math.max(from, base.publishFromRecipients.value),
    },
  };
}

/**
 * The treatments for a table, in order.
 *
 * @throws {RangeError} if the policy is incomplete: unknown treatments, a ladder that does not end with "withhold",
 * thresholds that publish small counts.
 */
export function ladderOf(rules: Policy, tableId: string): readonly Method[] {
  const ladder = (Object.hasOwn(rules.ladders, tableId) ? rules.ladders[tableId] : undefined) ?? rules.ladder;
  const known = ladder.value.every((method) => methods.includes(method));
  if (!known || ladder.value.at(-1) !== "withhold") {
    throw new RangeError(
      "Cannot protect tables: every ladder must hold known treatments and end with withhold",
    );
  }
  return ladder.value;
}

/** @throws {RangeError} unless every threshold is one that protects. */
export function checkPolicy(rules: Policy): void {
  const { publishFromCount, publishFromRecipients, dominancePercent, holdBelow, publishFromChange } = rules;
  const fine =
    Number.isInteger(publishFromCount.value) &&
    publishFromCount.value >= 3 &&
    Number.isInteger(publishFromRecipients.value) &&
    publishFromRecipients.value >= 3 &&
    holdBelow.value === "stadtteil" &&
    Number.isInteger(publishFromChange.value) &&
    publishFromChange.value >= 3 &&
    dominancePercent.value > 0 &&
    dominancePercent.value <= 85;
  if (!fine) {
    throw new RangeError(
      "Cannot protect tables: thresholds must be at least 3 persons and at most 85 percent, and small changes must be held below Stadtteil",
    );
  }
  for (const tableId of Object.keys(rules.ladders)) {
    ladderOf(rules, tableId);
  }
}
