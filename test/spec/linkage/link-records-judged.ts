import {
  type LinkResult,
  type LinkRules,
  linkRecords,
  linkRules,
} from "../../../shared/linkage/link-records.ts";
import {
  type LinkagePerson,
  LinkageSecrets,
  linkageKey,
  linkageKeyBytes,
} from "../../../shared/linkage/linkage-key.ts";
import type { LinkageKeys } from "../../../shared/linkage/pair-scores.ts";
import type { Known } from "./link-records-city.ts";

const secrets = new LinkageSecrets(new Uint8Array(32).fill(9), "test");

export function keysOf(persons: readonly LinkagePerson[]): LinkageKeys {
  const bytes = new Uint8Array(persons.length * linkageKeyBytes);
  for (const [at, person] of persons.entries()) bytes.set(linkageKey(person, secrets), at * linkageKeyBytes);
  return { count: persons.length, bytes };
}

/** Links with the truth: of all links those of one person, of all persons in both files those linked. */
export type Judged = {
  readonly links: number;
  readonly right: number;
  readonly inBoth: number;
  readonly result: LinkResult;
};

export async function judged(
  left: readonly Known[],
  right: readonly Known[],
  rules: LinkRules = { ...linkRules, workers: 0 },
): Promise<Judged> {
  const result = await linkRecords(keysOf(left.map(personOf)), keysOf(right.map(personOf)), rules);
  const persons = new Set(right.map(({ isPerson }) => isPerson));
  const isRight = (link: { left: number; right: number }) =>
    left[link.left]?.isPerson === right[link.right]?.isPerson;
  return {
    links: result.links.length,
    right: result.links.filter(isRight).length,
    inBoth: left.filter(({ isPerson }) => persons.has(isPerson)).length,
    result,
  };
}

function personOf({ person }: Known): LinkagePerson {
  return person;
}

export function measures(all: readonly Judged[]) {
  const sum = (of: (one: Judged) => number) => all.reduce((total, one) => total + of(one), 0);
  const right = sum((one) => one.right);
  const [precision, recall] = [right / sum(({ links }) => links), right / sum(({ inBoth }) => inBoth)];
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
}

/** The same persons as a register without addresses knows them. */
export function withoutAddress(known: readonly Known[]): readonly Known[] {
  return known.map(({ isPerson, person: { given, surname, birthDate, sex } }) => ({
    isPerson,
    person: {
      given,
      surname,
      ...(birthDate !== undefined && { birthDate }),
      ...(sex !== undefined && { sex }),
    },
  }));
}
