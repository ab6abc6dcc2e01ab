import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { attackReleasedFiles } from "../../../shared/disclosure/attacker/attack-released-files.ts";
import type { AuditedRelease } from "../../../shared/disclosure/audited-release.ts";
import { policy, readingRulesOf } from "../../../shared/disclosure/policy.ts";
import { tableCsv, tableFile } from "../../../shared/report/csv.ts";
import { releaseJson } from "../../../shared/report/release-json.ts";
import { reportWorkbook } from "../../../shared/report/workbook.ts";
import { sampleContext, sampleRelease } from "../report/sample-release.ts";
import { textTable } from "./text-table.ts";

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The files of a release as they are published. */
async function filesOf(release: AuditedRelease) {
  const ids = release.tables.map((table) => (table.kind === "published" ? table.table.id : table.id));
  const csv = new Map(ids.map((id) => [`daten/2026-KW47/${tableFile(release, id)}`, tableCsv(release, id)]));
  const workbook = await reportWorkbook(release, sampleContext);
  const hashes = Object.fromEntries([
    ...[...csv].map(([path, text]) => [path, sha256(text)]),
    ["archiv/2026/Bevoelkerung_aktuell_2026-KW47.xlsx", sha256(workbook)],
  ]);
  return { releaseJson: releaseJson(release, sampleContext, hashes), csv, workbook };
}

describe("attackReleasedFiles() of what the report writes", () => {
  test("reads published, withheld and missing tables again and finds nothing", async () => {
    const files = await filesOf(await sampleRelease());
    expect(await attackReleasedFiles(files, [], readingRulesOf(policy))).toEqual({
      kind: "withstood",
      disclosedA: 0,
      disclosedB: 0,
    });
  });

  test.each(["suppress", "round"] as const)("reads a table again after the treatment %s", async (method) => {
    const table = textTable(
      "| T | a | b | c\n T | 90 | 35 | 31 | 24\n 1 | 36 | 17 | 1 | 18\n 2 | 34 | 2 | 27 | 5\n 3 | 20 | 16 | 3 | 1",
      { columns: "staatsangehoerigkeit" },
    );
    const ladder = { value: [method, "withhold"], reason: "Probe", since: "2026-11-02" } as const;
    const release = await sampleRelease([{ kind: "counted", table }], { ...policy, ladder, ladders: {} });
    expect(release.tables[0]).toMatchObject({ kind: "published", method });
    const files = await filesOf(release);
    expect(await attackReleasedFiles(files, [], readingRulesOf(policy))).toMatchObject({ kind: "withstood" });
  });
});
