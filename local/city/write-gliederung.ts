import { join } from "node:path";
import { areaFeatures } from "./geometry.ts";
import { Dice } from "./random.ts";
import { city } from "./sizes.ts";
import { shuffled } from "./space.ts";
import type { Town } from "./streets.ts";
import { TextFile } from "./text-file.ts";

const structureDate = "2026-01-01";
const validFrom = "01.01.2005";

/** Writes the four files of the spatial structure; addresses stand before what needs them. */
export function writeGliederung(seed: number, town: Town, directory: string): readonly string[] {
  const path = (part: string, ending: string) =>
    `gliederung/GLIEDERUNG-${part}_${city.ags}_${structureDate}_1.${ending}`;
  const files = [
    path("NAMEN", "csv"),
    path("ADRESSEN", "csv"),
    path("UNTERKUENFTE", "csv"),
    path("GEOMETRIE", "geojson"),
  ] as const;
  writeNames(town, join(directory, files[0]));
  writeAddresses(seed, town, join(directory, files[1]));
  writeShelters(town, join(directory, files[2]));
  writeGeometry(town, join(directory, files[3]));
  return files;
}

function writeNames(town: Town, path: string): void {
  const file = new TextFile(path, "windows-1252");
  file.write("Ebene;Schlüssel;Name;Gültig von;Gültig bis;Nachfolger\r\n");
  for (const { key, name } of town.boroughs) file.write(`stadtbezirk;${key};${name};${validFrom};;\r\n`);
  for (const { key, name } of town.quarters) file.write(`stadtteil;${key};${name};${validFrom};;\r\n`);
  for (const { key, name } of town.districts) file.write(`statbezirk;${key};${name};${validFrom};;\r\n`);
  for (const key of town.blockKeys) file.write(`baublock;${key};Block ${key};${validFrom};;\r\n`);
  file.close();
}

function writeShelters(town: Town, path: string): void {
  const file = new TextFile(path, "windows-1252");
  file.write("Blockseite;Plätze;GueltigVon;GueltigBis\r\n");
  for (const at of town.shelters) {
    file.write(`${town.sides[at]?.key};${town.sides[at]?.places};01.03.2015;\r\n`);
  }
  file.close();
}

function writeGeometry(town: Town, path: string): void {
  const file = new TextFile(path, "utf-8");
  file.write('{"type":"FeatureCollection","features":[\n');
  for (const [at, feature] of areaFeatures(town).entries()) {
    file.write(`${at === 0 ? "" : ",\n"}${JSON.stringify(feature)}`);
  }
  file.write("\n]}\n");
  file.close();
}

function writeAddresses(seed: number, town: Town, path: string): void {
  const file = new TextFile(path, "windows-1252");
  file.write(
    "StrSchl;Straßenname;HNrVon;ZusatzVon;HNrBis;ZusatzBis;Parität;Stadtbezirk;Stadtteil;StatBezirk;Baublock;Blockseite;Gültig ab;GueltigBis\r\n",
  );
  // In no helpful order, as streets are kept by name elsewhere.
  for (const side of shuffled(new Dice(seed, "space", 2), town.sides)) {
    const street = town.streets[side.street];
    const district = town.districtOfBlock[side.block] ?? 0;
    const quarter = town.districts[district]?.parent ?? 0;
    const borough = town.quarters[quarter]?.parent ?? 0;
    const areas = [town.boroughs[borough], town.quarters[quarter], town.districts[district]].map(
      (area) => area?.key,
    );
    const numbers = `${side.from};;${side.to};;${side.parity}`;
    const block = `${areas.join(";")};${town.blockKeys[side.block]};${side.key}`;
    file.write(`${street?.key};${street?.name};${numbers};${block};${validFrom};\r\n`);
  }
  file.close();
}
