import type { ContainerClient } from "@azure/storage-blob";
import type { QueueClient } from "@azure/storage-queue";
import { openConnection } from "./connections.ts";
import type { Binding, RegisteredFunction } from "./core-types.ts";
import { escapeExpression, requireField, resolveSettings, triggerOf } from "./trigger.ts";

/** Queue of the data account that takes the notices of blobs that failed too often. */
export const blobPoisonQueue = "webjobs-blobtrigger-poison";

/** One blob-triggered function: where its blobs lie and which names it takes. */
export type BlobSource = {
  readonly fn: RegisteredFunction;
  readonly inputName: string;
  readonly binding: Binding;
  readonly container: ContainerClient;
  readonly poison: QueueClient;
  /** The values of the placeholders of the path, undefined when the name does not fit. */
  match(blobName: string): Readonly<Record<string, string>> | undefined;
};

export function blobSourceOf(fn: RegisteredFunction): BlobSource {
  const { name, binding } = triggerOf(fn);
  const path = resolveSettings(requireField(binding.path, fn, "path"));
  const { blobs, queues } = openConnection(requireField(binding.connection, fn, "connection"));
  const slash = path.indexOf("/");
  const containerName = slash < 0 ? path : path.slice(0, slash);
  return {
    fn,
    inputName: name,
    binding,
    container: blobs.getContainerClient(containerName),
    poison: queues.getQueueClient(blobPoisonQueue),
    match: compilePattern(slash < 0 ? "{name}" : path.slice(slash + 1)),
  };
}

/** `{placeholder}` stands for one or more characters, slashes included; everything else for itself. */
function compilePattern(pattern: string): BlobSource["match"] {
  const names: string[] = [];
  const source = pattern.split(/(\{[^}]+\})/).map((part) => {
    if (!part.startsWith("{")) return escapeExpression(part);
    names.push(part.slice(1, -1));
    return "(.+)";
  });
  const expression = new RegExp(`^${source.join("")}$`, "s");
  return (blobName) => {
    const found = expression.exec(blobName);
    return found ? Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? ""])) : undefined;
  };
}
