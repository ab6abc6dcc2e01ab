import { Worker } from "node:worker_threads";
import { linkageKeyBytes, linkageKeyParts } from "./linkage-key.ts";
import { agreement, leastNames, pairScore, partialAgreement } from "./pair-scores-rule.ts";
import {
  hitBytes,
  nameWords,
  type PairMemory,
  pairMemory,
  pairRow,
  popcountModule,
  type ScorePairs,
  scorePairsIn,
  shareScale,
} from "./popcount-module.ts";

/** Linkage keys one behind the other. */
export type LinkageKeys = { readonly count: number; readonly bytes: Uint8Array };

export type PairSearch = {
  /** Pairs with this score or more are found; above 0, at most 1. */
  readonly floor: number;
  /** Threads beside this one; 0: the work is done in this thread, which does nothing else meanwhile. */
  readonly workers: number;
};

export type PairVisitor = (left: number, right: number, score: number) => void;

/** Rows of the right that are compared one after the other: their tile stays in the second cache of a core. */
const tileRows = 1024;
/** Rows of the left in one piece of work: some milliseconds, so that handing it out costs nothing. */
const stripeRows = 2048;
/** Hits of one piece of work before it is emptied; a row of the left must fit. */
const hitsPerBatch = 16 * tileRows;
/** Pieces of work that wait at a worker, so that it never waits itself. */
const lanesPerWorker = 2;
const floorScale = 1_000;

/** Bits of every key by part. */
type Bits = { readonly names: Uint16Array; readonly birth: Uint16Array; readonly address: Uint16Array };

/** Rows in memory, in the order of the bits of their names. */
type Packed = {
  readonly address: number;
  readonly count: number;
  readonly bits: Bits;
  /** Bits of the names of each row. */
  readonly sorted: Uint16Array;
};

type Task = {
  readonly left: number;
  readonly leftCount: number;
  readonly right: number;
  readonly rightCount: number;
};

/** Does one piece of work on a batch of hits of its own. */
type Lane = {
  readonly out: number;
  readonly run: (...task: Parameters<ScorePairs>) => ReturnType<ScorePairs> | Promise<ReturnType<ScorePairs>>;
};

/**
 * Compares every key of the left with every key of the right and tells `visit` of each pair whose score, `pairScore`, reaches
 * the floor, in no order that anybody may rely on. A key without a name has no pair.
 *
 * No pair is lost: what is skipped has too few bits in its names, or too few left to share, to reach the floor however well the
 * rest agrees. Needs the memory of the keys once more, and 320 kB a lane.
 *
 * @throws {RangeError} if the floor is out of range, or keys do not fill their bytes.
 */
export async function scorePairs(
  left: LinkageKeys,
  right: LinkageKeys,
  { floor, workers }: PairSearch,
  visit: PairVisitor,
): Promise<void> {
  const nameFloor = leastNames(floor);
  if (!(floor > 0 && floor <= 1))
    throw new RangeError("Cannot score pairs: the floor must be above 0 and at most 1");
  const lanes = Math.max(1, workers * lanesPerWorker);
  const firstOut = (left.count + right.count) * pairRow.bytes;
  const memory = pairMemory(firstOut + lanes * hitsPerBatch * hitBytes);
  const keys = { left: measure(left), right: measure(right) };
  const wordsBeforeBound = boundPlace(keys.left, keys.right, nameFloor);
  const packing = {
    memory,
    scaledFloor: Math.floor(nameFloor * floorScale),
    boundAtByte: wordsBeforeBound * 8,
  };
  const packedLeft = pack(packing, 0, keys.left);
  const packedRight = pack(packing, left.count * pairRow.bytes, keys.right);
  const tasks = tasksOf(packedLeft, packedRight, nameFloor);
  const report = hitReader(memory, packedLeft.bits, packedRight.bits, floor, visit);
  const module = popcountModule(wordsBeforeBound);
  const crew =
    workers === 0 ? ownThread(module, memory, firstOut) : threads(module, memory, firstOut, workers);
  try {
    await Promise.all(crew.lanes.map((lane) => work(lane, tasks, report)));
  } finally {
    await crew.dismiss();
  }
}

/** Lanes take from one list; what is in a batch is read before the next piece of work overwrites it. */
async function work(
  { out, run }: Lane,
  tasks: Iterator<Task, undefined>,
  report: (from: number, to: number) => void,
): Promise<void> {
  for (let task = tasks.next(); task.done !== true; task = tasks.next()) {
    const { left, leftCount, right, rightCount } = task.value;
    let row = 0;
    while (row < leftCount) {
      const batchEnd = out + hitsPerBatch * hitBytes;
      const [next, end] = await run(left, leftCount, row, right, rightCount, out, batchEnd);
      report(out, end);
      row = next;
    }
  }
}

function hitReader(
  { buffer }: PairMemory,
  left: Bits,
  right: Bits,
  floor: number,
  visit: PairVisitor,
): (from: number, to: number) => void {
  const numbers = new Uint32Array(buffer);
  const scoreAt = (at: number, one: number, other: number) =>
    pairScore(
      agreement(numbers[at + 2] ?? 0, left.names[one] ?? 0, right.names[other] ?? 0),
      partialAgreement(numbers[at + 3] ?? 0, left.birth[one] ?? 0, right.birth[other] ?? 0),
      agreement(numbers[at + 4] ?? 0, left.address[one] ?? 0, right.address[other] ?? 0),
    );
  return (from, to) => {
    for (let at = from / 4; at < to / 4; at += hitBytes / 4) {
      const one = numbers[at] ?? 0;
      const other = numbers[at + 1] ?? 0;
      const score = scoreAt(at, one, other);
      if (score >= floor) visit(one, other, score);
    }
  };
}

/** Tiles of which the names of some pair can reach the floor by their bits. */
function* tasksOf(left: Packed, right: Packed, floor: number): Generator<Task, undefined> {
  for (let from = 0; from < right.count; from += tileRows) {
    const to = Math.min(from + tileRows, right.count);
    for (let first = 0; first < left.count; first += stripeRows) {
      const last = Math.min(first + stripeRows, left.count);
      if (bestScore(left.sorted, first, last, right.sorted, from, to) < floor) continue;
      yield {
        left: left.address + first * pairRow.bytes,
        leftCount: last - first,
        right: right.address + from * pairRow.bytes,
        rightCount: to - from,
      };
    }
  }
  return undefined;
}

/** The score of two filters of which one holds the other, for the bits of both stretches that come closest. */
function bestScore(
  left: Uint16Array,
  first: number,
  last: number,
  right: Uint16Array,
  from: number,
  to: number,
): number {
  const most = Math.min(left[last - 1] ?? 0, right[to - 1] ?? 0);
  const least = Math.max(left[first] ?? 0, right[from] ?? 0);
  return most >= least ? 1 : (2 * most) / (most + least);
}

/** Keys with the numbers of their bits, and the numbers of those that have a name, fewest bits first. */
type Measured = {
  readonly keyAt: (key: number) => Uint8Array;
  readonly bits: Bits;
  readonly order: Uint32Array;
};

function measure({ count, bytes }: LinkageKeys): Measured {
  if (bytes.length !== count * linkageKeyBytes)
    throw new RangeError(`Cannot score pairs: each key must have ${linkageKeyBytes} bytes`);
  const keyAt = (key: number) => bytes.subarray(key * linkageKeyBytes, (key + 1) * linkageKeyBytes);
  const count16 = ({ from, to }: { readonly from: number; readonly to: number }) =>
    Uint16Array.from({ length: count }, (_, key) => bitsIn(keyAt(key).subarray(from, to)));
  const { names, birth, address } = linkageKeyParts;
  const bits = { names: count16(names), birth: count16(birth), address: count16(address) };
  const order = Uint32Array.from(bits.names.keys())
    .filter((key) => bits.names[key] !== 0)
    .sort((a, b) => (bits.names[a] ?? 0) - (bits.names[b] ?? 0));
  return { keyAt, bits, order };
}

/**
 * After how many words the bound is looked at: names that share no more than chance makes them share are out by
 * then, with a word to spare. Where the place is ill chosen, only time is lost.
 */
function boundPlace(left: Measured, right: Measured, floor: number): number {
  const density =
    Math.max(meanOf(left.bits.names), meanOf(right.bits.names)) / (linkageKeyParts.names.to * 8);
  const expected = Math.ceil((nameWords * (1 - floor)) / Math.max(1 - density, 0.01) + 0.5);
  return Math.min(Math.max(expected, 1), nameWords - 1);
}

function meanOf(numbers: Uint16Array): number {
  return numbers.reduce((sum, one) => sum + one, 0) / Math.max(numbers.length, 1);
}

type Packing = {
  readonly memory: PairMemory;
  readonly scaledFloor: number;
  readonly boundAtByte: number;
};

/** Copies the keys into memory in the order of the bits of their names; keys without a name stay outside. */
function pack({ memory, scaledFloor, boundAtByte }: Packing, address: number, keys: Measured): Packed {
  const { bits, order, keyAt } = keys;
  const view = new DataView(memory.buffer);
  const target = new Uint8Array(memory.buffer);
  for (const [row, key] of order.entries()) {
    const place = address + row * pairRow.bytes;
    const bytes = keyAt(key);
    const rest = bitsIn(bytes.subarray(boundAtByte, linkageKeyParts.names.to));
    target.set(bytes, place);
    view.setUint32(place + pairRow.scaledBits, (bits.names[key] ?? 0) * scaledFloor, true);
    view.setUint32(place + pairRow.scaledRest, rest * shareScale, true);
    view.setUint32(place + pairRow.id, key, true);
  }
  return {
    address,
    count: order.length,
    bits,
    sorted: Uint16Array.from(order, (key) => bits.names[key] ?? 0),
  };
}

const bitsOfByte = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);

function bitsIn(bytes: Uint8Array): number {
  let bits = 0;
  for (const byte of bytes) bits += bitsOfByte[byte] ?? 0;
  return bits;
}

type Crew = { readonly lanes: readonly Lane[]; readonly dismiss: () => Promise<void> };

function ownThread(module: Uint8Array, memory: PairMemory, out: number): Crew {
  return { lanes: [{ out, run: scorePairsIn(memory, module) }], dismiss: async () => {} };
}

/**
 * All that a thread does. It is text, because a bundler moves files but not the address of one; it only hands
 * the call on, so no line of the comparison exists twice.
 */
const workerSource = `
const { parentPort, workerData: { module, memory } } = require("node:worker_threads");
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { linkage: { memory } });
parentPort.on("message", (task) => parentPort.postMessage(exports.score(...task)));
`;

function threads(module: Uint8Array, memory: PairMemory, firstOut: number, count: number): Crew {
  const crew = Array.from({ length: count }, () => {
    const workerData = { module, memory };
    return new Thread(new Worker(workerSource, { eval: true, execArgv: [], workerData }));
  });
  const lanes = crew.flatMap((thread, at) =>
    Array.from({ length: lanesPerWorker }, (_, lane) => ({
      out: firstOut + (at * lanesPerWorker + lane) * hitsPerBatch * hitBytes,
      run: (...task: Parameters<ScorePairs>) => thread.run(task),
    })),
  );
  return { lanes, dismiss: async () => void (await Promise.all(crew.map((thread) => thread.end()))) };
}

type Answer = ReturnType<ScorePairs>;

/** A worker answers in the order in which it was asked. */
class Thread {
  readonly #worker: Worker;
  readonly #waiting: PromiseWithResolvers<Answer>[] = [];
  #failure: Error | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("message", (answer: Answer) => this.#waiting.shift()?.resolve(answer));
    worker.on("error", (error) => this.#fail(error));
    worker.on("exit", () => this.#fail(undefined));
  }

  run(task: Parameters<ScorePairs>): Promise<Answer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const answer = Promise.withResolvers<Answer>();
    this.#waiting.push(answer);
    this.#worker.postMessage(task);
    return answer.promise;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(cause: unknown): void {
    this.#failure ??= new Error("Cannot score pairs: the worker must not end before its work", { cause });
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}
