import type { Attacker, AttackModel, Knowledge, Sum } from "../../../shared/disclosure/attack-model.ts";
import { attackModel } from "../../../shared/disclosure/attacker/attacker.ts";

type Line = { readonly code: string; readonly cells: readonly string[] };

/**
 * What the attacker answers on tables written as texts: codes of the columns in the first line, then one line per row,
 * its code first. "x" is a suppressed cell, "?" one that nobody shows, "." one that only ties tables, "0-2" an interval. "T" is the sum of all one-letter codes, any other code the
 * sum of those that begin with it and have one letter more. Cells of the same name in two tables are the same cell.
 */
export async function attackedTables(attacker: Attacker, ...texts: readonly string[]): Promise<unknown> {
  const model = modelOf(texts);
  const outcome = await attackModel(model, attacker, 3);
  return outcome.kind === "unproven"
    ? outcome.reason
    : outcome.disclosed.map(({ cell, low, high, pinnedBy }) => {
        const numbers = low === high ? `${low}` : `${low}-${high}`;
        return `${model.cells[cell]?.name} is ${numbers} by ${pinnedBy.join(", ")}`;
      });
}

function modelOf(texts: readonly string[]): AttackModel {
  const knowledge = new Map<string, Knowledge>();
  const sums = texts.flatMap((text) => {
    const [head, ...rows] = text.trim().split("\n").map(lineOf);
    const columns = head?.cells ?? [];
    for (const { code, cells } of rows) {
      for (const [at, column] of columns.entries()) {
        knowledge.set(`${code} ${column}`, knowledgeOf(cells[at] ?? ""));
      }
    }
    return namedSums(
      rows.map(({ code }) => code),
      columns,
    );
  });
  const at = [...knowledge.keys()];
  return {
    cells: [...knowledge].map(([name, known]) => ({ name, knowledge: known })),
    sums: sums.map(
      ({ total, parts, place }): Sum => ({
        total: at.indexOf(total),
        parts: parts.map((part) => at.indexOf(part)),
        place,
      }),
    ),
  };
}

function lineOf(line: string): Line {
  const [code = "", ...cells] = line.split("|").map((cell) => cell.trim());
  return { code, cells };
}

function knowledgeOf(text: string): Knowledge {
  if (text === "x" || text === "?" || text === ".") {
    return { kind: text === "x" ? "suppressed" : text === "?" ? "unpublished" : "auxiliary" };
  }
  const [low, high] = text.split("-").map(Number);
  return high === undefined ? { kind: "exact", value: low ?? 0 } : { kind: "between", low: low ?? 0, high };
}

function namedSums(rows: readonly string[], columns: readonly string[]) {
  const down = groupsOf(rows).flatMap(({ total, parts }) =>
    columns.map((column) => ({
      total: `${total} ${column}`,
      parts: parts.map((part) => `${part} ${column}`),
      place: `column ${column}`,
    })),
  );
  const across = groupsOf(columns).flatMap(({ total, parts }) =>
    rows.map((row) => ({
      total: `${row} ${total}`,
      parts: parts.map((part) => `${row} ${part}`),
      place: `row ${row}`,
    })),
  );
  return [...down, ...across];
}

function groupsOf(codes: readonly string[]) {
  const isPart = (total: string, part: string) =>
    total === "T"
      ? part !== "T" && part.length === 1
      : part.length === total.length + 1 && part.startsWith(total);
  return codes
    .map((total) => ({ total, parts: codes.filter((part) => isPart(total, part)) }))
    .filter(({ parts }) => parts.length > 0);
}
