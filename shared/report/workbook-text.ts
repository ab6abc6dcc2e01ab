/** Rows and columns of a sheet, and characters of a cell, that every spreadsheet program accepts. */
const sheetLimits = {
  rows: 1_048_576,
  columns: 16_384,
  text: 32_767,
  sheetName: 31,
  columnName: 255,
} as const;

// A lone surrogate is a category of its own ("Cs") once the text is read as code points.
const forbidden = /[^\t\n\r\u0020-\u007e\u0080-\ufffd\u{10000}-\u{10ffff}]|\p{Cs}/u;

/**
 * The text as a workbook part may hold it: `_xHHHH_` escaped, so that readers do not turn it into a character.
 *
 * @throws {RangeError} if the text is too long or has characters that XML cannot hold; `where` names the place.
 */
export function storedText(text: string, where: string): string {
  if (text.length > sheetLimits.text) {
    throw new RangeError(`Cannot write ${where}: text has ${text.length} characters, at most 32767 fit`);
  }
  if (forbidden.test(text)) {
    throw new RangeError(`Cannot write ${where}: text must have no control characters or half characters`);
  }
  return text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_");
}

export function attribute(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\t", "&#9;");
}

/** "A" for 1, "AA" for 27. */
function columnLetters(column: number): string {
  const rest = Math.floor((column - 1) / 26);
  return (rest > 0 ? columnLetters(rest) : "") + String.fromCharCode(65 + ((column - 1) % 26));
}

export function cellAddress(row: number, column: number): string {
  return `${columnLetters(column)}${row}`;
}

/** Excel's day number of a calendar day "JJJJ-MM-TT". */
export function daySerial(day: string, where: string): number {
  const time = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  const isReal = !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
  if (!isReal || day < "1900-03-01") {
    throw new RangeError(
      `Cannot write ${where}: a date must be a calendar day "JJJJ-MM-TT" from 1900-03-01 on`,
    );
  }
  return time / 86_400_000 + 25_569;
}

/** @throws {RangeError} unless the name is one that every spreadsheet program accepts. */
export function checkSheetName(name: string): void {
  const fine =
    name.length > 0 &&
    name.length <= sheetLimits.sheetName &&
    !/[[\]:*?/\\]|^'|'$|_x[0-9A-Fa-f]{4}_/.test(name) &&
    !forbidden.test(name) &&
    name.toLowerCase() !== "history";
  if (!fine) {
    throw new RangeError("Cannot write workbook: a sheet name must have 1 to 31 permitted characters");
  }
}

/** @throws {RangeError} unless the name is letters, digits and underscores and cannot be read as a cell reference. */
export function checkTableName(name: string): void {
  const readable = /^[A-Za-z][A-Za-z0-9_]{0,254}$/.test(name);
  const reference = /^([A-Za-z]{1,3}\d+|[Rr]\d*([Cc]\d*)?|[Cc]\d*)$/.test(name);
  if (!readable || reference) {
    throw new RangeError(
      "Cannot write workbook: a table name must be letters, digits and underscores, and no cell reference",
    );
  }
}

/** @throws {RangeError} unless the headers are filled, single-line and unique without regard to case. */
export function checkHeaders(headers: readonly string[], where: string): void {
  const fine = headers.every(
    (header) => header.trim() !== "" && header.length <= sheetLimits.columnName && !/[\r\n\t]/.test(header),
  );
  if (headers.length === 0 || !fine) {
    throw new RangeError(`Cannot write ${where}: headers must be filled and have one line each`);
  }
  if (hasRepeats(headers)) {
    throw new RangeError(`Cannot write ${where}: headers must be unique without regard to case`);
  }
}

export function checkSize(rows: number, columns: number, where: string): void {
  if (rows > sheetLimits.rows || columns > sheetLimits.columns) {
    throw new RangeError(`Cannot write ${where}: a sheet must have at most 1048576 rows and 16384 columns`);
  }
}

/** True when two names differ at most in case. */
export function hasRepeats(names: readonly string[]): boolean {
  return new Set(names.map((name) => name.toLowerCase())).size < names.length;
}

/** Lines that a text fills when words stay whole; a word that is longer than a line is cut. */
export function wrappedLines(text: string, perLine: number): number {
  return text.split("\n").reduce((sum, line) => sum + linesOf(line.split(" "), perLine), 0);
}

function linesOf(words: readonly string[], perLine: number): number {
  let lines = 1;
  let used = -1;
  for (const { length } of words) {
    if (used >= 0 && used + 1 + length > perLine) {
      lines += 1;
      used = -1;
    }
    used += 1 + length;
    lines += Math.floor(Math.max(0, used - 1) / perLine);
    used = used > perLine ? ((used - 1) % perLine) + 1 : used;
  }
  return lines;
}

/** The part `xl/tables/table<id>.xml`. */
export function tablePart(
  id: number,
  table: { readonly name: string; readonly columns: readonly string[]; readonly filter: boolean },
  ref: string,
): string {
  const columns = table.columns
    .map(
      (name, index) => `<tableColumn id="${index + 1}" name="${attribute(storedText(name, "a header"))}"/>`,
    )
    .join("");
  return (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
    '<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"' +
    ` id="${id}" name="${table.name}" displayName="${table.name}" ref="${ref}" totalsRowShown="0">` +
    (table.filter ? `<autoFilter ref="${ref}"/>` : "") +
    `<tableColumns count="${table.columns.length}">${columns}</tableColumns>` +
    '<tableStyleInfo name="TableStyleLight1" showFirstColumn="0" showLastColumn="0" showRowStripes="0" showColumnStripes="0"/>' +
    "</table>"
  );
}
