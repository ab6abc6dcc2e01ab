import type { Message, StoredAttachment } from "./message.ts";

const lineLength = 76;
const encodedWordBytes = 45;

export type MailFile = {
  readonly from: string;
  readonly id: string;
  readonly date: Date;
  readonly message: Message;
  readonly attachments: readonly (StoredAttachment & { readonly content: Buffer })[];
};

/** A message as RFC 5322 text that every mail program opens. */
export function writeMailFile(mail: MailFile): string {
  const { message, attachments } = mail;
  const boundary = `=_${mail.id}`;
  const headers = [
    `From: <${mail.from}>`,
    ...addressHeader("To", message.toRecipients),
    ...addressHeader("Cc", message.ccRecipients),
    ...addressHeader("Bcc", message.bccRecipients),
    ...addressHeader("Reply-To", message.replyTo),
    `Subject: ${encodeWords(message.subject)}`,
    `Date: ${rfcDate(mail.date)}`,
    `Message-ID: <${mail.id}@graph.local>`,
    ...message.internetMessageHeaders.map(({ name, value }) => `${name}: ${encodeWords(value)}`),
    "MIME-Version: 1.0",
  ];
  const subtype = message.body.contentType.toLowerCase() === "html" ? "html" : "plain";
  const body = part([`Content-Type: text/${subtype}; charset=utf-8`], Buffer.from(message.body.content));
  if (attachments.length === 0) return lines([...headers, ...body]);
  const parts = [body, ...attachments.map((one) => attachmentPart(one))];
  return lines([
    ...headers,
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    "",
    ...parts.flatMap((one) => [`--${boundary}`, ...one]),
    `--${boundary}--`,
    "",
  ]);
}

function attachmentPart(attachment: MailFile["attachments"][number]): readonly string[] {
  const name = encodeURIComponent(attachment.name);
  const headers = [
    `Content-Type: ${attachment.contentType}; name*=UTF-8''${name}`,
    `Content-Disposition: attachment; filename*=UTF-8''${name}`,
  ];
  return part(headers, attachment.content);
}

function part(headers: readonly string[], content: Buffer): readonly string[] {
  const text = content.toString("base64");
  const cut = text.match(new RegExp(`.{1,${lineLength}}`, "g")) ?? [];
  return [...headers, "Content-Transfer-Encoding: base64", "", ...cut];
}

function addressHeader(name: string, recipients: Message["toRecipients"]): readonly string[] {
  if (recipients.length === 0) return [];
  const addresses = recipients.map(({ emailAddress }) =>
    emailAddress.name === undefined
      ? `<${emailAddress.address}>`
      : `${encodeWords(emailAddress.name)} <${emailAddress.address}>`,
  );
  return [`${name}: ${addresses.join(",\r\n ")}`];
}

/** RFC 2047; control characters are dropped, so that no text can begin a header of its own. */
function encodeWords(text: string): string {
  const plain = [...text].filter((character) => character >= " " && character !== "\u007f").join("");
  if (/^[ -~]*$/.test(plain) && !plain.includes("=?")) return plain;
  const words: string[] = [];
  let word = "";
  for (const character of plain) {
    if (Buffer.byteLength(word + character) > encodedWordBytes) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word].map((one) => `=?utf-8?B?${Buffer.from(one).toString("base64")}?=`).join("\r\n ");
}

function rfcDate(date: Date): string {
  return date.toUTCString().replace("GMT", "+0000");
}

function lines(all: readonly string[]): string {
  return `${all.join("\r\n")}\r\n`;
}
