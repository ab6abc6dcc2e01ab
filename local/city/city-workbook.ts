import type { Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import ExcelJS from "exceljs";

const zipEpoch = new Date(Date.UTC(1980, 0, 1));

type Append = (source: unknown, data: { readonly name: string }) => unknown;

/** A department's workbook, written row by row; the same rows give the same bytes. */
export class CityWorkbook extends ExcelJS.stream.xlsx.WorkbookWriter {
  readonly #output: Writable;

  constructor(output: Writable) {
    super({ stream: output, useStyles: false, useSharedStrings: false, zip: { zlib: { level: 1 } } });
    this.#output = output;
    this.created = zipEpoch;
    this.modified = zipEpoch;
    this.creator = "Fachverfahren";
    this.lastModifiedBy = "Fachverfahren";
  }

  /** Called by the base constructor before anything is in the zip: the last chance to fix every entry's time. */
  override addThemes(): Promise<void> {
    // The published types leave `zip` out; the version is pinned.
    const { zip } = this as unknown as { zip: { append: Append } };
    const append = zip.append.bind(zip);
    zip.append = (source, data) => append(source, { ...data, ...{ date: zipEpoch } });
    return super.addThemes();
  }

  /** Lets the file take what was written so far. */
  async drained(): Promise<void> {
    await setImmediate();
    while (this.#output.writableNeedDrain) await setImmediate();
  }
}
