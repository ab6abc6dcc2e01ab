import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import pc from "picocolors";
import { configurationMistake } from "../shared/azure/check-configuration.ts";
import type { Release } from "../shared/azure/release-store.ts";
import { registerIds } from "../shared/registers/register.ts";
import { awaitDeliveries } from "./await-deliveries.ts";
import { orderReport } from "./await-report.ts";
import { dropFiles, listFiles, removeOthers } from "./drop-files.ts";
import { type LocalCloud, startLocalCloud } from "./local-cloud.ts";
import { OptionError, readStartOptions, type StartOptions, startUsage } from "./options.ts";

const timeZone = "Europe/Berlin";

/** Exports of one week: where they lie, which to drop, and the "now" at which they arrive. */
type Drop = { readonly now: string; readonly directory: string; readonly files: readonly string[] };

async function main(): Promise<void> {
  if (!process.version.startsWith("v24.")) {
    throw new OptionError(
      `Node 24 ist nötig, hier läuft ${process.version}: bitte über „npm start“ aufrufen`,
    );
  }
  const options = readStartOptions(process.argv.slice(2));
  const settled = { ...options, data: resolve(options.data) };
  const step = stopwatch();
  const cloud = await startLocalCloud(settled, step);
  const ended = onInterrupt();
  try {
    const release = await Promise.race([
      publishWeeks(cloud, settled, step),
      failWithHost(cloud),
      failAt(ended),
    ]);
    await copyReceipts(cloud, settled.data);
    printResult(cloud, settled, release);
    if (options.once && release.state !== "published") {
      throw new Error("Der Bericht wartet auf Freigabe; „npm start“ ohne --once öffnet die Seite dafür.");
    }
    if (!options.once) await Promise.race([ended, cloud.host.exited]);
  } finally {
    await cloud.stop();
  }
}

/** The host does not come back by itself: what waits for it must not wait for ever. */
async function failWithHost(cloud: LocalCloud): Promise<never> {
  const code = await cloud.host.exited;
  throw new Error(
    `Der Functions-Host hat sich beendet (${code ?? "ohne Code"}); Gründe stehen im Protokoll.`,
  );
}

async function failAt(interrupted: Promise<void>): Promise<never> {
  await interrupted;
  throw new Error("Abgebrochen. Ein neuer Start mit denselben Daten geht weiter.");
}

async function publishWeeks(
  cloud: LocalCloud,
  options: StartOptions,
  step: (name: string) => void,
): Promise<Release> {
  const { config, drops } = await prepareDrops(options);
  step(options.exports === undefined ? "erfundene Stadt geschrieben" : "Exporte gefunden");
  await configure(cloud, config);
  let release: Release | undefined;
  for (const drop of drops) {
    await cloud.host.setNow(drop.now);
    await dropFiles(cloud.storage.container("exports"), drop.directory, drop.files);
    const deliveries = await awaitDeliveries(cloud);
    const complete = deliveries.filter(({ state }) => state === "complete").length;
    step(
      `${countOf(drop.files.length, "Datei", "Dateien")} abgelegt, ${countOf(complete, "Lieferung", "Lieferungen")} gültig`,
    );
    release = await orderReport(cloud, drop.now, timeZone);
    step(
      `Bericht ${release.week} ${release.state === "published" ? "veröffentlicht" : "wartet auf Freigabe"}`,
    );
  }
  if (release === undefined) throw new Error("Es gab nichts zu liefern.");
  return release;
}

/**
 * Makes the folder the office's configuration; without any file there, what is known stays. A mistake is told before
 * anything is dropped: with it no delivery and no report would come to an end.
 */
async function configure(cloud: LocalCloud, { directory, files }: Drops["config"]): Promise<void> {
  const container = cloud.storage.container("config");
  await dropFiles(container, directory, files);
  if (files.length > 0) await removeOthers(container, files);
  const mistake = await configurationMistake(cloud.storage);
  if (mistake !== undefined) throw new Error(`Die Konfiguration der Stelle ist nicht lesbar: ${mistake}`);
}

type Drops = {
  readonly config: { directory: string; files: readonly string[] };
  readonly drops: readonly Drop[];
};

async function prepareDrops(options: StartOptions): Promise<Drops> {
  if (options.exports !== undefined) return await foundDrops(resolve(options.exports), options.now);
  const directory = join(options.data, "stadt");
  const { city: size, seed, now, weeks } = options;
  const { writeCity } = await import("./city/write-city.ts");
  const city = await writeCity({ directory, size, seed, now, weeks, faults: false });
  return {
    config: { directory: join(directory, "config"), files: city.config },
    drops: city.weeks.map((week) => ({ ...week, directory })),
  };
}

async function foundDrops(directory: string, now: string): Promise<Drops> {
  const config = join(directory, "config");
  const found = (await listFiles(directory)).filter((file) => !file.startsWith("config/"));
  const files = found.filter((file) => registerIds.some((id) => file.startsWith(`${id}/`)));
  if (files.length === 0) throw new OptionError("Unter --exports liegt keine Datei {register}/{datei}");
  if (found.length > files.length) {
    const others = found.filter((file) => !files.includes(file));
    console.warn(`! Nicht abgelegt, weil in keinem Ordner eines Registers: ${others.join(", ")}`);
  }
  return {
    config: { directory: config, files: await listFiles(config) },
    drops: [{ now, directory, files }],
  };
}

/** Copies of the receipts, to be opened without the pages. */
async function copyReceipts(cloud: LocalCloud, data: string): Promise<void> {
  const receipts = cloud.storage.container("receipts");
  for await (const { name } of receipts.listBlobsFlat()) {
    const path = join(data, "receipts", name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await receipts.getBlobClient(name).downloadToBuffer());
  }
}

function printResult(cloud: LocalCloud, options: StartOptions, release: Release): void {
  const library = cloud.library ?? "(in der Bibliothek des anderen Graph)";
  const signIn = `${cloud.host.url}/.auth/login/aad?als=betrieb&post_login_redirect_uri=/status`;
  const lines = [
    ["Bericht", `${release.week}, Stichtag ${release.referenceDate} (${release.id})`],
    ...(release.state === "published"
      ? [
          ["Arbeitsmappe", join(library, release.publishedBeside ?? "Bevoelkerung_aktuell.xlsx")],
          ["Daten", join(library, "daten", release.week)],
        ]
      : []),
    ["Quittungen", join(options.data, "receipts")],
    ["Protokoll", join(options.data, "functions.log")],
    ...(options.once ? [] : [["Seiten", `${signIn}   (Ende mit Strg-C)`]]),
  ];
  console.log(
    `\n${lines.map(([name = "", value = ""]) => `  ${pc.bold(name.padEnd(14))}${value}`).join("\n")}\n`,
  );
}

function countOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Prints each step with the seconds it took. */
function stopwatch(): (name: string) => void {
  let last = performance.now();
  return (name) => {
    const seconds = ((performance.now() - last) / 1_000).toFixed(1).replace(".", ",");
    last = performance.now();
    console.log(`${pc.green("✓")} ${name} ${pc.dim(`(${seconds} s)`)}`);
  };
}

/** Resolves at Ctrl-C or SIGTERM; a second one ends at once. */
function onInterrupt(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        resolve();
      });
    }
  });
}

try {
  await main();
} catch (error) {
  console.error(`${pc.red("✗")} ${error instanceof Error ? error.message : "unbekannter Fehler"}`);
  if (error instanceof OptionError) console.error(`\n${startUsage}`);
  process.exitCode = error instanceof OptionError ? 2 : 1;
}
