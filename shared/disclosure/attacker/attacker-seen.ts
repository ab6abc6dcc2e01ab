import { type Ends, numberAt } from "./attacker-check.ts";

/** The least and the most that every cell has had in a possible table found so far. */
export type Seen = { readonly low: Float64Array; readonly high: Float64Array };

export function nothingSeen(cells: number): Seen {
  return { low: new Float64Array(cells).fill(Infinity), high: new Float64Array(cells).fill(-Infinity) };
}

export function see({ low, high }: Seen, cell: number, count: number): void {
  low[cell] = Math.min(numberAt(low, cell), count);
  high[cell] = Math.max(numberAt(high, cell), count);
}

export function endsAt({ low, high }: Seen, cell: number): Ends {
  return { low: numberAt(low, cell), high: numberAt(high, cell) };
}
