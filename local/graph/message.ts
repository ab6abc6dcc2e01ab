import { z } from "zod";

const recipientsSchema = z
  .array(
    z.strictObject({ emailAddress: z.strictObject({ address: z.email(), name: z.string().optional() }) }),
  )
  .default([]);

/** A message without its attachments, as Graph takes it. */
export const messageSchema = z.strictObject({
  subject: z.string().default(""),
  body: z
    .strictObject({
      contentType: z.string().regex(/^(?:text|html)$/i),
      content: z.string(),
    })
    .default({ contentType: "text", content: "" }),
  toRecipients: recipientsSchema,
  ccRecipients: recipientsSchema,
  bccRecipients: recipientsSchema,
  replyTo: recipientsSchema,
  importance: z.enum(["low", "normal", "high"]).optional(),
  /** Graph takes own headers only with this prefix. */
  internetMessageHeaders: z
    .array(z.strictObject({ name: z.string().regex(/^x-[\w-]+$/i), value: z.string() }))
    .max(5)
    .default([]),
});

export const attachmentSchema = z.object({
  id: z.string(),
  name: z.string(),
  contentType: z.string(),
  size: z.int(),
});

export type Message = z.output<typeof messageSchema>;
export type StoredAttachment = z.infer<typeof attachmentSchema>;
