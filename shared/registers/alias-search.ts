import { FingerprintSet, fingerprintOf } from "./fingerprint-set.ts";
import { ownText } from "./own-text.ts";

/** An AZR number that more person numbers share is a filler, not a person. */
const aliasesAtMost = 20;

type Pair = { readonly person: string; readonly azr: string };

/** Finds AZR numbers that stand with more than one person number. */
export class AliasSearch {
  readonly #numbers = new FingerprintSet();
  readonly #pairs = new FingerprintSet();
  readonly #shared = new FingerprintSet();

  add({ person, azr }: Pair): void {
    if (azr === "") return;
    const number = fingerprintOf(azr);
    if (!this.#pairs.add(fingerprintOf(`${azr}|${person}`))) return;
    if (!this.#numbers.add(number)) this.#shared.add(number);
  }

  get size(): number {
    return this.#shared.size;
  }

  isShared(azr: string): boolean {
    return azr !== "" && this.#shared.has(fingerprintOf(azr));
  }
}

/** Groups of person numbers that are one person: those that share an AZR number, over any number of steps. */
export class AliasGroups {
  readonly #personsOf = new Map<string, Set<string>>();

  add({ person, azr }: Pair): void {
    const persons = this.#personsOf.get(azr) ?? new Set<string>();
    if (persons.size <= aliasesAtMost) persons.add(ownText(person));
    this.#personsOf.set(ownText(azr), persons);
  }

  /** AZR numbers that are left out as fillers. */
  get fillerCount(): number {
    return [...this.#personsOf.values()].filter(({ size }) => size > aliasesAtMost).length;
  }

  /**
   * Number of each person's group, from 1. Groups are numbered by their smallest pseudonym, so that the order of rows
   * plays no part and the numbers tell nothing of the person numbers.
   */
  numbers(pseudonymOf: (person: string) => Uint8Array): ReadonlyMap<string, number> {
    const roots = this.#roots();
    const names = new Map<string, string>();
    for (const [person, root] of roots) {
      const name = Buffer.from(pseudonymOf(person)).toString("hex");
      const smallest = names.get(root);
      if (smallest === undefined || name < smallest) names.set(root, name);
    }
    const ordered = [...names].sort(([, left], [, right]) => (left < right ? -1 : 1)).map(([root]) => root);
    const numbers = new Map(ordered.map((root, at) => [root, at + 1]));
    return new Map([...roots].map(([person, root]) => [person, numbers.get(root) ?? 0]));
  }

  #roots(): Map<string, string> {
    const parents = new Map<string, string>();
    for (const persons of this.#personsOf.values()) {
      const [first, ...others] = persons;
      if (first === undefined || others.length === 0 || persons.size > aliasesAtMost) continue;
      for (const other of others) parents.set(rootOf(parents, other), rootOf(parents, first));
    }
    const known = [...parents.keys()];
    return new Map(known.map((person) => [person, rootOf(parents, person)]));
  }
}

/** Root of a person's group; a person seen first is its own. */
function rootOf(parents: Map<string, string>, person: string): string {
  let at = person;
  for (let parent = parents.get(at); parent !== undefined && parent !== at; parent = parents.get(at))
    at = parent;
  parents.set(person, at);
  if (!parents.has(at)) parents.set(at, at);
  return at;
}
