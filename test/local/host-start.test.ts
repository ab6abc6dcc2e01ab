import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build } from "../../local/build.ts";
import { keepGoing } from "../../local/host/keep-going.ts";
import { decodeMessage, encodeMessage } from "../../local/host/queue-text.ts";
import { nextOccurrence, parseSchedule } from "../../local/host/schedule.ts";
import { startHost } from "../../local/host/start-host.ts";

const unusedStorage = "UseDevelopmentStorage=true";

describe("startHost()", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "host-start-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  async function appWith(files: Record<string, string>): Promise<string> {
    const app = await mkdtemp(join(directory, "app-"));
    const all = {
      "package.json": JSON.stringify({ type: "module", main: "main.js" }),
      "host.json": JSON.stringify({ version: "2.0" }),
      ...files,
    };
    for (const [name, content] of Object.entries(all)) await writeFile(join(app, name), content);
    return app;
  }
  const start = async (files: Record<string, string>) =>
    startHost({ app: await appWith(files), connectionString: unusedStorage, show: () => undefined });

  it.each([
    ["the entry point is missing", {}, /entry point "main.js" must exist/],
    ["the entry point throws", { "main.js": "throw new Error('no')" }, /entry point "main.js" must load: no/],
    ["nothing is registered", { "main.js": "" }, /"main.js" must register at least one function/],
    ["host.json is not JSON", { "main.js": "", "host.json": "{" }, /Cannot read host.json/],
    [
      "host.json has a wrong value",
      { "main.js": "", "host.json": '{"version":"2.0","extensions":{"queues":{"batchSize":99}}}' },
      /extensions.queues.batchSize/,
    ],
  ])("fails when %s", async (_, files, message) => {
    await expect(start(files)).rejects.toThrow(message);
  });

  it("fails when the port is taken", async () => {
    const { createServer } = await import("node:http");
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const app = await appWith({ "main.js": "" });
    const taken = startHost({ app, port, connectionString: unusedStorage, show: () => undefined });
    await expect(taken).rejects.toThrow(`port ${port} must be free`);
    server.close();
  });

  it.each([
    [
      "a setting of a schedule is not set",
      'app.timer("t", { schedule: "%NO_SUCH%", handler() {} })',
      /"NO_SUCH" must be set/,
    ],
    ["a schedule is wrong", 'app.timer("t", { schedule: "0 99 * * * *", handler() {} })', /field minute/],
    [
      "a connection is not set",
      'app.storageQueue("q", { queueName: "abc", connection: "NoSuch", handler() {} })',
      /"NoSuch" must hold a connection string/,
    ],
    [
      "a trigger is unknown",
      'app.cosmosDB("c", { connection: "X", databaseName: "d", containerName: "c", handler() {} })',
      /trigger must be a known one/,
    ],
    [
      "an output is unknown",
      'app.timer("t", { schedule: "0 0 0 1 1 *", return: output.storageBlob({ path: "a/b", connection: "X" }), handler() {} })',
      /output binding must be one of/,
    ],
  ])("fails when %s", async (_, code, message) => {
    const source = await mkdtemp(join(directory, "source-"));
    const entry = join(source, "main.ts");
    await writeFile(entry, `import { app, output } from "@azure/functions"; void output; ${code};`);
    const app = await build({ entry, outDirectory: join(source, "out") });
    const started = startHost({ app, connectionString: unusedStorage, show: () => undefined });
    await expect(started).rejects.toThrow(message);
  });
});

describe("build()", () => {
  it("fails naming the entry point that is missing", async () => {
    await expect(build({ entry: "functions/no-such.ts" })).rejects.toThrow('"no-such.ts" must exist');
  });
});

describe("nextOccurrence()", () => {
  it.each([
    ["0 0 * * * *", "2026-11-24T21:31:58Z", "2026-11-24T22:00:00.000Z"],
    ["0 0 * * * *", "2026-11-24T22:00:00Z", "2026-11-24T23:00:00.000Z"],
    ["*/5 * * * * *", "2026-11-24T21:31:58Z", "2026-11-24T21:32:00.000Z"],
    ["0 30 9-17/2 * * MON-FRI", "2026-11-27T17:30:00Z", "2026-11-30T09:30:00.000Z"],
    ["15 0,30 6 1 JAN,JUL *", "2026-11-24T00:00:00Z", "2027-01-01T06:00:15.000Z"],
    ["0 5/20 * * * *", "2026-11-24T21:26:00Z", "2026-11-24T21:45:00.000Z"],
    ["0 0 0 29 2 *", "2026-11-24T00:00:00Z", "2028-02-29T00:00:00.000Z"],
  ])("of %s after %s is %s", (text, after, expected) => {
    expect(nextOccurrence(parseSchedule(text), new Date(after)).toISOString()).toBe(expected);
  });

  it("refuses a day that never comes", () => {
    expect(() => nextOccurrence(parseSchedule("0 0 0 30 2 *"), new Date(0))).toThrow(RangeError);
  });

  it.each(["0 * * * *", "60 * * * * *", "0 0 0 0 * *", "0 5-1 * * * *", "0 */0 * * * *", "0 0 0 * * XYZ"])(
    "refuses %s",
    (text) => {
      expect(() => parseSchedule(text)).toThrow(SyntaxError);
    },
  );
});

describe("decodeMessage()", () => {
  it.each(["", "a", "ä ö ü €", '{"id":1}'])("reads what encodeMessage() wrote of %j", (text) => {
    expect(decodeMessage(encodeMessage(text))).toBe(text);
  });
  it.each(["abc", "plain text", "{}", "////"])("refuses %j", (text) => {
    expect(decodeMessage(text)).toBeUndefined();
  });
});

describe("keepGoing()", () => {
  it("logs a step that failed and repeats it", async () => {
    const stopping = new AbortController();
    const lines: string[] = [];
    const log = {
      write: (line: { message: string }) => void lines.push(line.message),
      close: () => undefined,
    };
    let calls = 0;
    await keepGoing({ signal: stopping.signal, log, retryMs: 0 }, "queue", async () => {
      calls += 1;
      if (calls < 3)
        throw Object.assign(new Error("secret content"), { statusCode: 503, code: "ServerBusy" });
      stopping.abort();
    });
    expect([calls, lines]).toEqual([
      3,
      [
        "queue: storage answered 503 ServerBusy; tried again",
        "queue: storage answered 503 ServerBusy; tried again",
      ],
    ]);
  });
});
