import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** For every folder with a rule: one import it may have, and every folder it must not know. */
const rules = [
  {
    folder: "shared/registers",
    allowed: "./values.ts",
    forbidden: ["population", "linkage", "tables", "disclosure", "report", "release", "pages", "azure"],
  },
  {
    folder: "shared/population",
    allowed: "../registers/values.ts",
    forbidden: ["linkage", "tables", "disclosure", "report", "release", "pages", "azure"],
  },
  {
    folder: "shared/linkage",
    allowed: "../registers/values.ts",
    forbidden: ["population", "tables", "disclosure", "report", "release", "pages", "azure"],
  },
  {
    folder: "shared/tables",
    allowed: "../population/age.ts",
    forbidden: ["disclosure", "report", "release", "pages", "azure"],
  },
  {
    folder: "shared/disclosure",
    allowed: "../tables/table.ts",
    forbidden: ["report", "release", "pages", "azure"],
  },
  { folder: "shared/report", allowed: "../disclosure/policy.ts", forbidden: ["release", "pages", "azure"] },
  { folder: "shared/release", allowed: "../report/csv.ts", forbidden: ["pages", "azure"] },
  { folder: "shared/pages", allowed: "../report/signs.ts", forbidden: ["release", "azure"] },
];
/** Within the confidentiality engine: the attack shares no code with protection, and the ledger none with either. */
const disclosure = [
  { part: "attacker", forbidden: ["audit", "suppression", "rounding", "coarsening", "files"] },
  { part: "audit", forbidden: ["suppression", "rounding", "coarsening", "files"] },
  {
    part: "ledger",
    forbidden: ["attacker", "audit", "suppression", "rounding", "coarsening", "files"],
  },
  { part: "suppression", forbidden: ["attacker", "audit", "rounding", "coarsening", "files"] },
  { part: "rounding", forbidden: ["attacker", "audit", "coarsening", "files"] },
  { part: "coarsening", forbidden: ["attacker", "audit", "suppression", "rounding", "files"] },
].map(({ part, forbidden }) => ({
  folder: `shared/disclosure/${part}`,
  allowed: "../known-table.ts",
  forbidden: [...forbidden.map((other) => `../${other}/x.ts`), "../../report/x.ts", "node:fs"],
}));
const edges = [
  ...disclosure,
  {
    folder: "shared/azure",
    allowed: "../release/plan.ts",
    forbidden: ["../../functions/index.ts", "../../local/start.ts", "../../test/x.ts"],
  },
  {
    folder: "functions",
    allowed: "../shared/azure/settings.ts",
    forbidden: [
      "../local/start.ts",
      "../test/x.ts",
      "@azure/storage-blob",
      "@azure/data-tables",
      "@azure/identity",
    ],
  },
  ...rules.map(({ folder, allowed }) => ({
    folder,
    allowed,
    forbidden: [
      "@azure/functions",
      "@azure/storage-blob",
      "@microsoft/microsoft-graph-client",
      "node:fs",
      "node:http",
      "../../functions/index.ts",
      "../../local/start.ts",
    ],
  })),
];
const cases = [
  ...rules.flatMap(({ folder, allowed, forbidden }) =>
    forbidden.map((other) => ({ folder, allowed, forbidden: `../${other}/x.ts` })),
  ),
  ...edges.flatMap(({ folder, allowed, forbidden }) =>
    forbidden.map((other) => ({ folder, allowed, forbidden: other })),
  ),
];
const forms = {
  static: (from: string) => `import { x } from "${from}";\nexport const y = x;\n`,
  type: (from: string) => `import type { X } from "${from}";\nexport type Y = X;\n`,
  dynamic: (from: string) =>
    `export async function load(): Promise<unknown> {\n  return await import("${from}");\n}\n`,
};

let directory = "";
let report = "";
let clean = "";

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "directions-"));
  report = lint(plantForbidden);
  clean = lint(plantAllowed);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Lints a planted tree with the project's own configuration and gives the report, one finding a line. */
function lint(plant: (root: string) => void): string {
  const root = mkdtempSync(join(directory, "tree-"));
  copyFileSync("biome.json", join(root, "biome.json"));
  plant(root);
  const biome = join(process.cwd(), "node_modules/.bin/biome");
  const options = [
    "lint",
    "--vcs-enabled=false",
    "--reporter=github",
    "--max-diagnostics=none",
    "--colors=off",
    ".",
  ];
  return spawnSync(biome, options, { cwd: root, encoding: "utf8", maxBuffer: 64e6 }).stdout;
}

function plantForbidden(root: string): void {
  for (const [at, { folder, forbidden }] of cases.entries()) {
    for (const [form, source] of Object.entries(forms))
      write(root, `${folder}/planted-${at}-${form}.ts`, source(forbidden));
  }
}

function plantAllowed(root: string): void {
  for (const { folder, allowed } of [...rules, ...edges])
    write(root, `${folder}/planted.ts`, forms.static(allowed));
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe("import directions", () => {
  for (const [at, { folder, forbidden }] of cases.entries()) {
    for (const form of Object.keys(forms)) {
      test(`${folder} refuses a ${form} import of ${forbidden}`, () => {
        const lines = report.split("\n").filter((line) => line.includes(`planted-${at}-${form}.ts`));
        expect(lines.join("\n")).toContain("noRestrictedImports");
      });
    }
  }

  test("allowed imports pass", () => {
    expect(clean).not.toContain("noRestrictedImports");
  });
});
