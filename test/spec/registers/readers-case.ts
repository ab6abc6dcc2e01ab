import { openTable } from "../../../shared/registers/read-table.ts";
import type { ColumnSpec, FileFinding } from "../../../shared/registers/register.ts";
import type { FileSource } from "../../../shared/registers/source.ts";
import {
  FileRefused,
  type OpenTable,
  type SourceRow,
  type TableWanted,
} from "../../../shared/registers/source-table.ts";

/** A column for tests: "Name" is filled, "Name?" optional, "Name!" dropped; `A|B` one of both. */
function columnsOf(names: string): ColumnSpec[] {
  return names.split(" ").map((text) => {
    const name = text.replace(/[?!]$/, "");
    const required = text.endsWith("?") || text.endsWith("!") ? "optional" : "filled";
    return {
      name,
      aliases: [],
      value: { kind: "text" },
      required,
      disposition: text.endsWith("!") ? "D" : "K",
    };
  });
}

export function wantedOf(names: string, more: Partial<TableWanted> = {}): TableWanted {
  return { columns: columnsOf(names), aliases: {}, ...more };
}

/** A delivered file; `chunkLength` cuts it into chunks of that many bytes. */
export function fileOf(content: string | Uint8Array, name = "EWO.csv", chunkLength?: number): FileSource {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    name,
    byteLength: bytes.length,
    async *chunks() {
      const length = chunkLength ?? bytes.length;
      for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
    },
  };
}

export type ReadFile = {
  readonly table?: OpenTable;
  readonly rows: readonly SourceRow[];
  readonly findings: readonly FileFinding[];
};

/** Opens a file and reads it to its end; what refuses it on the way stands in `findings`. */
export async function readFile(source: FileSource, wanted: TableWanted): Promise<ReadFile> {
  const table = await openTable(source, wanted);
  if (table.kind === "refused") return { rows: [], findings: table.findings };
  const rows: SourceRow[] = [];
  try {
    for await (const batch of table.rows()) rows.push(...batch);
  } catch (error) {
    if (error instanceof FileRefused) return { table, rows, findings: [error.finding] };
    throw error;
  }
  return { table, rows, findings: [] };
}

export function codesOf(findings: readonly FileFinding[] | undefined): string[] {
  return (findings ?? []).map((finding) => finding.code);
}

/** Rows as a person writes them down: "line: a|b" or "line: E-001". */
export function shownRows(rows: readonly SourceRow[]): string[] {
  return rows.map(({ line, fields, defect }) => `${line}: ${defect?.code ?? fields.join("|")}`);
}
