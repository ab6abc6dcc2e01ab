import { dayNumber, monthNumber } from "./calendar.ts";
import { registers } from "./index.ts";
import type { FileFinding, RegisterId, Slot } from "./register.ts";
import type { FileNaming, Register } from "./row-reader.ts";

export type NameOutcome =
  | {
      readonly kind: "slot";
      readonly slot: Slot;
      readonly sequence: number;
      /** Amtlicher Gemeindeschlüssel of the name; none for schools. */
      readonly ags?: string;
      readonly fileName: string;
    }
  | {
      readonly kind: "refused";
      readonly register: RegisterId | undefined;
      readonly fileName: string;
      readonly finding: FileFinding;
    };

const agreedName =
  /^(?<prefix>[A-Za-z-]+)_(?<ags>\d{8})_(?<date>\d{4}-\d{2}(?:-\d{2})?)_(?<sequence>[1-9]\d{0,3})\.(?<extension>[A-Za-z]+)$/;

const wantedFile = "schuelerbasisdaten.dat";
const pupilFileExample = "schild/123456/2026-10-15/SchuelerBasisdaten.dat";
const pupilFilePattern = "schild/<Schulnummer>/<JJJJ-MM-TT>/SchuelerBasisdaten.dat";

/**
 * The slot that a path below `exports/` names: `<register>/<prefix>_<AGS>_<date>_<n>.<extension>`, or for schools
 * `schild/<Schulnummer>/<date>/SchuelerBasisdaten.dat`. Upper and lower case are equal in the file name.
 *
 * Refused: another name or the name of another register (D-002), a date that is none (D-008), `.xls` (D-016), and the
 * further files of the schools' interface, which have to be deleted (D-017).
 */
export function readBlobName(path: string): NameOutcome {
  const [folder = "", ...rest] = path.split("/");
  const fileName = rest.at(-1) ?? folder;
  const register = registers.find(({ id }) => id === folder);
  if (register === undefined) {
    return { kind: "refused", register: undefined, fileName, finding: unknownName(registers) };
  }
  if (register.id === "schild") return readPupilFileName(rest, fileName);
  return readAgreedName(register, rest.length === 1 ? fileName : "", fileName);
}

function readAgreedName(register: Register, name: string, fileName: string): NameOutcome {
  const refuse = (finding: FileFinding): NameOutcome => ({
    kind: "refused",
    register: register.id,
    fileName,
    finding,
  });
  const parts = agreedName.exec(name)?.groups;
  const naming = register.files.find(({ prefix }) => prefix === parts?.["prefix"]?.toUpperCase());
  if (parts === undefined || naming === undefined) return refuse(unknownName([register]));
  const extension = (parts["extension"] ?? "").toLowerCase();
  if (extension === "xls") return refuse({ code: "D-016", facts: {} });
  if (!naming.extensions.includes(extension)) return refuse(unknownName([register]));
  const referenceDate = parts["date"] ?? "";
  if (!isReferenceDate(register.period, referenceDate)) {
    return refuse({ code: "D-008", facts: { beispiel: naming.example } });
  }
  return {
    kind: "slot",
    slot: { register: register.id, part: naming.part, referenceDate },
    sequence: Number(parts["sequence"]),
    ags: parts["ags"] ?? "",
    fileName,
  };
}

function isReferenceDate(period: Register["period"], text: string): boolean {
  try {
    if (period === "day") dayNumber(text);
    else monthNumber(text);
    return true;
  } catch {
    return false; // both throw for text that is no date
  }
}

function unknownName(expected: readonly Register[]): FileFinding {
  const [naming] = expected.flatMap(({ files }) => files);
  return { code: "D-002", facts: { muster: pattern(naming), beispiel: naming?.example ?? "" } };
}

function pattern(naming: FileNaming | undefined): string {
  if (naming === undefined) return "";
  return naming.example
    .replace(/_\d{8}_/, "_<AGS>_")
    .replace(/_\d{4}-\d{2}-\d{2}_/, "_<JJJJ-MM-TT>_")
    .replace(/_\d{4}-\d{2}_/, "_<JJJJ-MM>_")
    .replace(/_\d+\.(\w+)$/, `_<n>.${naming.extensions.join("|")}`);
}

/**
 * `<Schulnummer>/<date>/SchuelerBasisdaten.dat`. Any other `.dat` file is one of the same interface that nobody wants:
 * they hold parents, telephone numbers and remarks, and must be deleted (D-017).
 * Source: interface description of SchILD-NRW.
 */
function readPupilFileName(folders: readonly string[], fileName: string): NameOutcome {
  const refuse = (finding: FileFinding): NameOutcome => ({
    kind: "refused",
    register: "schild",
    fileName,
    finding,
  });
  const name = fileName.toLowerCase();
  if (name.endsWith(".dat") && name !== wantedFile) return refuse({ code: "D-017", facts: {} });
  const [school = "", date = ""] = folders;
  if (name !== wantedFile || folders.length !== 3 || !/^\d{6}$/.test(school)) {
    return refuse({ code: "D-002", facts: { muster: pupilFilePattern, beispiel: pupilFileExample } });
  }
  if (!isReferenceDate("day", date)) return refuse({ code: "D-008", facts: { beispiel: pupilFileExample } });
  return {
    kind: "slot",
    slot: { register: "schild", part: school, referenceDate: date },
    sequence: 1,
    fileName,
  };
}
