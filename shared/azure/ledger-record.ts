import type { BlobItem } from "@azure/storage-blob";
import { z } from "zod";
import type { LedgerEntry, LedgerLink, Showing } from "../disclosure/ledger/ledger.ts";
import { universeWithoutDate } from "../disclosure/ledger/ledger-cells.ts";
import { sha256 } from "./sha256.ts";

type Marks = ReadonlySet<string>;

/** What a list of the ledger tells of an entry without its content being read. */
export type LedgerRecord = LedgerLink &
  Pick<Showing, "release" | "kind" | "week" | "referenceDate"> & {
    /** Marks of its universes, and of the same without their dates; undefined where there are too many. */
    readonly universes: Marks | undefined;
    readonly counted: Marks | undefined;
    readonly metadata: Metadata;
  };

/** The service takes 8 KiB of metadata, names and values. */
const longestMarks = { universes: 6_000, counted: 1_000 } as const;
const markLength = 8;
const marksSchema = z.string().regex(/^(\*|-|([0-9a-f]{8})+)$/);

const metadataSchema = z.object({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  previous: z.string().regex(/^([0-9a-f]{64}|-)$/),
  release: z.string().min(1),
  kind: z.enum(["report", "request"]),
  week: z.string().min(1),
  referencedate: z.iso.date(),
  universes: marksSchema,
  counted: marksSchema,
});
type Metadata = z.output<typeof metadataSchema>;
const keys = metadataSchema.keyof().options;

/** Names of the files in the container. */
export function entryName(sequence: number): string {
  return `${String(sequence).padStart(8, "0")}.json`;
}

/** @throws {RangeError} naming the sequence number where the file has one: no entry has such a name or such metadata. */
export function recordOf({ name, metadata }: Pick<BlobItem, "name" | "metadata">): LedgerRecord {
  const sequence = /^\d{8}\.json$/.test(name) ? Number(name.slice(0, 8)) : 0;
  if (sequence === 0)
    throw new RangeError("Cannot trust the ledger: every file must have the name of an entry");
  const result = metadataSchema.safeParse(metadata);
  if (!result.success)
    throw new RangeError(`Cannot trust the ledger: entry ${sequence} must have the declared metadata`);
  const { hash, previous, release, kind, week, referencedate, universes, counted } = result.data;
  return {
    sequence,
    hash,
    previous: previous === "-" ? "" : previous,
    release: decodeURIComponent(release),
    kind,
    week,
    referenceDate: referencedate,
    universes: marksIn(universes),
    counted: marksIn(counted),
    metadata: result.data,
  };
}

export function metadataOf(entry: LedgerEntry, hash: string): Metadata {
  const { universes, counted } = shownIn(entry);
  return {
    hash,
    previous: entry.previous === "" ? "-" : entry.previous,
    release: encodeURIComponent(entry.release),
    kind: entry.kind,
    week: entry.week,
    referencedate: entry.referenceDate,
    universes: marksText(universes, longestMarks.universes),
    counted: marksText(counted, longestMarks.counted),
  };
}

/** Whether the list told of the entry what its content says. */
export function isRecordOf({ sequence, hash, metadata }: LedgerRecord, entry: LedgerEntry): boolean {
  const own = metadataOf(entry, hash);
  return entry.sequence === sequence && keys.every((key) => own[key] === metadata[key]);
}

/** Marks of what a showing lets readers see, with and without the dates; a withheld table shows nothing. */
export function shownIn({
  tables,
}: Pick<Showing, "tables">): Readonly<Record<"universes" | "counted", Marks>> {
  return marksOf(tables.flatMap(({ universe, cells }) => (cells.length === 0 ? [] : [universe])));
}

export function marksOf(universes: Iterable<string>): ReturnType<typeof shownIn> {
  const dated = [...universes];
  return {
    universes: new Set(dated.map(markOf)),
    counted: new Set(dated.map(universeWithoutDate).map(markOf)),
  };
}

/** Short enough for a list; two universes with one mark only cost a read. */
function markOf(universe: string): string {
  return sha256(universe).slice(0, markLength);
}

/** "*" for more marks than fit. */
function marksText(marks: Marks, longest: number): string {
  const text = [...marks].toSorted().join("");
  return text.length > longest ? "*" : text || "-";
}

function marksIn(text: string): Marks | undefined {
  if (text === "*") return undefined;
  return new Set(text.match(new RegExp(`[0-9a-f]{${markLength}}`, "g")));
}

/** False only where the list says so. */
export function mayShare(marks: Marks | undefined, others: Marks): boolean {
  return marks === undefined || [...others].some((mark) => marks.has(mark));
}
