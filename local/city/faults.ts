import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type FaultSource, faultCases } from "./fault-cases.ts";

type Week = { readonly now: string; readonly files: readonly string[] };

/**
 * Adds every case of `faultCases` as a delivery of the last week, behind its sound ones, and returns the weeks with them.
 * Sound files stay as they are. Reads the last week's register whole, so it is not for the largest city.
 */
export function addFaults(directory: string, weeks: readonly Week[]): readonly Week[] {
  const source = faultSource(
    directory,
    weeks.flatMap(({ files }) => files),
  );
  const added: string[] = [];
  for (const { file, bytes } of faultCases) {
    const name = file(source);
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes(source));
    added.push(name);
  }
  return weeks.map((week, at) =>
    at === weeks.length - 1 ? { ...week, files: [...week.files, ...added] } : week,
  );
}

function faultSource(directory: string, files: readonly string[]): FaultSource {
  const last = (start: string) => files.findLast((file) => file.startsWith(start)) ?? "";
  const text = (file: string, encoding: "windows-1252" | "utf-8") =>
    new TextDecoder(encoding).decode(readFileSync(join(directory, file)));
  const schoolFile = last("schild/");
  const [, school = "", schoolDay = ""] = schoolFile.split("/");
  return {
    friday: /\d{4}-\d{2}-\d{2}/.exec(last("ewo-alw/"))?.[0] ?? "",
    month: /\d{4}-\d{2}/.exec(last("akdn-sozial/"))?.[0] ?? "",
    schoolDay,
    school,
    alw: text(last("ewo-alw/"), "windows-1252"),
    pupils: text(schoolFile, "windows-1252"),
    addresses: text(last("gliederung/GLIEDERUNG-ADRESSEN"), "windows-1252"),
    geometry: text(last("gliederung/GLIEDERUNG-GEOMETRIE"), "utf-8"),
  };
}
