import { type ParseArgsConfig, parseArgs } from "node:util";

/** A mistake of the person at the command line; its message is German. */
export class OptionError extends RangeError {}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Stands among the options of every command. */
export const help = { type: "boolean", short: "h", default: false } as const;

export const exitCodes = `Ergebnis
  0  geschützt, oder nichts aufgedeckt
  1  nicht zu schützen, oder etwas aufgedeckt, oder Dateien weichen voneinander ab
  2  Eingabe oder Option fehlerhaft: es ist nichts geprüft und nichts geschrieben`;

/** True where the person asks for the usage, whatever else stands there. */
function asksForHelp(args: readonly string[]): boolean {
  const { tokens } = parseArgs({ args: [...args], options: { help }, strict: false, tokens: true });
  return tokens.some((token) => token.kind === "option" && token.name === "help");
}

/**
 * Refuses what the strict parser would refuse in English, and an option given twice that is no list.
 *
 * @throws {OptionError} naming the option and the rule.
 */
export function checkArguments(args: readonly string[], options: Options, takesFiles: boolean): void {
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const seen = new Set<string>();
  for (const token of tokens) {
    if (token.kind === "positional" && !takesFiles)
      throw new OptionError(`„${token.value}“ gehört zu keiner Option`);
    if (token.kind !== "option") continue;
    const { name, rawName } = token;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) throw new OptionError(`Die Option ${rawName} gibt es nicht`);
    checkValue(token, option.type);
    if (option.multiple !== true && seen.has(name))
      throw new OptionError(`${rawName} darf nur einmal stehen`);
    seen.add(name);
  }
}

type Given = {
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
};

function checkValue({ rawName, value, inlineValue }: Given, type: "string" | "boolean"): void {
  const isMissing = value === undefined || (value.startsWith("-") && inlineValue !== true);
  if (type === "string" && isMissing) throw new OptionError(`${rawName} braucht einen Wert`);
  if (type === "boolean" && value !== undefined) throw new OptionError(`${rawName} nimmt keinen Wert`);
}

export type HierarchyOption = { readonly dimension: string; readonly file: string };

/** @throws {OptionError} for what is not MERKMAL=DATEI, and for a dimension that has two. */
export function hierarchyOptions(given: readonly string[]): readonly HierarchyOption[] {
  const hierarchies = given.map((option) => {
    const at = option.indexOf("=");
    if (at < 1 || at === option.length - 1) throw new OptionError("--hierarchy erwartet MERKMAL=DATEI");
    return { dimension: option.slice(0, at), file: option.slice(at + 1) };
  });
  const dimensions = hierarchies.map(({ dimension }) => dimension);
  const repeated = dimensions.find((dimension, at) => dimensions.indexOf(dimension) !== at);
  if (repeated !== undefined) throw new OptionError(`--hierarchy nennt das Merkmal „${repeated}“ doppelt`);
  return hierarchies;
}

/**
 * Runs a command to its exit code: the usage where it is asked for or where an option is wrong, a message where it fails.
 */
export async function runCommand(
  usage: string,
  command: (args: readonly string[]) => Promise<number>,
): Promise<void> {
  const args = process.argv.slice(2);
  try {
    if (asksForHelp(args)) console.log(usage);
    else process.exitCode = await command(args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : "Fehler");
    if (error instanceof OptionError) console.error(`\n${usage}`);
    process.exitCode = 2;
  }
}
