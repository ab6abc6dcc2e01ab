import { noDate, noMonth } from "./record-block.ts";
import { FileRefused } from "./source-table.ts";

/**
 * A row names another Stichtag or month than the name of its file: the whole delivery is refused. A row without a
 * readable one (`noDate`, `noMonth`) has its own finding.
 *
 * @throws {FileRefused} D-008
 */
export function checkReference(found: number, wanted: number, beispiel: string): void {
  if (found === wanted || found === noDate || found === noMonth) return;
  throw new FileRefused({ code: "D-008", facts: { beispiel } });
}
