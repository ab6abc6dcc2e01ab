import { parseArgs } from "node:util";
import { z } from "zod";
import { citySizes } from "./sizes.ts";
import { writeCity } from "./write-city.ts";

const usage = `npm run city -- --out DIR [Optionen]
  --out DIR        Zielordner: DIR/{register}/{datei} und DIR/config/*
  --city GRÖSSE    ${citySizes.join(" | ")} (klein, weil es schnell geht)
  --seed N         Startwert (1)
  --now ZEIT       Bezugszeit, ISO mit Zeitzone (2026-11-23T06:00:00+01:00)
  --weeks N        die letzten N Wochen (2)
  --faults         fügt die hässlichen Fälle hinzu
  --truth DATEI    schreibt, wer wer ist, und die wahren Zahlen (nur für Tests)`;

const schema = z.strictObject({
  out: z.string().min(1),
  city: z.enum(citySizes).default("klein"),
  seed: z
    .string()
    .regex(/^\d{1,9}$/)
    .default("1")
    .transform(Number),
  now: z.iso.datetime({ offset: true }).default("2026-11-23T06:00:00+01:00"),
  weeks: z
    .string()
    .regex(/^\d{1,2}$/)
    .default("2")
    .transform(Number)
    .pipe(z.number().min(1).max(60)),
  faults: z.boolean().default(false),
  truth: z.string().min(1).optional(),
});

function readOptions(args: string[]): z.output<typeof schema> {
  const text = { type: "string" } as const;
  const options = {
    out: text,
    city: text,
    seed: text,
    now: text,
    weeks: text,
    truth: text,
    faults: { type: "boolean" },
  } as const;
  const result = schema.safeParse(parseArgs({ args, options, strict: true }).values);
  if (result.success) return result.data;
  const wrong = result.error.issues.map((issue) => `--${String(issue.path[0] ?? "")}`);
  throw new RangeError(
    `Diese Angaben fehlen oder sind nicht zu verstehen: ${[...new Set(wrong)].join(", ")}`,
  );
}

async function main(): Promise<number> {
  let options: z.output<typeof schema>;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : "Fehler"}\n\n${usage}`);
    return 2;
  }
  const { out, city, seed, now, weeks, faults, truth } = options;
  const written = await writeCity({
    directory: out,
    size: city,
    seed,
    now,
    weeks,
    faults,
    ...(truth === undefined ? {} : { truthFile: truth }),
  });
  const files = written.weeks.reduce((sum, week) => sum + week.files.length, 0);
  console.log(
    `${files} Lieferungen aus ${written.weeks.length} Wochen und ${written.config.length} Konfigurationsdateien in ${out}`,
  );
  return 0;
}

process.exitCode = await main();
