import { z } from "zod";

/** What the start program tells the host process. */
export const hostRequestSchema = z.union([
  z.strictObject({ now: z.iso.datetime({ offset: true }) }),
  z.strictObject({ stop: z.literal(true) }),
]);

/** What the host process tells the start program. */
export const hostReplySchema = z.union([
  z.object({ ready: z.literal(true), url: z.string() }),
  z.object({ failed: z.string() }),
  z.object({ now: z.string() }),
]);

export type HostRequest = z.infer<typeof hostRequestSchema>;
export type HostReply = z.infer<typeof hostReplySchema>;
