import type { Office } from "../registers/office.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
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
  /** True: a zero is published as a true zero. False: zeros count as small, and no single cell is hidden or rounded. */
  readonly publishZeros: Decision<boolean>;
  /** True: no ladder may hide single cells; a table leaves as a whole or not at all. */
  readonly wholeTableOnly: Decision<boolean>;
  /** True: also a person who knows to be the only one of a cell must not find another small count. */
  readonly ownContribution: Decision<true>;
  /** All persons of a group in one category: told to the office, or unsafe like a small count. */
  readonly groupDisclosure: Decision<"report" | "unsafe">;
  /** An amount of money needs at least this many recipients: 3 is published, 2 is not. */
  readonly publishFromRecipients: Decision<number>;
  /** An amount is unsafe when one recipient has more than this share of it; exactly this share is published. */
  readonly dominancePercent: Decision<number>;
  /** True: where nobody knows the single recipients (history before the first billing), dominance does not apply. */
  readonly historyWithoutDominance: Decision<boolean>;
  /** Below this level of areas a count keeps the value last published until its change is large enough. */
  readonly holdBelow: Decision<"stadtteil">;
  /** What counts as large enough: a change of 3 is published, one of 2 is not. */
  readonly publishFromChange: Decision<number>;
  /** Treatments in the order in which they are tried, for tables without a ladder of their own. */
  readonly ladder: Decision<readonly Method[]>;
  /** Ladders of single tables, by table id. */
  readonly ladders: Readonly<Record<string, Decision<readonly Method[]>>>;
  /** How often all tables together are attacked in search of the least loss before the tables found wanting are withheld. */
  readonly attacksAtMost: Decision<number>;
};

const singleCells = {
  value: ["suppress", "coarsen", "withhold"],
  reason:
    "Zuerst werden nur die zu kleinen Werte gesperrt und so viele weitere, dass sich keiner errechnen lässt; reicht das nicht, wird die Tabelle vergröbert oder zurückgehalten.",
  since: "2026-11-25",
} as const satisfies Decision<readonly Method[]>;

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
    value: false,
    reason:
      "Enthält eine Tabelle einen zu kleinen Wert, wird sie als Ganzes behandelt; einzelne Werte werden nur in den Tabellen gesperrt, für die das eigens entschieden ist.",
    since: "2026-11-25",
  },
  ownContribution: {
    value: true,
    reason: "Auch wer weiß, dass ein gesperrter Wert nur ihn selbst zählt, soll keinen anderen erfahren.",
    since: "2026-11-25",
  },
  groupDisclosure: {
    value: "report",
    reason:
      "Gehören alle Personen einer Gruppe zu derselben Ausprägung, wird das dem Amt gemeldet; die Werte werden gezeigt.",
    since: "2026-11-25",
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
  historyWithoutDominance: {
    value: true,
    reason:
      "Für die Jahre vor der ersten Abrechnung ist nicht überliefert, was auf einzelne Personen entfiel; dort gilt nur die Mindestzahl der Personen.",
    since: "2026-11-25",
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
  ladders: {
    T02: singleCells,
    T04: singleCells,
    T06: singleCells,
    T07: {
      value: ["round", "withhold"],
      reason:
        "Auf der Ebene der Baublöcke sind die meisten Zahlen klein; zu kleine werden deshalb auf null oder drei gerundet und die Summen daraus neu gebildet.",
      since: "2026-11-25",
    },
    T09: singleCells,
    T11: {
      ...singleCells,
      reason:
        "In der Monatsreihe werden zuerst nur einzelne Werte gesperrt, damit ein einziger Monat nicht die Angaben aller anderen kostet.",
    },
  },
  attacksAtMost: {
    value: 40,
    reason:
      "Gesucht wird die Behandlung mit dem geringsten Verlust; nach dieser Zahl von Angriffsproben werden die betroffenen Tabellen zurückgehalten.",
    since: "2026-11-25",
  },
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
  return {
    ...base,
    publishFromCount: { ...base.publishFromCount, value: from },
    publishFromRecipients: {
      ...base.publishFromRecipients,
      value: Math.max(from, base.publishFromRecipients.value),
    },
    wholeTableOnly: {
      ...base.wholeTableOnly,
      value: base.wholeTableOnly.value || switches.nurGanzeTabellen === true,
    },
  };
}

/**
 * The treatments for a table, in order. Where tables must stay whole, or zeros count as small, none hides or rounds cells.
 *
 * @throws {RangeError} if a ladder holds unknown treatments or does not end with "withhold", and only there.
 */
export function ladderOf(rules: Policy, tableId: string): readonly Method[] {
  const ladder = (Object.hasOwn(rules.ladders, tableId) ? rules.ladders[tableId] : undefined) ?? rules.ladder;
  const known = ladder.value.every((method) => methods.includes(method));
  if (!known || ladder.value.indexOf("withhold") !== ladder.value.length - 1) {
    throw new RangeError(
      "Cannot protect tables: every ladder must hold known treatments and end with withhold",
    );
  }
  return ladder.value.filter((method) => isAllowed(rules, method));
}

function isAllowed({ wholeTableOnly, publishZeros }: Policy, method: Method): boolean {
  switch (method) {
    case "suppress":
      return publishZeros.value && !wholeTableOnly.value;
    case "round":
      return publishZeros.value;
    case "coarsen":
    case "withhold":
      return true;
    default:
      return refuseUnknown(method, "treatment");
  }
}

/** Holds for every field of a policy: one more or one less, and nothing is published. */
const isProtective = {
  publishFromCount: (value) => isThreshold(value),
  publishZeros: (value) => typeof value === "boolean",
  wholeTableOnly: (value) => typeof value === "boolean",
  ownContribution: (value) => value === true,
  groupDisclosure: (value) => value === "report" || value === "unsafe",
  publishFromRecipients: (value) => isThreshold(value),
  dominancePercent: (value) => typeof value === "number" && value > 0 && value <= 85,
  historyWithoutDominance: (value) => typeof value === "boolean",
  holdBelow: (value) => value === "stadtteil",
  publishFromChange: (value) => isThreshold(value),
  attacksAtMost: (value) => Number.isInteger(value) && Number(value) > 0,
} as const satisfies Record<Exclude<keyof Policy, "ladder" | "ladders">, (value: unknown) => boolean>;

function isThreshold(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 3;
}

/** @throws {RangeError} naming the field, unless the policy has exactly the declared ones and each of them protects. */
export function checkPolicy(rules: Policy): void {
  const fields = Object.keys(isProtective).concat("ladder", "ladders").toSorted();
  if (Object.keys(rules).toSorted().join() !== fields.join()) {
    throw new RangeError("Cannot protect tables: the policy must have exactly the declared decisions");
  }
  for (const [field, holds] of Object.entries(isProtective)) {
    if (!holds(rules[field as keyof typeof isProtective].value)) {
      // A key of the constant: `entries` forgets it.
      throw new RangeError(
        `Cannot protect tables: the decision "${field}" of the policy must be one that protects`,
      );
    }
  }
  for (const tableId of ["", ...Object.keys(rules.ladders)]) {
    ladderOf(rules, tableId);
  }
}

/** What it takes to read a released number: from when counts are shown, and how far a held one may be from the truth. */
export type ReadingRules = { readonly publishFromCount: number; readonly publishFromChange: number };

export function readingRulesOf({ publishFromCount, publishFromChange }: Policy): ReadingRules {
  return { publishFromCount: publishFromCount.value, publishFromChange: publishFromChange.value };
}
