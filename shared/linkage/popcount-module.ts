import { linkageKeyBytes, linkageKeyParts } from "./linkage-key.ts";

/**
 * WebAssembly is the only way to the processor's own counting of bits: it counts about nine times as fast as JavaScript can. The
 * module is put together here, instruction by instruction, because it is one function and needs no compiler that way.
 * Source of every code: WebAssembly Core Specification 2.0, section 5 (binary format).
 */

/** The part of WebAssembly used here; the types of the platform do not know it. */
declare const WebAssembly: {
  readonly Memory: new (size: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => PairMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: { readonly score?: ScorePairs } };
};

export type PairMemory = { readonly buffer: SharedArrayBuffer };

/**
 * Compares rows `firstLeft` to `leftCount - 1` at `left` with all `rightCount` rows at `right`, both addresses of rows as
 * `pairRow` lays them out. Every pair whose names reach the floor is written at `out` as a hit: five numbers of 4 bytes,
 * the ids of both rows and the bits they share in names, birth date and address. A row of the left is begun only if all
 * its hits fit before `outEnd`.
 *
 * @returns the first row of the left that is not yet compared, and the address behind the last hit.
 */
export type ScorePairs = (
  left: number,
  leftCount: number,
  firstLeft: number,
  right: number,
  rightCount: number,
  out: number,
  outEnd: number,
) => readonly [nextLeft: number, out: number];

const wordBytes = 8;
/** The names come first in a key; they alone decide whether a pair is a hit. */
export const nameWords = linkageKeyParts.names.to / wordBytes;

/** A row in memory: the key, then numbers of 4 bytes at these places, and 4 bytes unused. */
export const pairRow = {
  bytes: linkageKeyBytes + 16,
  /** Bits of the names x floor in thousandths. */
  scaledBits: linkageKeyBytes,
  /** Bits of the names behind their first words, those before the bound, x `shareScale`. */
  scaledRest: linkageKeyBytes + 4,
  id: linkageKeyBytes + 8,
} as const;

/** Names reach the floor if shared bits x 2,000 >= (bits of one + bits of the other) x floor in thousandths. */
export const shareScale = 2_000;
export const hitBytes = 20;

const pageBytes = 65_536;
const mostPages = 65_536;

const type = { i32: 0x7f, i64: 0x7e, function: 0x60, none: 0x40 } as const;
const code = {
  block: 0x02,
  loop: 0x03,
  end: 0x0b,
  branch: 0x0c,
  branchIf: 0x0d,
  select: 0x1b,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  load32: 0x28,
  load64: 0x29,
  store32: 0x36,
  number: 0x41,
  less: 0x49,
  notLess: 0x4f,
  add: 0x6a,
  subtract: 0x6b,
  multiply: 0x6c,
  popcount64: 0x7b,
  add64: 0x7c,
  and64: 0x83,
  wrap: 0xa7,
} as const;

/** The parameters of `ScorePairs` in their order, then the function's own variables; `word` is the first word of the names. */
const local = {
  left: 0,
  leftCount: 1,
  next: 2,
  right: 3,
  rightCount: 4,
  out: 5,
  outEnd: 6,
  row: 7,
  end: 8,
  shared: 9,
  needed: 10,
  bits: 11,
  rest: 12,
  leftRow: 13,
  word: 14,
} as const;
const parameters = 7;

/** Memory for `bytes` bytes that several threads can share. Source: WebAssembly threads, section "shared memories". */
export function pairMemory(bytes: number): PairMemory {
  const pages = Math.ceil(bytes / pageBytes);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

/** The function on a memory, for use in this thread. */
export function scorePairsIn(memory: PairMemory, bytes: Uint8Array): ScorePairs {
  const module = new WebAssembly.Module(bytes);
  const { score } = new WebAssembly.Instance(module, { linkage: { memory } }).exports;
  if (score === undefined) throw new TypeError("Cannot compare filters: the module must export its function");
  return score;
}

/**
 * The bytes of a module that imports the memory `linkage.memory` and exports `score`, a `ScorePairs`. After
 * `wordsBeforeBound` words of the names it looks whether the rest can still bring it to the floor.
 *
 * @throws {RangeError} if there are no words before or behind the bound.
 */
export function popcountModule(wordsBeforeBound: number): Uint8Array<ArrayBuffer> {
  if (!(Number.isInteger(wordsBeforeBound) && wordsBeforeBound > 0 && wordsBeforeBound < nameWords))
    throw new RangeError(
      `Cannot build the comparison: the bound must stand behind word 1 to ${nameWords - 1}`,
    );
  const numbers = new Array<number>(parameters).fill(type.i32);
  const signature = [type.function, ...list(numbers), ...list([type.i32, type.i32])];
  const sharedLimits = [0x03, 1, ...unsigned(mostPages)];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, ...signature]),
    ...section(2, [1, ...text("linkage"), ...text("memory"), 0x02, ...sharedLimits]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text("score"), 0x00, 0]),
    ...section(10, [1, ...list(functionBody(wordsBeforeBound))]),
  ]);
}

function functionBody(wordsBeforeBound: number): readonly number[] {
  return [
    ...[2, ...unsigned(local.word - parameters), type.i32, ...unsigned(nameWords), type.i64],
    ...[code.block, type.none, code.loop, type.none],
    ...leaveIfDone(),
    ...takeRow(),
    ...compareWithAll(wordsBeforeBound),
    ...add(local.next, 1),
    ...[code.branch, 0, code.end, code.end],
    ...[...get(local.next), ...get(local.out), code.end],
  ];
}

/** Out of both blocks if no row is left, or if its hits might not fit. */
function leaveIfDone(): readonly number[] {
  return [
    ...[...get(local.next), ...get(local.leftCount), code.notLess, code.branchIf, 1],
    ...[...get(local.outEnd), ...get(local.out), code.subtract],
    ...[...get(local.rightCount), ...number(hitBytes), code.multiply, code.less, code.branchIf, 1],
  ];
}

/** The names of a row of the left into variables, and where the right begins and ends. */
function takeRow(): readonly number[] {
  const row = [...get(local.left), ...get(local.next), ...number(pairRow.bytes), code.multiply, code.add];
  const size = [...get(local.rightCount), ...number(pairRow.bytes), code.multiply];
  return [
    ...[...row, ...set(local.leftRow)],
    ...range(0, nameWords).flatMap((at) => [...word(local.leftRow, at), ...set(local.word + at)]),
    ...[...load(local.leftRow, pairRow.scaledBits), ...set(local.bits)],
    ...[...load(local.leftRow, pairRow.scaledRest), ...set(local.rest)],
    ...[...get(local.right), ...size, code.add, ...set(local.end)],
    ...[...get(local.right), ...set(local.row)],
  ];
}

function compareWithAll(wordsBeforeBound: number): readonly number[] {
  return [
    ...[code.loop, type.none, code.block, type.none],
    ...[...get(local.bits), ...load(local.row, pairRow.scaledBits), code.add, ...set(local.needed)],
    ...[...sharedNames(0, wordsBeforeBound), code.wrap, code.tee, local.shared],
    ...[...number(shareScale), code.multiply, ...lesserRest(), code.add],
    ...[...get(local.needed), code.less, code.branchIf, 0],
    ...[...get(local.shared), ...sharedNames(wordsBeforeBound, nameWords), code.wrap, code.add],
    ...[code.tee, local.shared, ...number(shareScale), code.multiply],
    ...[...get(local.needed), code.less, code.branchIf, 0],
    ...writeHit(),
    code.end,
    ...add(local.row, pairRow.bytes),
    ...[...get(local.row), ...get(local.end), code.less, code.branchIf, 0, code.end],
  ];
}

/** Two filters cannot share more of the bits not yet counted than the one with fewer of them has. */
function lesserRest(): readonly number[] {
  const both = [...get(local.rest), ...load(local.row, pairRow.scaledRest)];
  return [...both, ...both, code.less, code.select];
}

function writeHit(): readonly number[] {
  const { birth, address } = linkageKeyParts;
  return [
    ...[...get(local.out), ...load(local.leftRow, pairRow.id), ...store(0)],
    ...[...get(local.out), ...load(local.row, pairRow.id), ...store(4)],
    ...[...get(local.out), ...get(local.shared), ...store(8)],
    ...[...get(local.out), ...sharedBits(birth), code.wrap, ...store(12)],
    ...[...get(local.out), ...sharedBits(address), code.wrap, ...store(16)],
    ...add(local.out, hitBytes),
  ];
}

/** Bits that both rows have in these words of the names, as a number of 8 bytes. */
function sharedNames(from: number, to: number): readonly number[] {
  return sum(range(from, to).map((at) => [...get(local.word + at), ...word(local.row, at), code.and64]));
}

/** The same for any part of the key. */
function sharedBits({ from, to }: { readonly from: number; readonly to: number }): readonly number[] {
  const words = range(from / wordBytes, to / wordBytes);
  return sum(words.map((at) => [...word(local.leftRow, at), ...word(local.row, at), code.and64]));
}

function sum(words: readonly (readonly number[])[]): readonly number[] {
  return words.flatMap((one, at) => [...one, code.popcount64, ...(at === 0 ? [] : [code.add64])]);
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}

function word(row: number, at: number): readonly number[] {
  return [...get(row), code.load64, 3, ...unsigned(at * wordBytes)];
}

function load(row: number, offset: number): readonly number[] {
  return [...get(row), code.load32, 2, ...unsigned(offset)];
}

function store(offset: number): readonly number[] {
  return [code.store32, 2, ...unsigned(offset)];
}

function add(variable: number, value: number): readonly number[] {
  return [...get(variable), ...number(value), code.add, ...set(variable)];
}

function get(variable: number): readonly number[] {
  return [code.get, ...unsigned(variable)];
}

function set(variable: number): readonly number[] {
  return [code.set, ...unsigned(variable)];
}

function section(id: number, content: readonly number[]): readonly number[] {
  return [id, ...list(content)];
}

/** Bytes with their number before them. */
function list(content: readonly number[]): readonly number[] {
  return [...unsigned(content.length), ...content];
}

function text(name: string): readonly number[] {
  return list([...Buffer.from(name)]);
}

/** LEB128, the form of all numbers that are no constants. */
function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** A constant; its form is LEB128 with sign, so a last byte from 64 on would be a negative number. */
function number(value: number): readonly number[] {
  return [code.number, ...signed(value)];
}

function signed(value: number): readonly number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}
