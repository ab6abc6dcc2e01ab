import { refuseUnknown } from "../registers/refuse-unknown.ts";
import { type CellState, cellStates } from "../tables/table.ts";

/** What people read on sheets in place of a number, in the order of legends (GENESIS signs of the statistical offices). */
export const signs = {
  "–": "genau null",
  "0": "null oder auf null gerundet",
  ".": "geheim zu halten",
  "…": "Angabe fällt später an oder liegt nicht vor",
  x: "Angabe nicht sinnvoll",
} as const;
export type Sign = keyof typeof signs;

/** What programs read in the column `status`. */
export type StatusCode = "" | "c" | "rnd" | "h" | "x" | "z";

/** @throws {TypeError} if the state is none of the declared ones. */
export function cellState(state: number | undefined): CellState {
  const known = cellStates[state ?? -1];
  if (known === undefined) {
    throw new TypeError("Cannot write a cell: its state must be one of the declared ones");
  }
  return known;
}

/** The false friends: the sign "x" (makes no sense) is the code "z", the code "x" (not available) is the sign "…". */
export function statusOf(state: CellState): StatusCode {
  switch (state) {
    case "value":
      return "";
    case "confidential":
      return "c";
    case "rounded":
      return "rnd";
    case "held":
      return "h";
    case "unavailable":
      return "x";
    case "impossible":
      return "z";
    default:
      return refuseUnknown(state, "status of a cell");
  }
}

/** The sign that stands on a sheet, or nothing where the number itself stands. Zeros of a rounded table stay the number 0. */
export function signOf(state: CellState, value: number): Exclude<Sign, "0"> | undefined {
  switch (state) {
    case "value":
      return value === 0 ? "–" : undefined;
    case "rounded":
    case "held":
      return undefined;
    case "confidential":
      return ".";
    case "unavailable":
      return "…";
    case "impossible":
      return "x";
    default:
      return refuseUnknown(state, "sign of a cell");
  }
}

/** What a legend must explain of a cell: its sign, or a zero that may be a rounded one. */
export function explainedSign(state: CellState, value: number): Sign | undefined {
  const isRounded = state === "rounded" || state === "held";
  return isRounded && value === 0 ? "0" : signOf(state, value);
}
