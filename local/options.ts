import { parseArgs } from "node:util";
import { z } from "zod";
import { citySizes } from "./city/sizes.ts";

const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

const schema = z.strictObject({
  once: z.boolean().default(false),
  data: z.string().min(1).default(".local"),
  exports: z.string().min(1).optional(),
  city: z.enum(citySizes).default("klein"),
  seed: wholeNumber.default(1),
  now: z.iso.datetime({ offset: true }).default("2026-11-23T06:00:00+01:00"),
  port: wholeNumber.default(7071),
  weeks: wholeNumber.pipe(z.number().min(1).max(60)).default(2),
  "graph-url": z.url().optional(),
});
export type StartOptions = z.output<typeof schema>;

/** What every option is for; printed when one is not understood. */
export const startUsage = `npm start -- [Optionen]
  --once               beendet sich, sobald der Bericht veröffentlicht ist
  --data DIR           alles Lokale (.local)
  --exports DIR        diese Dateien statt der erfundenen Stadt: DIR/{register}/{datei}, DIR/config/*
  --city GRÖSSE        ${citySizes.join(" | ")} (klein)
  --seed N             Startwert der erfundenen Stadt (1)
  --now ZEIT           Bezugszeit, ISO mit Zeitzone (2026-11-23T06:00:00+01:00)
  --weeks N            die letzten N Wochen werden nacheinander geliefert (2)
  --port N             Anschluss der Seiten (7071)
  --graph-url URL      ein anderes Graph; sein Token steht in GRAPH_TOKEN`;

/** An option that is unknown, missing its value or out of range. */
export class OptionError extends RangeError {}

/** @throws {OptionError} naming the options at fault. */
export function readStartOptions(args: readonly string[]): StartOptions {
  const result = schema.safeParse(parsedArguments(args));
  if (result.success) return result.data;
  const names = result.error.issues.map((issue) => `--${String(issue.path[0] ?? "")}`);
  throw new OptionError(`Diese Angaben sind nicht zu verstehen: ${[...new Set(names)].join(", ")}`);
}

function parsedArguments(args: readonly string[]): unknown {
  const text = { type: "string" } as const;
  const options = {
    once: { type: "boolean" },
    data: text,
    exports: text,
    city: text,
    seed: text,
    now: text,
  } as const;
  const rest = { port: text, weeks: text, "graph-url": text } as const;
  try {
    return parseArgs({ args: [...args], options: { ...options, ...rest }, strict: true }).values;
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : "unbekannte Option", { cause: error });
  }
}
