import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findingCodes } from "../../../shared/registers/finding.ts";
import { factNames, findingText, findingWordings } from "../../../shared/report/finding-texts.ts";
import { qualityTexts } from "../../../shared/report/quality-texts.ts";

const wordings = Object.entries(findingWordings).flatMap(([code, { wrong, todo }]) =>
  [...wrong, ...todo].map((text) => [code, text] as const),
);
const allFacts = Object.fromEntries(factNames.map((name) => [name, `<${name}>`]));

describe("findingWordings", () => {
  test("has a text for every code, and no other", () => {
    expect(Object.keys(findingWordings).sort()).toEqual([...findingCodes].sort());
  });

  test.each(wordings)("%s ends with a full stop: %s", (_, text) => {
    expect(text).toMatch(/^\p{Lu}|^\{/u);
    expect(text).toMatch(/[^.]\.$/);
  });

  test.each(wordings)("%s names only facts that are no content of a cell: %s", (_, text) => {
    const named = [...text.matchAll(/\{(.*?)\}/g)].map((match) => match[1]);
    expect(factNames).toEqual(expect.arrayContaining(named));
    expect(text.replace(/\{\w+\}/g, "")).not.toMatch(/[{}]/);
  });

  test("the facts are a closed list without a word for a cell's content", () => {
    const content = ["wert", "inhalt", "eintrag", "zelle", "name", "text", "value"];
    expect(factNames.filter((name) => content.includes(name))).toEqual([]);
  });

  test("every fact is used by some wording", () => {
    const used = wordings.map(([, text]) => text).join();
    expect(factNames.filter((name) => !used.includes(`{${name}}`))).toEqual([]);
  });
});

describe("qualityTexts", () => {
  const registersFolder = new URL("../../../shared/registers/", import.meta.url);
  const sources = readdirSync(registersFolder)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(new URL(name, registersFolder), "utf8"))
    .join("\n");

  test.each(Object.entries(qualityTexts))(
    "%s is a rule that some register counts, told in whole sentences",
    (rule, text) => {
      expect(sources).toContain(`count("${rule}"`);
      expect(`${text.wrong} ${text.todo}`).toMatch(/^\p{Lu}[^{}]*\. \p{Lu}[^{}]*\.$/u);
    },
  );
});

describe("findingText()", () => {
  test.each(findingCodes)("%s leaves no placeholder, with all facts and without any", (code) => {
    for (const facts of [{}, allFacts]) {
      const { wrong, todo } = findingText(code, facts);
      expect(`${wrong} ${todo}`).not.toMatch(/[{}]|undefined/);
    }
  });

  test("takes the fullest wording whose facts are known", () => {
    const full = { soll: "3 Ziffern", beispiel: "166", liste: "Schlüssel" };
    expect(findingText("E-003", full)).toEqual({
      wrong: "Kein gültiger Schlüssel. Erwartet: 3 Ziffern, z. B. 166.",
      todo: "Bitte den Schlüssel im Fachverfahren berichtigen. Liste: Schlüssel.",
    });
    expect(findingText("E-003", { soll: "3 Ziffern" }).wrong).toBe(
      "Kein gültiger Schlüssel. Erwartet: 3 Ziffern.",
    );
    expect(findingText("E-003", {}).wrong).toBe("Kein gültiger Schlüssel.");
  });

  test("does not read a fact as a wording", () => {
    expect(findingText("D-006", { spalte: "{vorlage}", vorlage: "x" }).wrong).toContain("„{vorlage}“");
  });
});
