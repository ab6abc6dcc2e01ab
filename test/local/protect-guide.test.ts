import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const guide = readFileSync("docs/tabellen-schuetzen.md", "utf8");
const folder = mkdtempSync(join(tmpdir(), "guide-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The files of the guide: blocks of CSV with a name. */
for (const [, name = "", text = ""] of guide.matchAll(/^```csv (\S+)\n([^`]*)^```$/gm))
  writeFileSync(join(folder, name), text);

/** A command of the guide, in order, with what it prints and the number it ends with; "…" stands for lines left out. */
const commands = [...guide.matchAll(/^```console\n([^`]*)^```$/gm)].flatMap(([, block = ""]) =>
  block.split(/^\$ /m).flatMap((text) => {
    const [, command = "", args = "", printed = "", status = ""] =
      /^npm run (\w+) -- (.*); echo \$\?\n([\s\S]*?)(\d)\n$/.exec(text) ?? [];
    return command === "" ? [] : [{ command, args, printed, status: Number(status) }];
  }),
);

function run(command: string, args: string) {
  return spawnSync(process.execPath, [`local/disclosure/${command}.ts`, ...args.split(" ")], {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", INIT_CWD: folder },
  });
}

describe("docs/tabellen-schuetzen.md", () => {
  test("has commands of both kinds, with each of their ends", () => {
    expect(commands).toHaveLength((guide.match(/^\$ /gm) ?? []).length);
    expect(new Set(commands.map(({ command }) => command))).toEqual(new Set(["protect", "attack"]));
    expect(new Set(commands.map(({ status }) => status))).toEqual(new Set([0, 1]));
  });

  for (const { command, args, printed, status } of commands) {
    test(`shows what "${command} ${args}" prints and how it ends`, () => {
      const result = run(command, args);
      const [shown = "", left] = printed.split("…\n");
      expect(left === undefined ? result.stdout : result.stdout.slice(0, shown.length)).toBe(shown);
      expect(result.status).toBe(status);
    });
  }

  test("shows the end of the protected table", () => {
    const [, shown = ""] = /^```\n([^`]*)^```$/m.exec(guide) ?? [];
    expect(shown).not.toBe("");
    expect(readFileSync(join(folder, "fertig/herkunft.csv"), "utf8").endsWith(shown)).toBe(true);
  });
});
