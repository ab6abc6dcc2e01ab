import type { RegisteredFunction } from "./core-types.ts";
import { escapeExpression, triggerOf } from "./trigger.ts";

export type AuthLevel = "anonymous" | "function" | "admin";

export type Route = {
  readonly fn: RegisteredFunction;
  readonly inputName: string;
  readonly authLevel: AuthLevel;
  readonly methods: ReadonlySet<string>;
  /** The parameters of the route, undefined when the path does not fit. */
  match(path: string): Readonly<Record<string, string>> | undefined;
};

const parameter = /^\{(\*?)(\w+)(?::(\w+))?(\?)?\}$/;

const constraints: Readonly<Record<string, string>> = {
  int: "-?\\d+",
  alpha: "[a-z]+",
  guid: "[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}",
};

/** Routes in the order they are tried: literal segments before parameters, a catch-all last. */
export function compileRoutes(functions: readonly RegisteredFunction[], prefix: string): readonly Route[] {
  const withTemplates = functions.map((fn) => {
    const { name, binding } = triggerOf(fn);
    const own = (binding.route ?? fn.metadata.name).replace(/^\/+/, "");
    const template = [prefix, own].filter((part) => part !== "").join("/");
    const route: Route = {
      fn,
      inputName: name,
      authLevel: readAuthLevel(fn, binding.authLevel),
      methods: new Set((binding.methods ?? ["GET", "POST"]).map((method) => method.toUpperCase())),
      match: compileTemplate(fn, template),
    };
    return { route, rank: rankOf(template) };
  });
  return withTemplates.sort((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ route }) => route);
}

function readAuthLevel(fn: RegisteredFunction, level: string | undefined): AuthLevel {
  if (level === undefined) return "function"; // the default in Azure
  const lower = level.toLowerCase();
  if (lower === "anonymous" || lower === "function" || lower === "admin") return lower;
  throw new TypeError(`Cannot start function "${fn.metadata.name}": its authLevel must be a known one`);
}

function compileTemplate(fn: RegisteredFunction, template: string): Route["match"] {
  const names: string[] = [];
  const source = segmentsOf(template).map((segment) => {
    const found = parameter.exec(segment);
    if (found === null) return `/${escapeExpression(segment)}`;
    const [, star, name = "", constraint, optional] = found;
    names.push(name);
    if (star) return "(?:/(.*))?";
    const value = constraint === undefined ? "[^/]+" : constraints[constraint];
    if (value === undefined) {
      throw new TypeError(
        `Cannot start function "${fn.metadata.name}": its route constraint must be a known one`,
      );
    }
    return optional ? `(?:/(${value}))?` : `/(${value})`;
  });
  const expression = new RegExp(`^${source.join("")}/?$`, "i");
  return (path) => readParameters(expression.exec(path), names);
}

function readParameters(
  found: RegExpExecArray | null,
  names: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (found === null) return undefined;
  const present = names.flatMap((name, index) => {
    const value = found[index + 1];
    return value === undefined ? [] : [[name, decode(value)] as const];
  });
  return present.every(([, value]) => value !== undefined)
    ? Object.fromEntries(present.map(([name, value]) => [name, value ?? ""]))
    : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function rankOf(template: string): string {
  return segmentsOf(template)
    .map((segment) => (segment.startsWith("{*") ? "2" : segment.startsWith("{") ? "1" : "0"))
    .join("");
}

function segmentsOf(template: string): readonly string[] {
  return template.split("/").filter((segment) => segment !== "");
}
