import { app, type HttpRequest, type InvocationContext, output, type Timer } from "@azure/functions";
import { ResourceFactoryResolver } from "@azure/functions-extensions-base";
import { ManagedIdentityCredential } from "@azure/identity";
import { BlobClient, BlobServiceClient } from "@azure/storage-blob";

/** A small application with one function of every kind. What a function did becomes a message in the queue `results`. */
const connection = "Data";
const results = output.storageQueue({ queueName: "results", connection });

ResourceFactoryResolver.getInstance().registerResourceFactory("AzureStorageBlobs", (data) => {
  const content = Array.isArray(data) ? data[0]?.content : data.content;
  const { ContainerName, BlobName } = JSON.parse(String(content));
  return storage().getContainerClient(ContainerName).getBlobClient(BlobName);
});

function storage(): BlobServiceClient {
  return BlobServiceClient.fromConnectionString(process.env["Data"] ?? "");
}

app.storageBlob("readBlob", {
  path: "inbox/{folder}/{name}.csv",
  connection,
  source: "EventGrid",
  sdkBinding: true,
  extraOutputs: [results],
  async handler(blob: unknown, context: InvocationContext) {
    if (!(blob instanceof BlobClient)) throw new TypeError("The input must be a client");
    if (blob.name.includes("broken")) throw new Error("This blob is broken");
    let bytes = 0;
    const { readableStreamBody } = await blob.download();
    for await (const chunk of readableStreamBody ?? []) bytes += chunk.length;
    const { blobTrigger, folder } = context.triggerMetadata ?? {};
    context.extraOutputs.set(results, { kind: "blob", name: blobTrigger, folder, bytes });
  },
});

app.storageBlob("readBytes", {
  path: "whole/{name}",
  connection,
  return: results,
  handler: (bytes) => ({
    kind: "bytes",
    isBuffer: Buffer.isBuffer(bytes),
    length: Buffer.byteLength(String(bytes)),
  }),
});

app.storageQueue("work", {
  queueName: "work",
  connection,
  return: results,
  async handler(message: unknown, context: InvocationContext) {
    const count = context.triggerMetadata?.["dequeueCount"];
    if (message === "fail") throw new Error("This message fails");
    if (message === "hang") await waitForBlob("gates", "open");
    return { kind: "queue", message, count };
  },
});

async function waitForBlob(container: string, name: string): Promise<void> {
  const gate = storage().getContainerClient(container);
  await gate.createIfNotExists();
  await gate.getBlockBlobClient("reached").upload("", 0);
  while (!(await gate.getBlobClient(name).exists())) await new Promise((resolve) => setTimeout(resolve, 50));
}

app.timer("tick", {
  schedule: "%TICK_SCHEDULE%",
  return: results,
  handler: (timer: Timer) => ({ kind: "timer", isPastDue: timer.isPastDue }),
});

app.http("echo", {
  route: "echo/{id}",
  methods: ["GET", "POST"],
  authLevel: "anonymous",
  async handler(request: HttpRequest) {
    const principal = request.headers.get("x-ms-client-principal");
    return {
      jsonBody: {
        id: request.params["id"],
        query: request.query.get("q"),
        body: await request.text(),
        user: request.user?.username,
        userType: request.user?.type,
        roles: principal === null ? undefined : rolesOf(principal),
        secret: request.headers.get("x-local-secret"),
        now: process.env["REFERENCE_NOW"],
      },
      cookies: [{ name: "seen", value: "yes", httpOnly: true, sameSite: "Strict", path: "/" }],
    };
  },
});

function rolesOf(principal: string): readonly string[] {
  const { claims } = JSON.parse(Buffer.from(principal, "base64").toString());
  return claims.filter((one: { typ: string }) => one.typ === "roles").map((one: { val: string }) => one.val);
}

app.http("keyed", {
  route: "keyed",
  methods: ["GET"],
  authLevel: "function",
  handler: () => ({ body: "keyed" }),
});
app.http("admin", {
  route: "admin-only",
  methods: ["GET"],
  authLevel: "admin",
  handler: () => ({ body: "admin" }),
});
app.http("throws", {
  route: "throws",
  methods: ["GET"],
  authLevel: "anonymous",
  handler() {
    throw new Error("This function throws");
  },
});

app.http("token", {
  route: "token",
  methods: ["GET"],
  authLevel: "anonymous",
  async handler(request: HttpRequest) {
    const resource = request.query.get("resource") ?? "";
    const { token } = await new ManagedIdentityCredential().getToken(`${resource}/.default`);
    return { body: token };
  },
});
