import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { type GraphCall, GraphRefusal, type GraphReply, invalid, notFound } from "./graph-call.ts";
import { readJsonFile, writeWhole } from "./json-file.ts";

/** How the ranges of a session are judged, and what becomes of the whole. Drive and mail differ. */
export type SessionRules<Target> = {
  readonly largestRange: number;
  /** Every range but the last is a multiple of this. */
  readonly multipleOf: number;
  /** Ends an open range as `nextExpectedRanges` shows it: "26-" for drives, "26" for mail. */
  readonly openRange: (next: number) => string;
  readonly progressStatus: number;
  complete(target: Target, bytes: Buffer): GraphReply;
};

type Range = { readonly first: number; readonly last: number; readonly total: number };

const rangePattern = /^bytes (\d+)-(\d+)\/(\d+)$/;

/** Unfinished uploads, kept on disk so that they survive a restart of the stand-in. */
export class UploadSessions<Schema extends z.ZodObject> {
  readonly #directory: string;
  readonly #schema: Schema;
  readonly #rules: SessionRules<z.output<Schema>>;

  constructor(directory: string, schema: Schema, rules: SessionRules<z.output<Schema>>) {
    mkdirSync(directory, { recursive: true });
    this.#directory = directory;
    this.#schema = schema;
    this.#rules = rules;
  }

  /** @returns the secret name of the session, part of its URL. */
  open(target: z.input<Schema>): string {
    const name = randomBytes(24).toString("hex");
    writeFileSync(this.#partFile(name), "");
    writeWhole(this.#targetFile(name), JSON.stringify(target));
    return name;
  }

  /** The protocol of an upload URL: PUT ranges, GET progress, DELETE to cancel. */
  serve(name: string, call: GraphCall): GraphReply {
    const target = /^[\da-f]{48}$/.test(name)
      ? readJsonFile(this.#targetFile(name), this.#schema)
      : undefined;
    if (target === undefined || !existsSync(this.#partFile(name))) throw notFound();
    if (call.headers["authorization"] !== undefined) {
      throw new GraphRefusal(401, "unauthenticated", "The upload URL must be called without a token");
    }
    switch (call.method) {
      case "GET":
        return { status: 200, json: this.#progress(name) };
      case "DELETE":
        this.#remove(name);
        return { status: 204 };
      case "PUT":
        return this.#put(name, target, call);
      default:
        throw new GraphRefusal(405, "notAllowed", "The upload URL takes PUT, GET and DELETE");
    }
  }

  #put(name: string, target: z.output<Schema>, call: GraphCall): GraphReply {
    const range = readRange(call);
    const received = this.#received(name);
    this.#checkRange(range, call.body.length, received);
    if (range.first !== received) {
      throw new GraphRefusal(416, "invalidRange", "The range must be the next one expected");
    }
    appendFileSync(this.#partFile(name), call.body);
    if (range.last + 1 < range.total) {
      return { status: this.#rules.progressStatus, json: this.#progress(name) };
    }
    return this.#finish(name, target, received);
  }

  /** A refused end takes the last range back, so that the caller may try again or cancel. */
  #finish(name: string, target: z.output<Schema>, receivedBefore: number): GraphReply {
    try {
      const reply = this.#rules.complete(target, readFileSync(this.#partFile(name)));
      this.#remove(name);
      return reply;
    } catch (error) {
      truncateSync(this.#partFile(name), receivedBefore);
      throw error;
    }
  }

  #checkRange(range: Range, length: number, received: number): void {
    const { largestRange, multipleOf } = this.#rules;
    const isLast = range.last + 1 === range.total;
    if (range.last - range.first + 1 !== length || range.last >= range.total) {
      throw invalid("Content-Range must agree with the length of the body");
    }
    if (length >= largestRange) {
      throw new GraphRefusal(413, "requestEntityTooLarge", `A range must be below ${largestRange} bytes`);
    }
    if (!isLast && (length % multipleOf !== 0 || received % multipleOf !== 0)) {
      throw invalid(`A range must be a multiple of ${multipleOf} bytes`);
    }
  }

  #progress(name: string): object {
    return {
      expirationDateTime: "2099-12-31T23:59:59Z",
      nextExpectedRanges: [this.#rules.openRange(this.#received(name))],
    };
  }

  #received(name: string): number {
    return statSync(this.#partFile(name)).size;
  }

  #remove(name: string): void {
    rmSync(this.#targetFile(name), { force: true });
    rmSync(this.#partFile(name), { force: true });
  }

  #targetFile(name: string): string {
    return join(this.#directory, `${name}.json`);
  }

  #partFile(name: string): string {
    return join(this.#directory, `${name}.part`);
  }
}

function readRange(call: GraphCall): Range {
  const found = rangePattern.exec(call.headers["content-range"] ?? "");
  if (found === null) throw invalid("Content-Range must be given as bytes first-last/total");
  return { first: Number(found[1]), last: Number(found[2]), total: Number(found[3]) };
}
