import { codeTablesVersion } from "../registers/code-table.ts";
import type { Addresses } from "./address-files.ts";
import type { OfficeFiles } from "./office-files.ts";
import { sha256 } from "./sha256.ts";

/**
 * Hash of everything the records of a delivery depend on beside its file: code tables, office settings, address file.
 * Stands in each block, so that blocks of two runs with different versions are never read as one delivery.
 */
export function standOf({ office, codes }: OfficeFiles, addresses: Addresses): string {
  const parts = [
    codeTablesVersion(codes),
    JSON.stringify(office),
    addresses.kind === "found" ? addresses.delivery.id : addresses.kind,
  ];
  return sha256(parts.join("\n")).slice(0, 12);
}
