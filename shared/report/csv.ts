import type { AuditedRelease } from "../disclosure/audited-release.ts";
import type { AuditedTable } from "../disclosure/released-table.ts";
import { refuseUnknown } from "../registers/refuse-unknown.ts";
import type { DimensionId } from "../tables/table.ts";
import { checkAudited } from "./check-audited.ts";
import { printable } from "./german-text.ts";
import { hasNumber, type ReleasedCell, releasedCells } from "./released-cells.ts";
import { statusOf } from "./signs.ts";

type Field = string | number | undefined;

/** Name of the CSV file of a table: "T02_Stadtteil_Status.csv". */
export function tableFile(release: AuditedRelease, tableId: string): string {
  checkAudited(release);
  const table = tableOf(release, tableId);
  return csvName(table.kind === "published" ? table.table : table);
}

function csvName({ id, name }: { readonly id: string; readonly name: string }): string {
  return `${id}_${name}.csv`;
}

/**
 * One table for programs: every cell with its totals in long form, ";" as separator, UTF-8 with BOM, CRLF, decimal comma.
 * A withheld or missing table has the header row only.
 *
 * @throws {TypeError} if the release was not audited. @throws {RangeError} if it has no such table.
 */
export function tableCsv(release: AuditedRelease, tableId: string): string {
  checkAudited(release);
  const table = tableOf(release, tableId);
  const lines = [longHeader(dimensionsOf(table)).join(";")];
  if (table.kind === "published") {
    for (const cell of releasedCells(table.table)) {
      const decimals = cell.measure.kind === "money" ? 2 : undefined;
      const row = longRow(dimensionsOf(table), cell);
      lines.push(row.map((value) => field(value, decimals)).join(";"));
    }
  }
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

function tableOf(release: AuditedRelease, tableId: string): AuditedTable {
  const table = release.tables.find(
    (candidate) => (candidate.kind === "published" ? candidate.table.id : candidate.id) === tableId,
  );
  if (table === undefined) {
    throw new RangeError("Cannot write a table: the release must have it");
  }
  return table;
}

export function dimensionsOf(table: AuditedTable): readonly DimensionId[] {
  switch (table.kind) {
    case "published":
      return table.table.dimensions.map((dimension) => dimension.id);
    case "withheld":
    case "missing":
      return table.dimensions;
    default:
      return refuseUnknown(table, "table of a release");
  }
}

/** The columns of the long form, the same for every week, whatever the treatment. */
export function longHeader(dimensions: readonly DimensionId[]): readonly string[] {
  return [
    ...dimensions.flatMap((id) => (id === "raum" ? [`${id}_code`, id, `${id}_ebene`] : [`${id}_code`, id])),
    "merkmal",
    "wert",
    "status",
  ];
}

/** One cell in the long form; `wert` is absent unless the number is published. */
export function longRow(dimensions: readonly DimensionId[], cell: ReleasedCell): readonly Field[] {
  const places = cell.categories.flatMap(({ code, label, level }, index) => {
    const named = [printable(code), printable(label)];
    return dimensions[index] === "raum" ? [...named, level ?? ""] : named;
  });
  const value = hasNumber(cell) ? cell.value : undefined;
  return [...places, cell.measure.id, value, statusOf(cell.state)];
}

/** Text that no program takes for a formula. */
function plainText(value: string): string {
  return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
}

/** A number is never escaped, so that a negative one stays a number; text never starts like a formula. */
function field(value: Field, decimals?: number): string {
  if (value === undefined) {
    return "";
  }
  if (typeof value === "number") {
    return (decimals === undefined ? String(value) : value.toFixed(decimals)).replace(".", ",");
  }
  const safe = plainText(value);
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
