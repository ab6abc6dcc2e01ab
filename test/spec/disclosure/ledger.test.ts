import { describe, expect, test } from "vitest";
import { sha256 } from "../../../shared/azure/sha256.ts";
import {
  checkChain,
  checkHead,
  emptyLedger,
  entriesBefore,
  type LedgerHead,
  type LedgerLink,
} from "../../../shared/disclosure/ledger/ledger.ts";
import { entryBytes, readEntry } from "../../../shared/disclosure/ledger/ledger-file.ts";
import { fridays, ledgerOf, linkOf, showingAt, shownTable, universeAt } from "./ledger-text.ts";

const table = shownTable(`
      |  T |  m | w
  T   | 50 | 30 | 20
  1   | 50 | 30 | 20
  101 | 20 | c  | c
  102 | 30 | c  | c`);

const entries = ledgerOf(
  ...fridays.map((friday) => showingAt(friday, [{ ...table, universe: universeAt(friday) }])),
);
const links = entries.map(linkOf);
const [first, second, third, fourth] = links;

describe("checkChain()", () => {
  test("accepts an empty ledger and an unbroken one, whatever the order it is listed in", () => {
    expect(checkChain([])).toEqual(emptyLedger);
    expect(checkChain(links)).toEqual({ sequence: 4, hash: fourth?.hash });
    expect(checkChain(links.toReversed())).toEqual({ sequence: 4, hash: fourth?.hash });
  });

  const broken = {
    "an entry is missing": [links.toSpliced(1, 1), "entry 2 must stand before entry 3"],
    "the first entry is missing": [links.toSpliced(0, 1), "entry 1 must stand before entry 2"],
    "an entry stands in it twice": [
      links.toSpliced(2, 0, ...links.slice(1, 2)),
      "entry 2 must stand in it once",
    ],
    "the first entry carries a hash": [
      links.with(0, { sequence: 1, hash: first?.hash ?? "", previous: "0".repeat(64) }),
      "entry 1 must carry the hash of the entry before it",
    ],
    "an entry's content was changed": [
      links.with(1, { sequence: 2, previous: second?.previous ?? "", hash: "0".repeat(64) }),
      "entry 3 must carry the hash of the entry before it",
    ],
    "two entries were swapped": [
      [
        ...links.slice(0, 1),
        { sequence: 2, previous: third?.previous ?? "", hash: third?.hash ?? "" },
        { sequence: 3, previous: second?.previous ?? "", hash: second?.hash ?? "" },
        ...links.slice(3),
      ],
      "entry 2 must carry the hash of the entry before it",
    ],
    "an entry was put in between": [
      [
        ...links.slice(0, 2),
        { sequence: 3, previous: second?.hash ?? "", hash: "1".repeat(64) },
        ...links.slice(3),
      ],
      "entry 4 must carry the hash of the entry before it",
    ],
    "a later entry does not know the one before": [
      links.with(3, { sequence: 4, previous: "", hash: fourth?.hash ?? "" }),
      "entry 4 must carry the hash of the entry before it",
    ],
  } as const;
  for (const [what, [chain, message]] of Object.entries(broken)) {
    test(`refuses a ledger where ${what}, and names the entry`, () => {
      expect(() => checkChain(chain)).toThrow(new RangeError(`Cannot trust the ledger: ${message}`));
    });
  }
});

describe("checkHead()", () => {
  test("accepts the head that was noted, also when the ledger has grown since", () => {
    for (const { sequence, hash } of links) expect(() => checkHead(links, { sequence, hash })).not.toThrow();
    expect(() => checkHead(links, emptyLedger)).not.toThrow();
  });

  test("finds a cut tail and a ledger written anew, which no chain shows by itself", () => {
    const noted = { sequence: 4, hash: fourth?.hash ?? "" };
    const message = "Cannot trust the ledger: entry 4 must be the one that was noted";
    const cut = links.slice(0, 3);
    expect(checkChain(cut)).toMatchObject({ sequence: 3 });
    expect(() => checkHead(cut, noted)).toThrow(new RangeError(message));
    const anew = ledgerOf(...entries.map((entry) => ({ ...entry, methodVersion: "other" }))).map(linkOf);
    expect(checkChain(anew)).toMatchObject({ sequence: 4 });
    expect(() => checkHead(anew, noted)).toThrow(new RangeError(message));
  });
});

describe("a ledger of 30 entries", () => {
  const small = shownTable(`
        | T
      T | 7`);
  const many = Array.from({ length: 30 }, (_, at) => showingAt("2026-11-20", [small], `request ${at}`));
  const files = ledgerOf(...many).map(entryBytes);

  /** Reads what lies there and checks it against the head that was printed. */
  function verify(links: readonly LedgerLink[], noted: LedgerHead): void {
    checkChain(links);
    checkHead(links, noted);
  }

  function linkIn(bytes: Uint8Array): LedgerLink {
    const { sequence, previous } = readEntry(bytes);
    return { sequence, previous, hash: sha256(bytes) };
  }

  const whole = files.map(linkIn);
  const noted = checkChain(whole);

  test("shows every single changed byte", () => {
    let changes = 0;
    for (const [at, bytes] of files.entries()) {
      for (const place of bytes.keys()) {
        changes += 1;
        const changed = bytes.with(place, (bytes[place] ?? 0) ^ 1);
        expect(() => verify(whole.with(at, linkIn(changed)), noted)).toThrow();
      }
    }
    expect(changes).toBeGreaterThan(5_000);
  });

  test("shows every entry that was taken out, doubled, swapped with its neighbour or put in the place of another", () => {
    for (const at of whole.keys()) {
      const own = whole.slice(at, at + 1);
      expect(() => verify(whole.toSpliced(at, 1), noted)).toThrow(RangeError);
      expect(() => verify([...whole, ...own], noted)).toThrow(RangeError);
      for (const other of whole.keys()) {
        const [there] = whole.slice(other, other + 1);
        if (there !== undefined && other !== at)
          expect(() => verify(whole.with(at, { ...there, sequence: at + 1 }), noted)).toThrow(RangeError);
      }
    }
  });
});

describe("entriesBefore()", () => {
  test("gives a new release everything, and one that is there already what was before it", () => {
    expect(entriesBefore(entries, "report 2026-12-04")).toEqual(entries);
    expect(entriesBefore(entries, "report 2026-11-20")).toEqual(entries.slice(0, 2));
    expect(entriesBefore(entries, "report 2026-11-06")).toEqual([]);
  });
});
