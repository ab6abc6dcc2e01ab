import { refuseUnknown } from "../../registers/refuse-unknown.ts";
import type { ShownCell } from "../known-table.ts";

/** Signs of the states in released files; `u` stands in none, nobody shows such a cell. */
const signs: ReadonlyMap<string, ShownCell> = new Map<string, ShownCell>([
  ["c", { kind: "suppressed" }],
  ["x", { kind: "absent" }],
  ["u", { kind: "unpublished" }],
]);

/** Cells in short: 12 is exact, "r12" rounded, "h12" held, "c" suppressed, "x" absent, "u" unpublished. */
export function cellTexts(cells: readonly ShownCell[]): readonly (number | string)[] {
  return cells.map(cellText);
}

function cellText(cell: ShownCell): number | string {
  switch (cell.kind) {
    case "exact":
      return cell.value;
    case "rounded":
      return `r${cell.value}`;
    case "held":
      return `h${cell.value}`;
    case "suppressed":
      return "c";
    case "absent":
      return "x";
    case "unpublished":
      return "u";
    default:
      return refuseUnknown(cell, "cell of the ledger");
  }
}

/** Whether every element is one that {@link cellTexts} writes. */
export function isCellTexts(value: unknown): value is readonly (number | string)[] {
  return Array.isArray(value) && value.every(isCellText);
}

function isCellText(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value === "string" && (signs.has(value) || /^[rh]-?\d{1,15}(\.\d{1,10})?$/.test(value));
}

/** @param texts must have passed {@link isCellTexts}. */
export function cellsIn(texts: readonly (number | string)[]): readonly ShownCell[] {
  return texts.map((text): ShownCell => {
    if (typeof text === "number") return { kind: "exact", value: text };
    const value = Number(text.slice(1));
    return signs.get(text) ?? { kind: text.startsWith("r") ? "rounded" : "held", value };
  });
}
