import { access, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle } from "esbuild";
import { z } from "zod";

export type BuildOptions = {
  /** Default: `functions/index.ts`. */
  readonly entry?: string;
  /** Default: `dist`. Emptied first. */
  readonly outDirectory?: string;
};

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);

/**
 * The functions library requires the CommonJS file of this package. An `import` would bring in the ES module as a second copy,
 * and a factory registered there would never be found. Hence one file for both.
 */
const extensionsBase = "@azure/functions-extensions-base";

const packageSchema = z.object({ name: z.string(), version: z.string() });

/** Bundled packages in CommonJS ask for `require`, `__filename` and `__dirname`, which an ES module lacks. */
const banner = [
  'import { createRequire as createRequireOfBundle } from "node:module";',
  'import { fileURLToPath as pathOfBundle } from "node:url";',
  'import { dirname as directoryOfBundle } from "node:path";',
  "const require = createRequireOfBundle(import.meta.url);",
  "const __filename = pathOfBundle(import.meta.url);",
  "const __dirname = directoryOfBundle(__filename);",
].join(" ");

/** Copied beside the bundle, because the code reads them at run time: [from, to]. */
const dataFolders = [
  ["shared/registers/codes", "codes"],
  ["shared/azure/samples", "samples"],
] as const;

/**
 * Writes the deployable package: `main.js` with chunks and source maps, `package.json`, `host.json`, code tables.
 * All packages are bundled; only `@azure/functions-core` stays outside, the host supplies it.
 *
 * @returns the directory of the package.
 * @throws if the entry point is missing or does not bundle.
 */
export async function build(options: BuildOptions = {}): Promise<string> {
  const entry = resolve(root, options.entry ?? "functions/index.ts");
  const out = resolve(root, options.outDirectory ?? "dist");
  await requireEntry(entry);
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await bundle({
    entryPoints: { main: entry },
    outdir: out,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node22",
    mainFields: ["module", "main"],
    chunkNames: "[name]-[hash]", // beside main.js, so that data files are found from every chunk
    sourcemap: "linked",
    sourcesContent: false,
    external: ["@azure/functions-core"],
    alias: { [extensionsBase]: require.resolve(extensionsBase) },
    banner: { js: banner },
    nodePaths: [join(root, "node_modules")],
    absWorkingDir: root,
    logLevel: "error",
  });
  await writePackage(out);
  await cp(join(root, "host.json"), join(out, "host.json"));
  for (const [from, to] of dataFolders) await copyData(join(root, from), join(out, to));
  await cp(require.resolve("highs/runtime"), join(out, "highs.wasm")); // the solver looks for it beside its own chunk
  return out;
}

async function requireEntry(entry: string): Promise<void> {
  try {
    await access(entry);
  } catch (error) {
    throw new Error(`Cannot build: the entry point "${basename(entry)}" must exist`, { cause: error });
  }
}

async function writePackage(out: string): Promise<void> {
  const text = await readFile(join(root, "package.json"), "utf8");
  const { name, version } = packageSchema.parse(JSON.parse(text));
  const content = { name, version, private: true, type: "module", main: "main.js" };
  await writeFile(join(out, "package.json"), `${JSON.stringify(content, undefined, 2)}\n`);
}

async function copyData(from: string, to: string): Promise<void> {
  try {
    await readdir(from);
  } catch {
    return; // the folder of samples is optional
  }
  await cp(from, to, { recursive: true });
}

if (import.meta.main) {
  const started = performance.now();
  await build();
  console.log(`dist/ written in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
}
