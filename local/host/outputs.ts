import { openConnection } from "./connections.ts";
import type { Binding, InvocationResponse, NamedData, RegisteredFunction, TypedData } from "./core-types.ts";
import { encodeMessage, type MessageEncoding } from "./queue-text.ts";
import { requireField, resolveSettings } from "./trigger.ts";

/** Output bindings this host carries out; `http` is answered by the HTTP listener. */
const knownOutputs: ReadonlySet<string> = new Set(["queue", "http"]);

/** @throws {TypeError} for an output binding this host does not know: it would be lost without a word. */
export function checkOutputs(fn: RegisteredFunction): void {
  for (const binding of Object.values(fn.metadata.bindings)) {
    if (binding.direction !== "out" || knownOutputs.has(binding.type)) continue;
    throw new TypeError(
      `Cannot start function "${fn.metadata.name}": output binding must be one of ${[...knownOutputs].join(", ")}`,
    );
  }
}

/** Sends what a function returned or set into the queues of its output bindings. */
export async function writeOutputs(
  fn: RegisteredFunction,
  response: InvocationResponse,
  encoding: MessageEncoding,
): Promise<void> {
  for (const { name, data } of outputsOf(fn, response)) {
    const binding = fn.metadata.bindings[name];
    if (binding?.type === "queue") await sendToQueue(fn, binding, data, encoding);
  }
}

function outputsOf(fn: RegisteredFunction, response: InvocationResponse): readonly NamedData[] {
  const returned =
    response.returnValue && fn.metadata.bindings["$return"]
      ? [{ name: "$return", data: response.returnValue }]
      : [];
  return [...(response.outputData ?? []), ...returned];
}

async function sendToQueue(
  fn: RegisteredFunction,
  binding: Binding,
  data: TypedData,
  encoding: MessageEncoding,
): Promise<void> {
  const name = resolveSettings(requireField(binding.queueName, fn, "queueName"));
  const connection = requireField(binding.connection, fn, "connection");
  const queue = openConnection(connection).queues.getQueueClient(name);
  await queue.createIfNotExists();
  for (const text of messagesOf(data)) await queue.sendMessage(encodeMessage(text, encoding));
}

/** An array is one message per element; what is not text becomes JSON. */
function messagesOf(data: TypedData): readonly string[] {
  if (typeof data.string === "string") return [data.string];
  if (data.bytes) return [Buffer.from(data.bytes).toString()];
  if (typeof data.json === "string") {
    const value: unknown = JSON.parse(data.json);
    return (Array.isArray(value) ? value : [value]).map(asText);
  }
  const number = data.int ?? data.double;
  return number === null || number === undefined ? [] : [String(number)];
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
