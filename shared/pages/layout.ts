import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { stylesheet } from "./stylesheet.ts";
import { texts } from "./texts.ts";

/** Escaped HTML. Only `markup` and `page` make it, so that foreign text cannot become a tag. */
export type Markup = HtmlEscapedString;

/** Tagged template: values are escaped, arrays joined, markup taken as it is. */
export function markup(strings: TemplateStringsArray, ...values: readonly unknown[]): Markup {
  const made = html(strings, ...values);
  if (made instanceof Promise) throw new TypeError("Cannot make page: its parts must not be promises");
  return made;
}

export const nothing: Markup = markup``;

export type PageParts = {
  readonly title: string;
  readonly main: Markup;
  /** Links at the top; a receipt has none, because it is also read as a file. */
  readonly links?: readonly { readonly href: string; readonly text: string }[];
  readonly footer?: string;
};

/**
 * A whole page that needs nothing else: no script, no font, no picture. Its one style element is allowed by its hash
 * (`securityHeaders`), so it stands first in the head.
 */
export function page({ title, main, links = [], footer = texts.footer }: PageParts): string {
  const whole = markup`<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="utf-8">
<style>${raw(stylesheet)}</style>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title} – ${texts.product}</title>
</head>
<body>
<a class="skip" href="#inhalt">${texts.skipLink}</a>
<header>
<p class="product">${texts.product}</p>
${navigation(links)}</header>
<main id="inhalt" tabindex="-1">
${main}
</main>
<footer><p>${footer}</p></footer>
</body>
</html>
`;
  return whole.toString();
}

function navigation(links: NonNullable<PageParts["links"]>): Markup {
  if (links.length === 0) return nothing;
  const items = links.map(({ href, text }) => markup`<li><a href="${href}">${text}</a></li>`);
  return markup`<nav aria-label="${texts.navigation}"><ul>${items}</ul></nav>
`;
}

export type TableParts = {
  readonly caption: string;
  /** Column headings; `number` columns stand right. */
  readonly columns: readonly { readonly text: string; readonly number?: true }[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly (string | Markup)[])[];
};

/** A table that scrolls sideways on a narrow screen, also by keyboard. */
export function table({ caption, columns, rows }: TableParts): Markup {
  const heads = columns.map(({ text, number }) => markup`<th scope="col"${classOf(number)}>${text}</th>`);
  const body = rows.map(([name, ...cells]) => {
    const rest = cells.map((cell, at) => markup`<td${classOf(columns[at + 1]?.number)}>${cell}</td>`);
    return markup`<tr><th scope="row">${name}</th>${rest}</tr>
`;
  });
  return markup`<section class="scroll" tabindex="0" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${body}</tbody>
</table></section>
`;
}

function classOf(number: true | undefined): Markup {
  return number ? markup` class="number"` : nothing;
}

/** A page that says one sentence and a way on: 401, 403, 404. */
export function messagePage(title: string, sentence: string): string {
  return page({
    title,
    main: markup`<h1>${title}</h1>
<p>${sentence}</p>`,
  });
}
