/** The bytes of one delivered file. `chunks()` may be called several times and always yields the same bytes. */
export type FileSource = {
  /** Name as delivered, without folders. */
  readonly name: string;
  readonly byteLength: number;
  chunks(): AsyncIterable<Uint8Array>;
};
