import { expect, test } from "vitest";
import { formerReleases } from "../../../shared/release/former-releases.ts";
import type { ReleaseOnItsWay } from "../../../shared/release/overtaken.ts";

function release(id: string, referenceDate: string, facts: Partial<ReleaseOnItsWay> = {}): ReleaseOnItsWay {
  return { id, referenceDate, state: "published", turn: 1, ...facts };
}

test("formerReleases() takes the one published last in each earlier week, newest week first", () => {
  const releases = [
    release("older", "2026-11-06"),
    release("corrected", "2026-11-13", { turn: 2 }),
    release("first", "2026-11-13"),
    release("refused", "2026-11-13", { turn: 3, state: "withdrawn" }),
    release("this week's", "2026-11-20"),
    release("later", "2026-11-27"),
  ];
  const ids = formerReleases(releases, "2026-11-20").map(({ id }) => id);
  expect(ids).toEqual(["corrected", "older"]);
  expect(formerReleases(releases.toReversed(), "2026-11-20").map(({ id }) => id)).toEqual(ids);
  expect(formerReleases(releases, "2026-11-06")).toEqual([]);
});

test("formerReleases() looks back eight weeks in which something was published", () => {
  const releases = Array.from({ length: 9 }, (_, week) => release(`${week}`, `2026-0${week + 1}-02`));
  expect(formerReleases(releases, "2026-11-20").map(({ id }) => id)).toEqual([..."87654321"]);
});
