import { describe, expect, test } from "vitest";
import { columnsNeededOf } from "../../../shared/population/columns-needed.ts";
import { registers } from "../../../shared/registers/index.ts";

describe("columnsNeededOf()", () => {
  const parts = registers.flatMap((register) => register.parts.map((part) => ({ register, part })));

  test.each(parts.map(({ register, part }) => [register.id, part, register.storedOf(part)] as const))(
    "%s, part %s: every column is stored, with this type",
    (id, part, stored) => {
      expect(stored).toMatchObject(columnsNeededOf(id, part));
    },
  );

  test("reads nothing of parts that no table rests on", () => {
    expect(columnsNeededOf("gliederung", "geometrie")).toEqual({});
    expect(columnsNeededOf("gliederung", "toString")).toEqual({});
  });
});
