import { describe, expect, test } from "vitest";
import { type Choice, leastLoss } from "../../../shared/disclosure/least-loss.ts";

/** Passes the choices in `good`; of the others the positions in `wanting` are at fault. */
function judge(good: readonly string[], wanting: readonly number[] = []) {
  const tried: string[] = [];
  const attempt = async (choice: Choice) => {
    tried.push(choice.join(" "));
    return good.includes(choice.join(" "))
      ? ({ kind: "passed", result: choice.join(" ") } as const)
      : ({ kind: "wanting", positions: wanting } as const);
  };
  return { tried, attempt };
}

describe("leastLoss()", () => {
  test("takes the first options where they pass", async () => {
    const { attempt, tried } = judge(["0 0"]);
    expect(await leastLoss([[0], [0, 5]], attempt, 9)).toBe("0 0");
    expect(tried).toEqual(["0 0"]);
  });

  test("takes the choice with the least loss of all, not the nearest one", async () => {
    // "1 0" loses 7, "0 2" loses 3 + 3 = 6
    const { attempt } = judge(["1 0", "0 2"], [0, 1]);
    expect(
      await leastLoss(
        [
          [0, 7],
          [0, 3, 6],
        ],
        attempt,
        9,
      ),
    ).toBe("0 2");
  });

  test("moves only positions that are wanting", async () => {
    const { attempt, tried } = judge(["0 1"], [1]);
    await leastLoss(
      [
        [0, 1],
        [0, 9],
      ],
      attempt,
      9,
    );
    expect(tried).toEqual(["0 0", "0 1"]);
  });

  test("moves any position where nobody knows which is wanting", async () => {
    const { attempt } = judge(["1 0"]);
    expect(
      await leastLoss(
        [
          [0, 2],
          [0, 9],
        ],
        attempt,
        9,
      ),
    ).toBe("1 0");
  });

  test("gives up after the attempts and takes the last options of what is wanting", async () => {
    const { attempt, tried } = judge(["0 3"], [1]);
    expect(await leastLoss([[0], [0, 1, 2, 3]], attempt, 2)).toBe("0 3");
    expect(tried).toEqual(["0 0", "0 1", "0 1", "0 3"]);
  });

  test("stops with an error where not even the last options pass", async () => {
    const { attempt } = judge([]);
    await expect(leastLoss([[0, 1]], attempt, 9)).rejects.toThrow(TypeError);
  });
});
