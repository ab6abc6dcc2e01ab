import { readFile } from "node:fs/promises";
import { z } from "zod";

/** A .NET time span `[d.]hh:mm:ss[.fffffff]` or milliseconds; result in milliseconds. */
const timeSpan = z.union([
  z.number().nonnegative(),
  z
    .string()
    .regex(/^(?:\d+\.)?\d{1,2}:\d{2}:\d{2}(?:\.\d{1,7})?$/)
    .transform(millisecondsOf),
]);

const hostFileSchema = z.object({
  version: z.literal("2.0"),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default("api") }).prefault({}),
      blobs: z
        .object({
          maxDegreeOfParallelism: z.int().positive().default(8),
          poisonBlobThreshold: z.int().positive().default(5),
        })
        .prefault({}),
      queues: z
        .object({
          batchSize: z.int().min(1).max(32).default(16),
          newBatchThreshold: z.int().nonnegative().optional(),
          maxDequeueCount: z.int().positive().default(5),
          visibilityTimeout: timeSpan.default(0),
          maxPollingInterval: timeSpan.default(60_000),
          messageEncoding: z.enum(["base64", "none"]).default("base64"),
        })
        .prefault({}),
    })
    .prefault({}),
});

/** The parts of host.json that this host acts on; times in milliseconds, defaults as in Azure. */
export type HostFile = z.output<typeof hostFileSchema>;

/** @throws {SyntaxError} naming the place, if host.json is missing or not as declared. */
export async function readHostFile(path: string): Promise<HostFile> {
  const content = await parseFile(path);
  const parsed = hostFileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map((issue) => issue.path.join("."));
  throw new SyntaxError(`Cannot read host.json: ${places.join(", ")} must be as documented`);
}

async function parseFile(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new SyntaxError("Cannot read host.json: it must lie in the app directory and be JSON", {
      cause: error,
    });
  }
}

function millisecondsOf(text: string): number {
  const [days, time] = text.includes(":") && /^\d+\./.test(text) ? splitDays(text) : ["0", text];
  const [hours = "0", minutes = "0", seconds = "0"] = time.split(":");
  return (
    Number(days) * 86_400_000 +
    Number(hours) * 3_600_000 +
    Number(minutes) * 60_000 +
    Math.round(Number(seconds) * 1_000)
  );
}

function splitDays(text: string): [string, string] {
  const dot = text.indexOf(".");
  return [text.slice(0, dot), text.slice(dot + 1)];
}
