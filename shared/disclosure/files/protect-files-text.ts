import Papa from "papaparse";

/** A row as it is published: a value, or why there is none. */
export type ProtectedRow = {
  readonly codes: readonly string[];
  readonly status: "" | "c" | "rnd";
  readonly value: number | undefined;
  /** True: the count itself is a small one. */
  readonly isPrimary: boolean;
};

export type ProtectedFile = {
  readonly name: string;
  readonly dimensions: readonly string[];
  /** None where the table is withheld. */
  readonly rows: readonly ProtectedRow[];
};

/** CSV with the separator ";": the dimensions under the names of the input, then `wert`, `status`, `primary`. */
export function protectedText({ dimensions, rows }: ProtectedFile): string {
  const lines = rows.map(({ codes, status, value, isPrimary }) => [
    ...codes,
    value ?? "",
    status,
    isPrimary ? 1 : 0,
  ]);
  const header = [...dimensions, "wert", "status", "primary"];
  return `${Papa.unparse([header, ...lines], { delimiter: ";", newline: "\n" })}\n`;
}
