import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markup, messagePage, page, table } from "../../../shared/pages/layout.ts";
import { stylesheet } from "../../../shared/pages/stylesheet.ts";

describe("markup()", () => {
  test("escapes values, joins lists, keeps markup", () => {
    const parts = ["<b>", markup`<i>${"&"}</i>`];
    expect(markup`<p title="${'"'}">${parts}</p>`.toString()).toBe(
      '<p title="&quot;">&lt;b&gt;<i>&amp;</i></p>',
    );
  });

  test("refuses parts that are not there yet", () => {
    expect(() => markup`<p>${Promise.resolve("x")}</p>`).toThrow(TypeError);
  });
});

describe("page()", () => {
  test("no text of foreign origin can add a tag or an attribute", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(..."<>\"'&/= a") }),
    );
    fc.assert(
      fc.property(text, (foreign) => {
        expect(skeleton(wholePage(foreign))).toBe(skeleton(wholePage("x")));
      }),
      { numRuns: 200 },
    );
  });

  test("names the language, the title and a way past the navigation", () => {
    const made = messagePage("Nicht gefunden", "Satz.");
    expect(made).toMatch(/^<!DOCTYPE html>\n<html lang="de">/);
    expect(made).toContain("<title>Nicht gefunden – Bevölkerung aktuell</title>");
    expect(made).toContain('<a class="skip" href="#inhalt">');
    expect(made).toContain('<main id="inhalt"');
  });
});

function wholePage(foreign: string): string {
  return page({
    title: foreign,
    main: table({
      caption: foreign,
      columns: [{ text: foreign }, { text: foreign, number: true }],
      rows: [[foreign, foreign]],
    }),
    links: [{ href: foreign, text: foreign }],
    footer: foreign,
  });
}

/** The tags of a page with the names of their attributes, without any text. */
function skeleton(made: string): string {
  const tags = made.replace(stylesheet, "").match(/<[^>]*>/g) ?? [];
  return tags.map((tag) => tag.replace(/"[^"]*"/g, '""')).join("");
}

describe("stylesheet", () => {
  const schemes = [...stylesheet.matchAll(/:root\{([^}]*)\}/g)].map(([, rules = ""]) => colours(rules));

  test.each([
    ["light", schemes[0]],
    ["dark", schemes[1]],
    ["print", schemes[2]],
  ])("text has a contrast of at least 4.5 : 1, borders of 3 : 1: %s", (_, scheme) => {
    const colour = { ...schemes[0], ...scheme };
    for (const name of ["ink", "quiet", "link"]) {
      expect(contrast(colour[name], colour["paper"]), name).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(colour["ink"], colour["band"])).toBeGreaterThanOrEqual(4.5);
    for (const name of ["line", "good", "note", "bad"]) {
      expect(contrast(colour[name], colour["paper"]), name).toBeGreaterThanOrEqual(3);
    }
  });

  test("loads nothing from elsewhere", () => {
    expect(stylesheet).not.toMatch(/url\(|@import|<|expression/);
  });
});

function colours(rules: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...rules.matchAll(/--(\w+):(#\w+)/g)].map(([, name, value]) => [name, value]));
}

/** Contrast of WCAG 2.2 between two colours "#rgb" or "#rrggbb". */
function contrast(a = "", b = ""): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const digits = colour.length === 4 ? colour.replace(/\w/g, "$&$&") : colour;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
