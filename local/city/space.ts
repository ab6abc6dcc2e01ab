import { Delaunay } from "d3-delaunay";
import { Dice } from "./random.ts";
import type { SizePlan } from "./sizes.ts";

/** An area above the block. `parent` is an index into the level above, −1 for a borough. */
type Area = { readonly key: string; readonly name: string; readonly parent: number };

export type Space = {
  readonly boroughs: readonly Area[];
  readonly quarters: readonly Area[];
  readonly districts: readonly Area[];
  /** District of each block. */
  readonly districtOfBlock: readonly number[];
  readonly blockKeys: readonly string[];
  /** Metres east and north of the centre: first the blocks, then points around the city that only close its border. */
  readonly points: Float64Array;
};

const meshMargin = 1.4;
const relaxations = 2;

/** Blocks as cells around scattered points, grouped into districts, quarters and boroughs by distance. */
export function inventSpace(seed: number, plan: SizePlan): Space {
  const dice = new Dice(seed, "space", 0);
  const points = relaxed(scattered(dice, plan), plan);
  const blocks = Array.from({ length: plan.blocks }, (_, at) => at);
  const quarterOf = clusters(points, blocks, plan.quarters);
  const quarterCentres = centres(points, blocks, quarterOf, plan.quarters);
  const boroughOf = clusters(
    quarterCentres,
    Array.from({ length: plan.quarters }, (_, at) => at),
    plan.boroughs,
  );
  return named(dice, plan, points, quarterOf, boroughOf);
}

/** Distance from the centre where 1 is the wavy city limit. */
function reach(x: number, y: number, plan: SizePlan): number {
  const angle = Math.atan2(y * 1.3, x);
  const limit = plan.radius * (1 + 0.09 * Math.sin(3 * angle + 1) + 0.06 * Math.sin(5 * angle));
  return Math.hypot(x, y * 1.3) / limit;
}

function scattered(dice: Dice, plan: SizePlan): Float64Array {
  const step = Math.sqrt((Math.PI * plan.radius * (plan.radius / 1.3)) / plan.blocks);
  const found: { x: number; y: number; reach: number }[] = [];
  const width = plan.radius * meshMargin * 1.15;
  for (let y = -width / 1.3; y <= width / 1.3; y += step) {
    for (let x = -width; x <= width; x += step) {
      const px = x + (dice.next() - 0.5) * step * 0.9;
      const py = y + (dice.next() - 0.5) * step * 0.9;
      found.push({ x: px, y: py, reach: reach(px, py, plan) });
    }
  }
  found.sort((a, b) => a.reach - b.reach);
  return Float64Array.from(found.flatMap(({ x, y }) => [x, y]));
}

/** Moves each point towards the middle of its cell, so that no block is a sliver. */
function relaxed(points: Float64Array, plan: SizePlan): Float64Array {
  const width = plan.radius * meshMargin * 1.3;
  let current = points;
  for (let round = 0; round < relaxations; round += 1) {
    const voronoi = new Delaunay(current).voronoi([-width, -width, width, width]);
    const next = new Float64Array(current);
    for (let at = 0; at < current.length / 2; at += 1) {
      const [x, y] = middle(voronoi.cellPolygon(at) ?? []);
      next[at * 2] = x;
      next[at * 2 + 1] = y;
    }
    current = next;
  }
  return current;
}

function middle(ring: readonly (readonly [number, number])[]): readonly [number, number] {
  let x = 0;
  let y = 0;
  const corners = ring.slice(1);
  for (const [cornerX, cornerY] of corners) {
    x += cornerX;
    y += cornerY;
  }
  return [x / corners.length, y / corners.length];
}

/** Cluster of each member: farthest points first, then four rounds of moving the centres. */
function clusters(points: Float64Array, members: readonly number[], count: number): Int32Array {
  let around = farthest(points, members, count);
  let result = nearest(points, members, around);
  for (let round = 0; round < 4; round += 1) {
    around = centres(points, members, result, count);
    result = nearest(points, members, around);
  }
  if (new Set(result).size !== count) throw new RangeError("Cannot divide the city: an area would be empty");
  return result;
}

function squaredDistance(a: Float64Array, at: number, b: Float64Array, bt: number): number {
  const x = (a[at * 2] ?? 0) - (b[bt * 2] ?? 0);
  const y = (a[at * 2 + 1] ?? 0) - (b[bt * 2 + 1] ?? 0);
  return x * x + y * y;
}

function farthest(points: Float64Array, members: readonly number[], count: number): Float64Array {
  const chosen = new Float64Array(count * 2);
  const distance = new Float64Array(members.length).fill(Number.POSITIVE_INFINITY);
  let next = Math.floor(members.length / 3);
  for (let centre = 0; centre < count; centre += 1) {
    const member = members[next] ?? 0;
    chosen[centre * 2] = points[member * 2] ?? 0;
    chosen[centre * 2 + 1] = points[member * 2 + 1] ?? 0;
    for (const [at, other] of members.entries()) {
      const here = squaredDistance(points, other, chosen, centre);
      if (here < (distance[at] ?? 0)) distance[at] = here;
    }
    next = distance.indexOf(distance.reduce((most, value) => Math.max(most, value), -1));
  }
  return chosen;
}

function nearest(points: Float64Array, members: readonly number[], around: Float64Array): Int32Array {
  const result = new Int32Array(members.length);
  for (const [at, member] of members.entries()) {
    let best = Number.POSITIVE_INFINITY;
    for (let centre = 0; centre < around.length / 2; centre += 1) {
      const here = squaredDistance(points, member, around, centre);
      if (here < best) {
        best = here;
        result[at] = centre;
      }
    }
  }
  return result;
}

function centres(
  points: Float64Array,
  members: readonly number[],
  clusterOf: Int32Array,
  count: number,
): Float64Array {
  const sums = new Float64Array(count * 2);
  const sizes = new Float64Array(count);
  for (const [at, member] of members.entries()) {
    const cluster = clusterOf[at] ?? 0;
    sums[cluster * 2] = (sums[cluster * 2] ?? 0) + (points[member * 2] ?? 0);
    sums[cluster * 2 + 1] = (sums[cluster * 2 + 1] ?? 0) + (points[member * 2 + 1] ?? 0);
    sizes[cluster] = (sizes[cluster] ?? 0) + 1;
  }
  return sums.map((sum, at) => sum / Math.max(1, sizes[Math.floor(at / 2)] ?? 1));
}

const boroughNames = [
  "Mitte",
  "Nord",
  "West",
  "Ost",
  "Süd",
  "Nordost",
  "Südwest",
  "Nordwest",
  "Südost",
  "Am Wald",
  "Am See",
  "Hafen",
];
const quarterStems = [
  "Alt",
  "Neu",
  "Ober",
  "Unter",
  "Linden",
  "Buchen",
  "Erlen",
  "Birken",
  "Hohen",
  "Stein",
  "Mühl",
  "Kloster",
  "Wiesen",
];
const quarterEnds = ["dorf", "hausen", "feld", "bach", "rode", "heim", "au", "berg", "tal", "brück"];
const districtEnds = ["Mitte", "Nord", "Süd", "Ost", "West", "Heide", "Höhe", "Grund"];

function named(
  dice: Dice,
  plan: SizePlan,
  points: Float64Array,
  quarterOf: Int32Array,
  boroughOf: Int32Array,
): Space {
  const width = Math.max(2, String(plan.quarters).length);
  const boroughs = boroughNames.slice(0, plan.boroughs).map((name, at) => ({
    key: String(at + 1).padStart(String(plan.boroughs).length, "0"),
    name,
    parent: -1,
  }));
  // Numbered borough by borough, as offices do; keys stay opaque all the same.
  const order = [...boroughOf.keys()].sort((a, b) => (boroughOf[a] ?? 0) - (boroughOf[b] ?? 0) || a - b);
  const names = shuffled(
    dice,
    quarterStems.flatMap((stem) => quarterEnds.map((end) => stem + end)),
  );
  const quarters = order.map((cluster, at) => ({
    key: String(at + 1).padStart(width, "0"),
    name: names[at] ?? "",
    parent: boroughOf[cluster] ?? 0,
  }));
  const numberOf = new Map(order.map((cluster, at) => [cluster, at]));
  const quarterOfBlock = [...quarterOf].map((cluster) => numberOf.get(cluster) ?? 0);
  const { districts, districtOfBlock } = divided(plan, points, quarters, quarterOfBlock);
  const blockKeys = districtOfBlock.map((_, at) => String(10_001 + at));
  return { boroughs, quarters, districts, districtOfBlock, blockKeys, points };
}

/** Splits each quarter into statistical districts, the large ones into more. */
function divided(
  plan: SizePlan,
  points: Float64Array,
  quarters: readonly Area[],
  quarterOfBlock: readonly number[],
): { districts: readonly Area[]; districtOfBlock: readonly number[] } {
  const districts: Area[] = [];
  const districtOfBlock = new Array<number>(quarterOfBlock.length).fill(0);
  const width = String(plan.districts).length + 1;
  for (const [quarter, area] of quarters.entries()) {
    const blocks = [...quarterOfBlock.keys()].filter((block) => quarterOfBlock[block] === quarter);
    const wanted = Math.round((blocks.length / plan.blocks) * plan.districts);
    const count = Math.min(Math.max(1, wanted), districtEnds.length, blocks.length);
    const part = clusters(points, blocks, count);
    for (const [at, block] of blocks.entries()) districtOfBlock[block] = districts.length + (part[at] ?? 0);
    for (const end of districtEnds.slice(0, count)) {
      const key = String(districts.length + 1).padStart(width, "0");
      districts.push({ key, name: count === 1 ? area.name : `${area.name}-${end}`, parent: quarter });
    }
  }
  return { districts, districtOfBlock };
}

export function shuffled<T>(dice: Dice, list: readonly T[]): T[] {
  const result = [...list];
  for (let at = result.length - 1; at > 0; at -= 1) {
    const other = dice.below(at + 1);
    const [here, there] = [result[at], result[other]];
    if (here !== undefined && there !== undefined) [result[at], result[other]] = [there, here];
  }
  return result;
}
