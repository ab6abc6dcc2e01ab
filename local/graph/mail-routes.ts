import { z } from "zod";
import {
  checkQuery,
  decodeSegment,
  type GraphCall,
  GraphRefusal,
  type GraphReply,
  invalid,
  readJson,
  select,
} from "./graph-call.ts";
import type { MailStore, StoredMessage } from "./mail-store.ts";
import { messageSchema } from "./message.ts";
import { UploadSessions } from "./upload-sessions.ts";

export type Mail = {
  /** The one mailbox the application may use. */
  readonly mailbox: string;
  readonly store: MailStore;
  readonly uploads: UploadSessions<typeof attachmentTargetSchema>;
  url(): string;
};

const attachmentTargetSchema = z.object({
  messageId: z.string(),
  name: z.string(),
  contentType: z.string(),
  size: z.int(),
});

const megabyte = 1_000_000;
/** Everything but an upload: a mail with its attachments in one request, too. */
export const largestRequest = 4 * megabyte;
const largestInlineAttachment = 3 * megabyte;
const largestAttachment = 150 * megabyte;
/** The tenant's limit of a whole message by default. */
const largestMessage = 35 * megabyte;

const fileAttachmentSchema = z.strictObject({
  "@odata.type": z.literal("#microsoft.graph.fileAttachment"),
  name: z.string().min(1),
  contentType: z.string().default("application/octet-stream"),
  contentBytes: z.base64(),
});
const withAttachmentsSchema = messageSchema.extend({
  attachments: z.array(fileAttachmentSchema).default([]),
});
const sendMailSchema = z.strictObject({
  message: withAttachmentsSchema,
  saveToSentItems: z.boolean().optional(),
});
const sessionSchema = z.strictObject({
  AttachmentItem: z.strictObject({
    attachmentType: z.literal("file"),
    name: z.string().min(1),
    size: z.int().positive(),
    contentType: z.string().default("application/octet-stream"),
  }),
});

const messagePattern =
  /^\/users\/([^/]+)\/messages\/([^/]+)(?:\/(attachments|attachments\/createUploadSession|send))?$/;
const folderPattern = /^\/users\/([^/]+)\/mailFolders\/(sentitems|drafts)\/messages$/i;
const mailboxPattern = /^\/users\/([^/]+)\/(messages|sendMail)$/;
const filterPattern = /^(subject|internetMessageId) eq '((?:[^']|'')*)'$/;

/** Undefined when the address is none of a mailbox. */
export function serveMail(mail: Mail, call: GraphCall): GraphReply | undefined {
  const folder = folderPattern.exec(call.path);
  if (folder !== null) return listFolder(mail, call, folder[1] ?? "", (folder[2] ?? "").toLowerCase());
  const ofMailbox = mailboxPattern.exec(call.path);
  if (ofMailbox !== null) {
    checkMailbox(mail, ofMailbox[1] ?? "");
    requireMethod(call, "POST");
    return ofMailbox[2] === "messages" ? createDraft(mail, call) : sendMail(mail, call);
  }
  const ofMessage = messagePattern.exec(call.path);
  if (ofMessage === null) return undefined;
  checkMailbox(mail, ofMessage[1] ?? "");
  return serveMessage(mail, call, decodeSegment(ofMessage[2] ?? ""), ofMessage[3] ?? "");
}

function serveMessage(mail: Mail, call: GraphCall, id: string, action: string): GraphReply {
  requireMethod(call, action === "" ? "GET" : "POST");
  switch (action) {
    case "":
      checkQuery(call, ["$select"]);
      return { status: 200, json: select(call, messageJson(findMessage(mail, call, id))) };
    case "attachments":
      return attach(mail, call, findDraft(mail, id));
    case "attachments/createUploadSession":
      return openAttachment(mail, call, findDraft(mail, id));
    default:
      return sendDraft(mail, findDraft(mail, id));
  }
}

function createDraft(mail: Mail, call: GraphCall): GraphReply {
  const { attachments, ...message } = readJson(call, withAttachmentsSchema);
  const draft = mail.store.create(mail.mailbox, message, wantsImmutableId(call));
  addAttachments(mail, draft, attachments);
  return { status: 201, json: messageJson(draft) };
}

function sendMail(mail: Mail, call: GraphCall): GraphReply {
  const { message } = readJson(call, sendMailSchema);
  const { attachments, ...rest } = message;
  checkRecipients(rest);
  const draft = mail.store.create(mail.mailbox, rest, false);
  mail.store.send(addAttachments(mail, draft, attachments));
  return { status: 202 };
}

function addAttachments(
  mail: Mail,
  draft: StoredMessage,
  attachments: readonly z.output<typeof fileAttachmentSchema>[],
): StoredMessage {
  for (const { name, contentType, contentBytes } of attachments) {
    const content = Buffer.from(contentBytes, "base64");
    mail.store.attach(mail.store.find(draft.id) ?? draft, { name, contentType, content });
  }
  return mail.store.find(draft.id) ?? draft;
}

function attach(mail: Mail, call: GraphCall, draft: StoredMessage): GraphReply {
  const { name, contentType, contentBytes } = readJson(call, fileAttachmentSchema);
  const content = Buffer.from(contentBytes, "base64");
  if (content.length > largestInlineAttachment) {
    throw new GraphRefusal(413, "RequestEntityTooLarge", "An attachment above 3 MB needs an upload session");
  }
  const stored = mail.store.attach(draft, { name, contentType, content });
  return { status: 201, json: { "@odata.type": "#microsoft.graph.fileAttachment", ...stored } };
}

function openAttachment(mail: Mail, call: GraphCall, draft: StoredMessage): GraphReply {
  const { AttachmentItem: item } = readJson(call, sessionSchema);
  if (item.size < largestInlineAttachment || item.size > largestAttachment) {
    throw new GraphRefusal(
      400,
      "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize",
      "The size must be 3 to 150 MB",
    );
  }
  const { name, contentType, size } = item;
  const session = mail.uploads.open({ messageId: draft.id, name, contentType, size });
  return {
    status: 201,
    json: {
      uploadUrl: `${mail.url()}/_upload/mail/${session}`,
      expirationDateTime: "2099-12-31T23:59:59Z",
      nextExpectedRanges: ["0-"],
    },
  };
}

/** Mail sessions know no multiples, take at most 4 MB, and name the next byte without a dash. */
export function openMailUploads(directory: string, mail: () => Mail): Mail["uploads"] {
  return new UploadSessions(directory, attachmentTargetSchema, {
    largestRange: largestRequest + 1,
    multipleOf: 1,
    openRange: String,
    progressStatus: 200,
    complete(target, content) {
      if (content.length !== target.size)
        throw invalid("The attachment must have the size it was announced with");
      const draft = findDraft(mail(), target.messageId);
      const { id } = mail().store.attach(draft, { ...target, content });
      const location = `${mail().url()}/v1.0/users/${draft.mailbox}/messages/${draft.id}/attachments/${id}`;
      return { status: 201, headers: { location } };
    },
  });
}

function sendDraft(mail: Mail, draft: StoredMessage): GraphReply {
  checkRecipients(draft.message);
  const size = draft.attachments.reduce((sum, one) => sum + one.size, 0);
  if (size > largestMessage) {
    throw new GraphRefusal(413, "ErrorMessageSizeExceeded", "The message must be at most 35 MB");
  }
  mail.store.send(draft);
  return { status: 202 };
}

function checkRecipients(message: z.output<typeof messageSchema>): void {
  const { toRecipients, ccRecipients, bccRecipients } = message;
  if (toRecipients.length + ccRecipients.length + bccRecipients.length === 0) {
    throw new GraphRefusal(400, "ErrorInvalidRecipients", "A message must have a recipient");
  }
}

function listFolder(mail: Mail, call: GraphCall, mailbox: string, folder: string): GraphReply {
  checkMailbox(mail, mailbox);
  requireMethod(call, "GET");
  checkQuery(call, ["$filter", "$select", "$top"]);
  const matches = readFilter(call.query.get("$filter"));
  const found = mail.store.all().filter((one) => one.isDraft === (folder === "drafts"));
  const value = found.map(messageJson).filter(matches);
  const top = Number(call.query.get("$top") ?? 10);
  return { status: 200, json: { value: value.slice(0, top).map((one) => select(call, one)) } };
}

function readFilter(text: string | null): (message: ReturnType<typeof messageJson>) => boolean {
  if (text === null) return () => true;
  const [, field, quoted = ""] = filterPattern.exec(text) ?? [];
  const wanted = quoted.replaceAll("''", "'");
  if (field === "subject") return (message) => message.subject === wanted;
  if (field === "internetMessageId") return (message) => message.internetMessageId === wanted;
  throw invalid("$filter must compare subject or internetMessageId");
}

/** Exchange lets an application use the mailboxes of its scope only. */
function checkMailbox(mail: Mail, encoded: string): void {
  if (decodeSegment(encoded).toLowerCase() !== mail.mailbox.toLowerCase()) {
    throw new GraphRefusal(403, "ErrorAccessDenied", "Access to this mailbox is denied");
  }
}

/** A message that was sent moves to another folder: only an immutable id still finds it there. */
function findMessage(mail: Mail, call: GraphCall, id: string): StoredMessage {
  const stored = mail.store.find(id);
  const isMoved =
    stored !== undefined && !stored.isDraft && !(stored.hasImmutableId && wantsImmutableId(call));
  if (stored === undefined || isMoved) throw messageNotFound();
  return stored;
}

function findDraft(mail: Mail, id: string): StoredMessage {
  const stored = mail.store.find(id);
  if (stored?.isDraft !== true) throw messageNotFound();
  return stored;
}

function messageNotFound(): GraphRefusal {
  return new GraphRefusal(404, "ErrorItemNotFound", "The specified object was not found in the store");
}

function wantsImmutableId(call: GraphCall): boolean {
  return /IdType="ImmutableId"/i.test(call.headers["prefer"] ?? "");
}

function requireMethod(call: GraphCall, method: string): void {
  if (call.method !== method) {
    throw new GraphRefusal(405, "ErrorInvalidRequest", "The stand-in does not know this method here");
  }
}

function messageJson(stored: StoredMessage) {
  const { importance = "normal", ...message } = stored.message;
  return {
    id: stored.id,
    ...message,
    importance,
    isDraft: stored.isDraft,
    hasAttachments: stored.attachments.length > 0,
    createdDateTime: stored.created,
    sentDateTime: stored.sent,
    internetMessageId: `<${stored.id}@graph.local>`,
    from: { emailAddress: { address: stored.mailbox } },
  };
}
