import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideEncoding } from "../../shared/registers/encoding.ts";
import { FileRefused } from "../../shared/registers/source-table.ts";
import { type TextRecord, textRecords } from "../../shared/registers/text-records.ts";
import { fileOf, readFile, wantedOf } from "../spec/registers/readers-case.ts";

const runs = { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 300), seed: 20_261_120 };

const field = fc.string({
  unit: fc.constantFrom("a", "ü", "€", "😀", "M\u030c", ";", '"', "\n", "\r\n", " ", "1"),
  maxLength: 6,
});
const lineEnd = fc.constantFrom("\n", "\r\n");
const blankLines = fc.constantFrom("", "", "", "\n", "\r\n", " \n");

type Written = {
  readonly text: string;
  readonly lines: readonly number[];
  readonly rows: readonly string[][];
};

/** Writes rows as RFC 4180 says, and on which line each begins. Shares nothing with the reader. */
function written(rows: readonly string[][], ends: readonly string[], blanks: readonly string[]): Written {
  let text = "A;B;C\n";
  const lines: number[] = [];
  for (const [at, row] of rows.entries()) {
    text += blanks[at % blanks.length] ?? "";
    lines.push(text.split("\n").length);
    text += row.map(quotedIfNeeded).join(";") + (ends[at % ends.length] ?? "\n");
  }
  return { text, lines, rows };
}

function quotedIfNeeded(text: string): string {
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const table = fc
  .tuple(
    fc.array(fc.tuple(field, field, field), { maxLength: 12 }),
    fc.array(lineEnd, { minLength: 1, maxLength: 3 }),
    fc.array(blankLines, { minLength: 1, maxLength: 4 }),
  )
  .map(([rows, ends, blanks]) => written(rows, ends, blanks));

/** Text in which quotes and line ends stand anywhere. */
const anyText = fc.string({
  unit: fc.constantFrom("a", "ü", ";", ";", '"', '"', "\n", "\r\n", "\r", " ", '"\n', ';"', '";'),
  maxLength: 60,
});

async function recordsOf(
  text: string | Uint8Array,
  chunkLength: number,
  bufferChars: number,
): Promise<TextRecord[]> {
  const source = fileOf(text, "a.csv", chunkLength);
  const records: TextRecord[] = [];
  const facts = await decideEncoding(source);
  for await (const some of textRecords(source, facts, ";", "quoted", bufferChars)) records.push(...some);
  return records;
}

describe("openTable()", () => {
  it("gives back every row of a well written file, on its line", async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async ({ text, lines, rows }, chunkLength) => {
        const read = await readFile(fileOf(text, "a.csv", chunkLength), wantedOf("A B C"));
        expect(read.findings).toEqual([]);
        expect(read.rows.map(({ defect }) => defect)).toEqual(rows.map(() => undefined));
        expect(read.rows.map(({ line }) => line)).toEqual(lines);
        expect(read.rows.map(({ fields }) => [...fields])).toEqual(rows);
      }),
      runs,
    );
  });

  it("reads or rejects every data row of a file that a plain parser counts", async () => {
    const columns = fc.array(fc.stringMatching(/^[a-zäö1-9]{1,4}$/), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(columns, { maxLength: 40 }), async (rows) => {
        const text = ["A;B;C", ...rows.map((row) => row.join(";"))].join("\n");
        const read = await readFile(fileOf(`${text}\n`), wantedOf("A B C"));
        const plain = rows.filter((row) => row.length === 3).length;
        expect(read.rows).toHaveLength(rows.length);
        expect(read.rows.filter(({ defect }) => defect === undefined)).toHaveLength(plain);
        expect(read.rows.filter(({ defect }) => defect?.code === "E-001")).toHaveLength(rows.length - plain);
      }),
      runs,
    );
  });
});

describe("textRecords()", () => {
  it("does not depend on how chunks are cut, whatever the text holds", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyText,
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 20 }),
        async (body, chunkLength, bufferChars) => {
          const text = `A;B\n${body}`;
          const whole = await recordsOf(text, text.length * 4, 1_000_000);
          expect(await recordsOf(text, chunkLength, bufferChars)).toEqual(whole);
        },
      ),
      { ...runs, numRuns: runs.numRuns * 4 },
    );
  });

  it("covers every line that is not blank, in ascending order, whatever the text holds", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (body) => {
        const records = await recordsOf(`A;B\n${body}`, 1_000, 10);
        const lines = records.map(({ line }) => line);
        expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
        const covered = new Set<number>();
        for (const { line, fields, isUnclosed } of records) {
          const more = isUnclosed ? 0 : fields.join("").split("\n").length - 1;
          for (let at = line; at <= line + more; at++) covered.add(at);
        }
        const all = `A;B\n${body}`.split("\n").flatMap((line, at) => (/^["\s]*$/.test(line) ? [] : [at + 1]));
        expect(all.filter((line) => !covered.has(line))).toEqual([]);
      }),
      runs,
    );
  });

  it.each([1_000, 65_520, 65_530, 65_536, 65_540, 70_000])(
    "treats a quoted record of %i characters alike in all cuts",
    async (length) => {
      const text = `A;B\n1;"${"x\n".repeat(length / 2)}"\n2;b\n`;
      const whole = await recordsOf(text, 1_000_000, 1_000_000);
      for (const chunkLength of [1_000, 4_096, 65_536]) {
        expect(await recordsOf(text, chunkLength, 1_024)).toEqual(whole);
      }
      expect(whole.at(-1)?.fields).toEqual(["2", "b"]);
      expect(whole[1]?.isUnclosed).toBe(length > 65_530);
    },
  );
});

describe("decideEncoding()", () => {
  it("does not depend on how chunks are cut, whatever the bytes are", async () => {
    const bytes = fc.array(
      fc.constantFrom(
        0x41,
        0x0a,
        0x0d,
        0xc3,
        0xbc,
        0xe2,
        0x82,
        0xac,
        0xfc,
        0x81,
        0xef,
        0xbf,
        0xbd,
        0xfe,
        0xff,
        0,
      ),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    const decided = async (content: Uint8Array, chunkLength: number) => {
      try {
        const { encoding, endsInLineBreak } = await decideEncoding(fileOf(content, "a.csv", chunkLength));
        return { encoding, endsInLineBreak };
      } catch (error) {
        return error instanceof FileRefused ? error.finding.code : error;
      }
    };
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 4 }), async (content, chunkLength) => {
        const file = Uint8Array.from(content);
        expect(await decided(file, chunkLength)).toEqual(await decided(file, 100));
      }),
      { ...runs, numRuns: runs.numRuns * 4 },
    );
  });
});
