import { PassThrough } from "node:stream";

const partBufferBytes = 65_536;

/** A part on its way into the zip, with back pressure, which exceljs's own buffer does not know. */
export class PartStream extends PassThrough {
  #pending = "";

  constructor() {
    super({ readableHighWaterMark: 2 * partBufferBytes, writableHighWaterMark: 2 * partBufferBytes });
  }

  /** Takes text, or exceljs's text buffer; hands on large pieces only, since each costs a call of the compressor. */
  override write(chunk: string | { toBuffer(): Buffer }): boolean {
    this.#pending += typeof chunk === "string" ? chunk : chunk.toBuffer().toString("utf8");
    return this.#pending.length < partBufferBytes || this.#flush();
  }

  override end(): this {
    this.#flush();
    return super.end();
  }

  #flush(): boolean {
    const text = this.#pending;
    this.#pending = "";
    return text === "" || super.write(text, "utf8");
  }

  /** Resolves when the zip has taken most of what was written. */
  async ready(): Promise<void> {
    while (this.writableNeedDrain) {
      await new Promise<void>((resolve) => this.once("drain", resolve));
    }
  }
}
