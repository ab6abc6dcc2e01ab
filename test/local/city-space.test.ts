import { describe, expect, test } from "vitest";
import { areaFeatures, type Feature } from "../../local/city/geometry.ts";
import { sizePlans } from "../../local/city/sizes.ts";
import { inventSpace } from "../../local/city/space.ts";
import { inventTown, type Side } from "../../local/city/streets.ts";

const plan = sizePlans.klein;
const town = inventTown(1, plan, inventSpace(1, plan));
const features = areaFeatures(town);

function ofLevel(level: string): readonly Feature[] {
  return features.filter((feature) => feature.properties["ebene"] === level);
}

function ringArea(ring: readonly (readonly [number, number])[]): number {
  let sum = 0;
  for (const [at, [x, y]] of ring.entries()) {
    const [nextX, nextY] = ring[at + 1] ?? [x, y];
    sum += (x * nextY - nextX * y) / 2;
  }
  return sum;
}

/** Holes run the other way round, so they count negative. */
function area(feature: Feature): number {
  return feature.geometry.coordinates.flat().reduce((sum, ring) => sum + ringArea(ring), 0);
}

function totalArea(list: readonly Feature[]): number {
  return list.reduce((sum, feature) => sum + area(feature), 0);
}

function edges(feature: Feature): ReadonlySet<string> {
  const rings = feature.geometry.coordinates.flat();
  return new Set(rings.flatMap((ring) => ring.slice(1).map((corner, at) => `${ring[at]} ${corner}`)));
}

describe("areaFeatures()", () => {
  test("areaFeatures() draws every key of the three levels once", () => {
    expect(ofLevel("stadtbezirk").length).toBe(plan.boroughs);
    expect(ofLevel("stadtteil").length).toBe(plan.quarters);
    expect(ofLevel("baublock").length).toBe(plan.blocks);
    const keys = features.map(({ properties }) => `${properties["ebene"]} ${properties["schluessel"]}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("areaFeatures() lets the areas of the children add up to that of their parent", () => {
    for (const parent of [...ofLevel("stadtbezirk"), ...ofLevel("stadtteil")]) {
      const level = parent.properties["ebene"] === "stadtbezirk" ? "stadtteil" : "baublock";
      const children = ofLevel(level).filter(
        (feature) => feature.properties["eltern"] === parent.properties["schluessel"],
      );
      expect(totalArea(children) / area(parent)).toBeCloseTo(1, 6);
    }
  });

  test("areaFeatures() gives a parent only border lines that its children have too", () => {
    const lines = new Set(ofLevel("baublock").flatMap((feature) => [...edges(feature)]));
    for (const feature of [...ofLevel("stadtbezirk"), ...ofLevel("stadtteil")]) {
      for (const line of edges(feature)) expect(lines.has(line)).toBe(true);
    }
  });

  test("areaFeatures() closes every ring, turns outer ones counter-clockwise and stays in the open sea", () => {
    for (const { geometry } of features) {
      for (const [outer = [], ...holes] of geometry.coordinates) {
        expect(outer.at(-1)).toEqual(outer[0]);
        expect(ringArea(outer)).toBeGreaterThan(0);
        for (const hole of holes) expect(ringArea(hole)).toBeLessThan(0);
        for (const [longitude, latitude] of outer) {
          expect(longitude > 5 && longitude < 9 && latitude > 54 && latitude < 55.5).toBe(true);
        }
      }
    }
  });
});

describe("inventTown()", () => {
  test("inventTown() gives no house number of a street to two sides", () => {
    const taken = new Set<string>();
    for (const side of town.sides) {
      for (const number of numbersOf(side)) {
        const house = `${side.street} ${number}`;
        expect(taken.has(house)).toBe(false);
        taken.add(house);
      }
    }
  });

  test("inventTown() has blocks without an address, shelters and one side apart for a single person", () => {
    const inhabited = new Set(town.sides.map(({ block }) => block));
    expect(inhabited.size).toBeLessThan(plan.blocks);
    expect(town.shelters.length).toBe(plan.shelters);
    const lonelyBlock = town.sides[town.lonelySide]?.block;
    const homes = new Set([...town.homes, ...town.refugeeHomes].map((at) => town.sides[at]?.block));
    expect(homes.has(lonelyBlock)).toBe(false);
  });

  test("inventTown() repeats no street name and no key", () => {
    expect(new Set(town.streets.map(({ name }) => name)).size).toBe(town.streets.length);
    expect(new Set(town.streets.map(({ key }) => key)).size).toBe(town.streets.length);
    expect(new Set(town.sides.map(({ key }) => key)).size).toBe(town.sides.length);
  });
});

function numbersOf(side: Side): readonly number[] {
  const step = side.parity === "A" ? 1 : 2;
  return Array.from({ length: (side.to - side.from) / step + 1 }, (_, at) => side.from + at * step);
}
