import { germanNumber } from "../report/german-text.ts";
import type { Receipt } from "../report/receipt.ts";
import { type ReceiptVerdict, receiptHead } from "../report/receipt-head.ts";
import { type FindingGroup, type ReceiptSummary, summariseReceipt } from "../report/receipt-summary.ts";
import { type Markup, markup, nothing, page, table } from "./layout.ts";
import { texts } from "./texts.ts";

const tones = {
  accepted: "good",
  "accepted-with-notes": "good",
  repeated: "good",
  "repeated-held": "note",
  held: "note",
  rejected: "bad",
} as const satisfies Record<ReceiptVerdict, string>;

/**
 * The receipt as one page of HTML that can be read from the web, from a folder and on paper. Findings are grouped by code
 * and column; no cell of the delivered file is on it, not even a code.
 */
export function receiptPage(receipt: Receipt): string {
  const summary = summariseReceipt(receipt);
  const head = receiptHead(receipt, summary);
  const words = texts.receipt;
  const facts = head.facts.map(
    ({ label, text }) => markup`<dt>${label}</dt><dd>${text}</dd>
`,
  );
  const main = markup`<h1>${head.title}</h1>
<div class="verdict ${tones[head.verdict]}">
<p class="counts">${head.counts}</p>
<p>${head.result}</p>
</div>
<h2>${words.todo}</h2>
<p>${head.todo}</p>
${fileFindings(summary)}${groups(words.rejected, summary.rejected)}${groups(words.notes, summary.notes)}${workbookLink(receipt, summary)}<h2>${words.facts}</h2>
<dl>
${facts}</dl>`;
  return page({ title: head.title, main, footer: words.footer });
}

function fileFindings({ file }: ReceiptSummary): Markup {
  if (file.length === 0) return nothing;
  const { code, wrong, todo } = texts.receipt.columns;
  return markup`<h2>${texts.receipt.file}</h2>
${table({
  caption: texts.receipt.file,
  columns: [{ text: code }, { text: wrong }, { text: todo }],
  rows: file.map((finding) => [finding.code, finding.text.wrong, finding.text.todo]),
})}`;
}

function groups(caption: string, found: readonly FindingGroup[]): Markup {
  if (found.length === 0) return nothing;
  const { code, column, count, lines, wrong, todo } = texts.receipt.columns;
  return markup`<h2>${caption}</h2>
${table({
  caption,
  columns: [
    { text: code },
    { text: column },
    { text: count, number: true },
    { text: lines },
    { text: wrong },
    { text: todo },
  ],
  rows: found.map((group) => [
    group.code,
    group.label,
    germanNumber(group.count),
    lineList(group),
    group.text.wrong,
    group.text.todo,
  ]),
})}`;
}

function lineList({ firstLines, count }: FindingGroup): string {
  if (firstLines.length === 0) return "–";
  const rest = count - firstLines.length;
  const lines = firstLines.join(", ");
  return rest > 0 ? `${lines} ${texts.receipt.moreLines(rest)}` : lines;
}

/** Relative, so that it works on the page and in a folder that holds both files. */
function workbookLink({ delivery }: Receipt, summary: ReceiptSummary): Markup {
  if (summary.rejected.length + summary.notes.length === 0) return nothing;
  return markup`<p><a href="${encodeURIComponent(delivery.id)}.xlsx">${texts.receipt.allRows}</a></p>
`;
}
