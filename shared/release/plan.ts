import type { Office } from "../registers/office.ts";
import type { ReportWeek } from "./report-week.ts";

/** One side effect of a publication, as data. Carried out one by one and in order; each may be repeated without harm. */
export type Action =
  /** Open the finished files and attack them, beside everything shown before; whatever they give away stops everything. */
  | { readonly kind: "attack-files"; readonly id: string }
  /** Write into the ledger what readers are going to see. */
  | { readonly kind: "record-shown"; readonly id: string }
  /**
   * Put a file of the release into the library. `file` is its path in the release, `target` its path below the
   * library folder; `whenLocked` is the target where somebody has the file open. `onlyNewest`: left out where a later
   * week is published, which is known only when its turn comes.
   */
  | {
      readonly kind: "upload";
      readonly id: string;
      readonly file: string;
      readonly target: string;
      readonly sha256: string;
      readonly whenLocked?: string | undefined;
      readonly onlyNewest?: true | undefined;
    }
  /** Record that everything before is done. */
  | { readonly kind: "record-published"; readonly id: string };

export type Plan = { readonly releaseId: string; readonly actions: readonly Action[] };

/** One file of a release: path in the release and SHA-256 of its bytes. */
export type ReleaseFile = { readonly path: string; readonly sha256: string };

export const workbookFile = "Bevoelkerung_aktuell.xlsx";
export const provenanceFile = "release.json";

/** Where a file of a release stands in the library, below its folder. */
export function libraryPath(path: string, week: ReportWeek, office: Office): string {
  if (path === workbookFile) {
    return `${office.sharepoint.archiv}/${week.isoWeek.slice(0, 4)}/Bevoelkerung_aktuell_${week.week}.xlsx`;
  }
  return `${office.sharepoint.daten}/${week.week}/${path}`;
}

/**
 * What has to happen to publish a release. Nothing leaves before its files have withstood the attack and the ledger knows
 * what they show. Data first, then the archive copy, last the stable file that people open, so
 * that a reader never sees a workbook whose data are not there.
 */
export function publicationPlan(
  releaseId: string,
  files: readonly ReleaseFile[],
  week: ReportWeek,
  office: Office,
): Plan {
  const workbook = files.find((file) => file.path === workbookFile);
  if (workbook === undefined)
    throw new RangeError("Cannot plan a publication: the release must hold the workbook");
  const uploads: Action[] = [...files.filter((file) => file !== workbook), workbook].map((file) => ({
    kind: "upload",
    id: `upload-${file.path}`,
    file: file.path,
    target: libraryPath(file.path, week, office),
    sha256: file.sha256,
  }));
  const stable: Action = {
    kind: "upload",
    id: "upload-stable",
    file: workbookFile,
    target: workbookFile,
    sha256: workbook.sha256,
    whenLocked: `Bevoelkerung_aktuell_${week.referenceDate}.xlsx`,
    onlyNewest: true,
  };
  return {
    releaseId,
    actions: [
      { kind: "attack-files", id: "attack-files" },
      { kind: "record-shown", id: "record-shown" },
      ...uploads,
      stable,
      { kind: "record-published", id: "record-published" },
    ],
  };
}
