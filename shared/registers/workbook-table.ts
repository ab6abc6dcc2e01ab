import type { FileSource } from "./source.ts";
import { FileRefused, type OpenTable, type Refused, type TableWanted } from "./source-table.ts";

export function openWorkbook(_source: FileSource, _wanted: TableWanted): Promise<OpenTable | Refused> {
  throw new FileRefused({ code: "D-003", facts: { art: "XLSX" } });
}
