import type { ColumnSpec } from "./register.ts";
import type { FileSource } from "./source.ts";
import {
  FileRefused,
  type OpenTable,
  type Refused,
  rowsPerBatch,
  type SourceRow,
  type TableWanted,
} from "./source-table.ts";

/** Larger geometry is refused: it is read as a whole. */
const geometryBytesAtMost = 64_000_000;

const longitude = { min: 5, max: 16 } as const;
const latitude = { min: 47, max: 56 } as const;
const fewestPoints = 4;

type Defect = NonNullable<SourceRow["defect"]>;
type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a GeoJSON FeatureCollection as a table of one row per feature, numbered from 1: level, key, name, validity
 * and parent, under the names that the office or the agreement gives them. Polygons and MultiPolygons in WGS 84 only:
 * a coordinate outside longitude 5 to 16 and latitude 47 to 56 is E-008, another kind of geometry E-003, a number as key
 * becomes text.
 * Source: RFC 7946; geometry of the spatial structure.
 */
export async function openGeometry(
  source: FileSource,
  columns: readonly ColumnSpec[],
  aliases: TableWanted["aliases"],
): Promise<OpenTable | Refused> {
  if (source.byteLength === 0) return { kind: "refused", findings: [{ code: "D-001", facts: {} }] };
  if (source.byteLength > geometryBytesAtMost) {
    return { kind: "refused", findings: [{ code: "D-014", facts: { grenze: "64 MB" } }] };
  }
  try {
    const features = featuresOf(await readText(source));
    return {
      kind: "table",
      encoding: "UTF-8",
      headings: columns.map(({ name }) => name),
      positions: new Map(columns.map(({ name }, position) => [name, position])),
      notes: [],
      rows: () => rowsOf(features, columns.map(withAliases(aliases))),
    };
  } catch (error) {
    if (error instanceof FileRefused) return { kind: "refused", findings: [error.finding] };
    throw error;
  }
}

/** A column whose synonyms are the office's first, then the agreed ones. */
function withAliases(aliases: TableWanted["aliases"]): (column: ColumnSpec) => ColumnSpec {
  return (column) => {
    const own = Object.hasOwn(aliases, column.name) ? (aliases[column.name] ?? []) : [];
    return { ...column, aliases: [...own, ...column.aliases] };
  };
}

async function readText(source: FileSource): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const parts: string[] = [];
  try {
    for await (const chunk of source.chunks()) parts.push(decoder.decode(chunk, { stream: true }));
    parts.push(decoder.decode());
  } catch (error) {
    // biome-ignore lint/style/useErrorCause: the finding is the whole message, a cause could carry content
    if (error instanceof TypeError) throw new FileRefused({ code: "D-005", facts: {} });
    throw error;
  }
  return parts.join("");
}

function featuresOf(text: string): readonly unknown[] {
  const collection = parsed(text);
  const features = isMembers(collection) ? collection["features"] : undefined;
  if (!isMembers(collection) || collection["type"] !== "FeatureCollection" || !Array.isArray(features)) {
    throw notGeometry();
  }
  return features;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // biome-ignore lint/style/useErrorCause: the parser's message quotes the text
    throw notGeometry();
  }
}

function notGeometry(): FileRefused {
  return new FileRefused({ code: "D-003", facts: { art: "GeoJSON" } });
}

async function* rowsOf(
  features: readonly unknown[],
  columns: readonly ColumnSpec[],
): AsyncGenerator<readonly SourceRow[]> {
  for (let at = 0; at < features.length; at += rowsPerBatch) {
    yield features
      .slice(at, at + rowsPerBatch)
      .map((feature, index) => rowOf(feature, at + index + 1, columns));
  }
}

function rowOf(feature: unknown, line: number, columns: readonly ColumnSpec[]): SourceRow {
  const members = isMembers(feature) ? feature : {};
  const properties = isMembers(members["properties"]) ? members["properties"] : {};
  const fields = columns.map((column) => fieldOf(properties, column));
  const code = members["type"] === "Feature" ? geometryDefect(members["geometry"]) : "E-003";
  const defect: Defect | undefined = code === undefined ? undefined : { code, column: -1, detail: 0 };
  return defect === undefined ? { line, fields } : { line, fields, defect };
}

function fieldOf(properties: Members, { name, aliases }: ColumnSpec): string {
  const found = [name, ...aliases].find((key) => Object.hasOwn(properties, key));
  const value = found === undefined ? undefined : properties[found];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function geometryDefect(geometry: unknown): "E-003" | "E-008" | undefined {
  if (!isMembers(geometry)) return "E-003";
  const depth = depthOf(geometry["type"]);
  const points = depth === undefined ? undefined : pointsOf(geometry["coordinates"], depth);
  if (points === undefined || points.length < fewestPoints) return "E-003";
  return points.every(isInGermany) ? undefined : "E-008";
}

function depthOf(type: unknown): number | undefined {
  if (type === "Polygon") return 2;
  return type === "MultiPolygon" ? 3 : undefined;
}

function pointsOf(coordinates: unknown, depth: number): readonly unknown[] | undefined {
  if (!Array.isArray(coordinates)) return undefined;
  return depth === 0 ? [coordinates] : flattened(coordinates, depth);
}

function flattened(coordinates: readonly unknown[], depth: number): readonly unknown[] | undefined {
  const parts = coordinates.map((part) => (depth === 1 ? [part] : pointsOf(part, depth - 1)));
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

function isInGermany(point: unknown): boolean {
  if (!Array.isArray(point)) return false;
  const [east, north]: readonly unknown[] = point;
  return (
    typeof east === "number" &&
    typeof north === "number" &&
    east >= longitude.min &&
    east <= longitude.max &&
    north >= latitude.min &&
    north <= latitude.max
  );
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
