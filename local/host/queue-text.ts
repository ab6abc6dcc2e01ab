const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** How a message travels: `none` leaves the text as it is. */
export type MessageEncoding = "base64" | "none";

export function encodeMessage(text: string, encoding: MessageEncoding = "base64"): string {
  return encoding === "none" ? text : Buffer.from(text).toString("base64");
}

/** Undefined when the text is not base64 of UTF-8, which the real host sends to the poison queue. */
export function decodeMessage(text: string, encoding: MessageEncoding = "base64"): string | undefined {
  if (encoding === "none") return text;
  if (!base64.test(text)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(text, "base64"));
  } catch {
    return undefined;
  }
}
