import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import Papa from "papaparse";
import type { LinkagePerson } from "../../shared/linkage/linkage-key.ts";
import type { LinkOptions, MappedField } from "./link-options.ts";
import { birthDateIn, sexIn } from "./person-values.ts";

export type PersonFile = {
  /** As they are written in the links. */
  readonly ids: readonly string[];
  readonly persons: readonly LinkagePerson[];
};

/** A file that cannot be linked: file, line and rule, never what stands there. Its message is German. */
class PersonFileError extends SyntaxError {}

type Row = readonly string[];
type Place = { readonly file: string; readonly line: number };

/**
 * Reads the persons of a CSV file with a header, separated by commas or semicolons, in UTF-8 or Windows-1252.
 *
 * Cells are trimmed. An empty cell is missing; the rest must be what its column stands for.
 * @throws {PersonFileError} for the first thing that is wrong.
 */
export async function readPersons(path: string, options: LinkOptions): Promise<PersonFile> {
  const file = basename(path);
  const rows = rowsOf(file, await textOf(path));
  const [head] = rows;
  if (head === undefined) throw new PersonFileError(`${file}: die Datei muss eine Kopfzeile haben`);
  const cells = cellReader(file, head.fields, options);
  const id = options.id === undefined ? undefined : columnNamed(file, head.fields, options.id);
  const ids: string[] = [];
  const persons: LinkagePerson[] = [];
  const known = new Set<string>();
  for (const { fields, line } of rows.slice(1)) {
    const place = { file, line };
    if (fields.length !== head.fields.length)
      throw refusal(place, `die Zeile hat ${fields.length} Felder, erwartet sind ${head.fields.length}`);
    const own = id === undefined ? String(persons.length + 1) : idIn(fields[id] ?? "", place);
    if (known.has(own)) throw refusal(place, "die Kennung steht schon in einer früheren Zeile");
    known.add(own);
    ids.push(own);
    persons.push(personIn((field) => cells(fields, field), place));
  }
  return { ids, persons };
}

async function textOf(path: string): Promise<string> {
  const bytes = await bytesOf(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new PersonFileError(`Die Datei „${path}“ ist nicht zu lesen`, { cause: error });
  }
}

/** Rows with the line of the file in which each begins; empty lines are none. */
function rowsOf(file: string, text: string): readonly { readonly fields: Row; readonly line: number }[] {
  const rows: { readonly fields: Row; readonly line: number }[] = [];
  const lines = lineCounter(text);
  let begin = 0;
  Papa.parse<string[]>(text, {
    delimiter: delimiterOf(text),
    step: ({ data, errors, meta }) => {
      const line = lines(begin);
      begin = meta.cursor;
      if (errors.length > 0) throw refusal({ file, line }, "ein Anführungszeichen steht falsch oder fehlt");
      if (data.length > 1 || data[0]?.trim() !== "") rows.push({ fields: data, line });
    },
  });
  return rows;
}

/** The separator that is more frequent in the header. */
function delimiterOf(text: string): "," | ";" {
  const header = /^.*/.exec(text.trimStart())?.[0] ?? "";
  return header.split(";").length > header.split(",").length ? ";" : ",";
}

/** The line of a place in a text; places are asked for in ascending order. */
function lineCounter(text: string): (place: number) => number {
  let [line, seen] = [1, 0];
  return (place) => {
    for (; seen < place; seen++) {
      const isBreak = text[seen] === "\n" || (text[seen] === "\r" && text[seen + 1] !== "\n");
      if (isBreak) line += 1;
    }
    return line;
  };
}

type CellReader = (fields: Row, field: MappedField) => string;

function cellReader(file: string, head: Row, { columns }: LinkOptions): CellReader {
  const positions = new Map([...columns].map(([field, name]) => [field, columnNamed(file, head, name)]));
  return (fields, field) => {
    const position = positions.get(field);
    return position === undefined ? "" : (fields[position] ?? "").trim();
  };
}

function columnNamed(file: string, head: Row, name: string): number {
  const names = head.map((one) => one.trim());
  const position = names.indexOf(name.trim());
  if (position === -1) throw refusal({ file, line: 1 }, `die Spalte „${name}“ fehlt`);
  if (names.lastIndexOf(name.trim()) !== position)
    throw refusal({ file, line: 1 }, `die Spalte „${name}“ kommt mehrfach vor`);
  return position;
}

function idIn(cell: string, place: Place): string {
  const text = cell.trim();
  if (text === "") throw refusal(place, "die Kennung fehlt");
  if (/[;"\r\n]/.test(text))
    throw refusal(place, "die Kennung darf kein Semikolon, Anführungszeichen oder Zeilenende enthalten");
  return text;
}

function personIn(cell: (field: MappedField) => string, place: Place): LinkagePerson {
  const birthDate = birthDateIn(cell("geburtsdatum"));
  if (birthDate === "refused")
    throw refusal(place, "das Geburtsdatum ist kein Datum in einer bekannten Form");
  const sex = sexIn(cell("geschlecht"));
  if (sex === "refused") throw refusal(place, "das Geschlecht ist keine bekannte Angabe");
  return {
    given: cell("vorname"),
    surname: cell("familienname"),
    ...(birthDate !== undefined && { birthDate }),
    ...(sex !== undefined && { sex }),
    street: cell("strasse"),
    houseNumber: cell("hausnummer"),
    postcode: cell("plz"),
    place: cell("ort"),
  };
}

function refusal({ file, line }: Place, rule: string): PersonFileError {
  return new PersonFileError(`${file}, Zeile ${line}: ${rule}`);
}
