import { Delaunay } from "d3-delaunay";
import type { Space } from "./space.ts";

/** Open sea, where no one can take the invented outline for a real city's. */
const anchor = { longitude: 6.4, latitude: 54.6 };
const metresPerDegree = 111_320;

type Ring = readonly (readonly [number, number])[];
export type Feature = {
  readonly type: "Feature";
  readonly properties: Readonly<Record<string, string>>;
  readonly geometry: { readonly type: "MultiPolygon"; readonly coordinates: readonly (readonly Ring[])[] };
};

/**
 * All areas of the city as GeoJSON features, boroughs first. Every border is a chain of the same corners on both sides
 * and on every level, so areas touch without gaps; outer rings run counter-clockwise.
 */
export function areaFeatures(space: Space): Feature[] {
  const mesh = meshOf(space);
  const quarterOf = space.districtOfBlock.map((district) => space.districts[district]?.parent ?? -1);
  const boroughOf = quarterOf.map((quarter) => space.quarters[quarter]?.parent ?? -1);
  const blocks = [...space.blockKeys.keys()];
  const boroughs = outlines(mesh, boroughOf, space.boroughs.length);
  const quarters = outlines(mesh, quarterOf, space.quarters.length);
  const cells = outlines(mesh, blocks, blocks.length);
  const parentName = (quarter: number) => space.boroughs[space.quarters[quarter]?.parent ?? -1]?.key ?? "";
  return [
    ...space.boroughs.map((area, at) => feature("stadtbezirk", area.key, area.name, "", boroughs[at])),
    ...space.quarters.map((area, at) =>
      feature("stadtteil", area.key, area.name, parentName(at), quarters[at]),
    ),
    ...space.blockKeys.map((key, at) =>
      feature("baublock", key, `Block ${key}`, space.quarters[quarterOf[at] ?? -1]?.key ?? "", cells[at]),
    ),
  ];
}

function feature(ebene: string, schluessel: string, name: string, eltern: string, rings?: Ring[]): Feature {
  const properties = { ebene, schluessel, name, ...(eltern === "" ? {} : { eltern }) };
  return {
    type: "Feature",
    properties,
    geometry: { type: "MultiPolygon", coordinates: polygons(rings ?? []) },
  };
}

/** A border between two cells: from one corner of the mesh to the next, with `block` on its left. */
type Border = {
  readonly block: number;
  readonly neighbour: number;
  readonly from: number;
  readonly to: number;
};
type Mesh = {
  readonly borders: readonly Border[];
  readonly corner: (index: number) => readonly [number, number];
};

/** Corners are the circumcentres of the triangles between three points, numbered by triangle. */
function meshOf(space: Space): Mesh {
  const delaunay = new Delaunay(space.points);
  const { inedges, halfedges, triangles } = delaunay;
  const { circumcenters } = delaunay.voronoi();
  const borders: Border[] = [];
  for (const block of space.blockKeys.keys()) {
    const start = inedges[block] ?? -1;
    let edge = start;
    do {
      const out = edge % 3 === 2 ? edge - 2 : edge + 1;
      const twin = halfedges[out] ?? -1;
      if (twin === -1) throw new RangeError("Cannot draw the city: a block lies on the edge of the mesh");
      const neighbour = triangles[out % 3 === 2 ? out - 2 : out + 1] ?? -1;
      borders.push({ block, neighbour, from: Math.floor(edge / 3), to: Math.floor(twin / 3) });
      edge = twin;
    } while (edge !== start);
  }
  return {
    borders,
    corner: (index) => degrees(circumcenters[index * 2] ?? 0, circumcenters[index * 2 + 1] ?? 0),
  };
}

function degrees(x: number, y: number): readonly [number, number] {
  const shrink = Math.cos((anchor.latitude * Math.PI) / 180);
  return [
    rounded(anchor.longitude + x / (metresPerDegree * shrink)),
    rounded(anchor.latitude + y / metresPerDegree),
  ];
}

function rounded(degree: number): number {
  return Math.round(degree * 1e6) / 1e6;
}

/** Closed rings around each area: the borders whose other side lies in another area, chained corner to corner. */
function outlines(mesh: Mesh, areaOf: readonly number[], count: number): Ring[][] {
  const chains = Array.from({ length: count }, () => new Map<number, number>());
  for (const { block, neighbour, from, to } of mesh.borders) {
    const area = areaOf[block] ?? -1;
    if (area !== areaOf[neighbour]) chains[area]?.set(from, to);
  }
  return chains.map((chain) => ringsOf(chain, mesh.corner));
}

function ringsOf(chain: Map<number, number>, corner: Mesh["corner"]): Ring[] {
  const rings: Ring[] = [];
  for (const [start] of chain) {
    const ring: (readonly [number, number])[] = [];
    let at: number | undefined = start;
    while (at !== undefined) {
      ring.push(corner(at));
      const next = chain.get(at);
      chain.delete(at);
      at = next;
    }
    if (ring.length > 3) rings.push(ring);
  }
  return rings;
}

/** Twice the signed area in square degrees; positive is counter-clockwise. */
function turning(ring: Ring): number {
  let sum = 0;
  for (const [at, [x, y]] of ring.entries()) {
    const [nextX, nextY] = ring[(at + 1) % ring.length] ?? [x, y];
    sum += x * nextY - nextX * y;
  }
  return sum;
}

/** Outer rings counter-clockwise, each followed by the holes that lie in it. */
function polygons(rings: readonly Ring[]): Ring[][] {
  // The mesh may run either way round; the longest ring is always an outer one.
  const largest = rings.reduce(
    (most, ring) => (Math.abs(turning(ring)) > Math.abs(most) ? turning(ring) : most),
    0,
  );
  const turned = largest < 0 ? rings.map((ring) => ring.toReversed()) : rings;
  const outer = turned.filter((ring) => turning(ring) > 0).map((ring) => [ring]);
  for (const hole of turned.filter((ring) => turning(ring) < 0)) {
    (outer.find(([ring]) => ring !== undefined && holds(ring, hole[0] ?? [0, 0])) ?? outer[0])?.push(hole);
  }
  return outer;
}

function holds(ring: Ring, [x, y]: readonly [number, number]): boolean {
  let inside = false;
  for (const [at, [ax, ay]] of ring.entries()) {
    const [bx, by] = ring[(at + 1) % ring.length] ?? [ax, ay];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
