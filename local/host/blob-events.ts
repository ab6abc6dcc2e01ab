import { z } from "zod";
import { noticeFor, queueNotice } from "./blob-notice.ts";
import { blobSourceOf } from "./blob-source.ts";
import type { RegisteredFunction } from "./core-types.ts";
import type { HostContext } from "./host-context.ts";
import { jsonReply, type Reply } from "./http-tools.ts";
import { statusOf } from "./keep-going.ts";

/** Where Event Grid delivers in Azure. Here it lets a test deliver an event twice, late or out of order. */
export const blobEventPath = "/runtime/webhooks/blobs";

const eventsSchema = z.array(
  z.object({
    eventType: z.string(),
    subject: z.string().default(""),
    data: z.object({ validationCode: z.string().optional() }).default({}),
  }),
);

const subjectPattern = /^\/blobServices\/default\/containers\/([^/]+)\/blobs\/(.+)$/s;

/** Takes events as Event Grid sends them. No receipt is looked at: an event that comes twice runs the function twice. */
export async function takeBlobEvents(
  host: HostContext,
  fn: RegisteredFunction,
  body: string,
): Promise<Reply> {
  const events = parseEvents(body);
  if (events === undefined) return { status: 400 };
  for (const event of events) {
    if (event.eventType === "Microsoft.EventGrid.SubscriptionValidationEvent") {
      return jsonReply(200, { validationResponse: event.data.validationCode });
    }
    if (event.eventType === "Microsoft.Storage.BlobCreated") await takeEvent(host, fn, event.subject);
  }
  return { status: 202 };
}

function parseEvents(body: string): z.infer<typeof eventsSchema> | undefined {
  try {
    return eventsSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

async function takeEvent(host: HostContext, fn: RegisteredFunction, subject: string): Promise<void> {
  const source = blobSourceOf(fn);
  const [, container, blobName = ""] = subjectPattern.exec(subject) ?? [];
  if (container !== source.container.containerName || source.match(blobName) === undefined) return;
  try {
    const { etag = "" } = await source.container.getBlobClient(blobName).getProperties();
    await queueNotice(host.hostId, noticeFor(source, blobName, etag));
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}
