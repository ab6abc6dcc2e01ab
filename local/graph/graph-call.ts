import type { z } from "zod";

/** One request to the stand-in; `segments` are decoded only where they are used, because names may hold any character. */
export type GraphCall = {
  readonly method: string;
  /** Still encoded, without version and query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
};

export type GraphReply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: object;
  readonly bytes?: Uint8Array;
};

/** What Graph answers with its error shape. */
export class GraphRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    options: { retryAfterSeconds?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "GraphRefusal";
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

export function invalid(message: string, cause?: unknown): GraphRefusal {
  return new GraphRefusal(400, "invalidRequest", message, { cause });
}

export function notFound(): GraphRefusal {
  return new GraphRefusal(404, "itemNotFound", "The resource could not be found");
}

/** @throws {GraphRefusal} 400, naming the members that are unknown or wrong. */
export function readJson<Schema extends z.ZodType>(call: GraphCall, schema: Schema): z.output<Schema> {
  if (!(call.headers["content-type"] ?? "").startsWith("application/json")) {
    throw new GraphRefusal(415, "unsupportedMediaType", "The content type must be application/json");
  }
  const parsed = schema.safeParse(parse(call.body));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map((issue) => [...issue.path, ...unknownKeys(issue)].join("."));
  throw invalid(`These members must be as documented: ${places.join(", ")}`);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw invalid("The body must be JSON", cause);
  }
}

function unknownKeys(issue: z.core.$ZodIssue): readonly string[] {
  return issue.code === "unrecognized_keys" ? issue.keys : [];
}

/** @throws {GraphRefusal} 400 for an option of the query that this stand-in does not act on. */
export function checkQuery(call: GraphCall, known: readonly string[]): void {
  for (const name of call.query.keys()) {
    if (!known.includes(name)) throw invalid(`The query option ${name} must be one the stand-in knows`);
  }
}

/** The members named by `$select`, everything without one. */
export function select(call: GraphCall, value: object): object {
  const wanted = call.query.get("$select");
  if (wanted === null) return value;
  const names = new Set(wanted.split(",").map((name) => name.trim()));
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.has(name)));
}

export function decodeSegment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw invalid("The address must be encoded as UTF-8", cause);
  }
}
