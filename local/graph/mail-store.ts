import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJsonFile, writeWhole } from "./json-file.ts";
import { writeMailFile } from "./mail-file.ts";
import { attachmentSchema, type Message, messageSchema, type StoredAttachment } from "./message.ts";

const storedSchema = z.object({
  id: z.string(),
  mailbox: z.string(),
  isDraft: z.boolean(),
  /** Created with `Prefer: IdType="ImmutableId"`: the id stays when the message moves to the sent items. */
  hasImmutableId: z.boolean(),
  created: z.string(),
  sent: z.string().optional(),
  message: messageSchema,
  attachments: z.array(attachmentSchema),
});

export type StoredMessage = z.infer<typeof storedSchema>;
export type NewAttachment = { readonly name: string; readonly contentType: string; readonly content: Buffer };

/** Mails as files: `outbox/*.eml` what was sent, `outbox/drafts/*.eml` what was not yet. */
export class MailStore {
  readonly #outbox: string;
  readonly #directory: string;
  readonly #now: () => Date;

  constructor(outbox: string, directory: string, now: () => Date) {
    this.#outbox = outbox;
    this.#directory = directory;
    this.#now = now;
    mkdirSync(directory, { recursive: true });
    mkdirSync(outbox, { recursive: true });
  }

  find(id: string): StoredMessage | undefined {
    return /^[\da-f-]{36}$/.test(id) ? readJsonFile(this.#file(id), storedSchema) : undefined;
  }

  all(): readonly StoredMessage[] {
    const ids = readdirSync(this.#directory).filter((name) => name.endsWith(".json"));
    return ids.flatMap((name) => this.find(name.slice(0, -".json".length)) ?? []);
  }

  create(mailbox: string, message: Message, hasImmutableId: boolean): StoredMessage {
    const stored = {
      id: randomUUID(),
      mailbox,
      isDraft: true,
      hasImmutableId,
      created: this.#now().toISOString(),
      message,
      attachments: [],
    };
    this.#save(stored);
    return stored;
  }

  attach(message: StoredMessage, attachment: NewAttachment): StoredAttachment {
    const { name, contentType, content } = attachment;
    const stored = { id: randomUUID(), name, contentType, size: content.length };
    writeWhole(this.#contentFile(message.id, stored.id), content);
    this.#save({ ...message, attachments: [...message.attachments, stored] });
    return stored;
  }

  /** Sent once: from then on the message is no draft any more. */
  send(message: StoredMessage): void {
    this.#save({ ...message, isDraft: false, sent: this.#now().toISOString() });
    rmSync(this.#draftFile(message.id), { force: true });
  }

  #save(stored: StoredMessage): void {
    const text = writeMailFile({
      from: stored.mailbox,
      id: stored.id,
      date: new Date(stored.sent ?? stored.created),
      message: stored.message,
      attachments: stored.attachments.map((one) => ({ ...one, content: this.#content(stored.id, one.id) })),
    });
    writeWhole(stored.isDraft ? this.#draftFile(stored.id) : this.#sentFile(stored), text);
    writeWhole(this.#file(stored.id), JSON.stringify(stored));
  }

  #content(messageId: string, attachmentId: string): Buffer {
    const file = this.#contentFile(messageId, attachmentId);
    return existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  }

  #file(id: string): string {
    return join(this.#directory, `${id}.json`);
  }

  #contentFile(messageId: string, attachmentId: string): string {
    return join(this.#directory, messageId, attachmentId);
  }

  #draftFile(id: string): string {
    return join(this.#outbox, "drafts", `${id}.eml`);
  }

  #sentFile(stored: StoredMessage): string {
    const time = (stored.sent ?? stored.created).slice(0, 19).replaceAll(/\D/g, "");
    return join(this.#outbox, `${time}-${stored.id}.eml`);
  }
}
