import type { Binding, RegisteredFunction } from "./core-types.ts";

export type Trigger = { readonly name: string; readonly binding: Binding };

/** The one input binding that starts the function. Binding names carry a hash and say nothing. */
export function triggerOf(fn: RegisteredFunction): Trigger {
  for (const [name, binding] of Object.entries(fn.metadata.bindings)) {
    if (binding.direction === "in" && binding.type.endsWith("Trigger")) return { name, binding };
  }
  throw new TypeError(`Cannot start function "${fn.metadata.name}": it must have a trigger`);
}

/** @throws {RangeError} if a `%SETTING%` in `text` is not set. */
export function resolveSettings(text: string): string {
  return text.replaceAll(/%([^%]+)%/g, (_, name: string) => {
    const value = process.env[name];
    if (value === undefined) throw new RangeError(`Cannot start the host: setting "${name}" must be set`);
    return value;
  });
}

/** A field of a binding that its trigger cannot do without. */
export function requireField(value: string | undefined, fn: RegisteredFunction, field: string): string {
  if (!value) throw new TypeError(`Cannot start function "${fn.metadata.name}": "${field}" must be set`);
  return value;
}

/** `text` as a regular expression that fits only itself. */
export function escapeExpression(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
