import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  germanBytes,
  germanChange,
  germanDay,
  germanDayOf,
  germanInstant,
  germanNumber,
  printable,
} from "../../../shared/report/german-text.ts";
import { readDeliveryId, receiptFileName } from "../../../shared/report/receipt.ts";

describe("German text", () => {
  test.each([
    [germanNumber(64_218), "64.218"],
    [germanNumber(-5), "−5"],
    [germanChange(0.002), "+0,2\u00a0%"],
    [germanChange(-0.5), "−50\u00a0%"],
    [germanChange(0), "±0\u00a0%"],
    [germanChange(0.0001), "±0\u00a0%"],
    [germanChange(-0.0001), "±0\u00a0%"],
    [germanBytes(0), "0\u00a0Bytes"],
    [germanBytes(24_576), "24\u00a0KB"],
    [germanBytes(1_610_612_736), "1,5\u00a0GB"],
    [germanDay("2026-11-20"), "20.11.2026"],
    [germanDay("2026-10"), "Oktober 2026"],
    [germanDay("unklar"), "unklar"],
    [germanInstant("2026-11-23T11:04:00Z", "Europe/Berlin"), "23.11.2026 um 12:04 Uhr"],
    [germanInstant("2026-07-23T22:30:00Z", "Europe/Berlin"), "24.07.2026 um 00:30 Uhr"],
    [germanInstant("2026-11-30", "Europe/Berlin"), "30.11.2026"],
    [germanDayOf("2026-12-31T23:30:00Z", "Europe/Berlin"), "01.01.2027"],
  ])("case %#", (text, expected) => {
    expect(text).toBe(expected);
  });

  test("printable() gives one line without control characters, at most 200 characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        expect(printable(text)).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u);
        expect([...printable(text)].length).toBeLessThanOrEqual(200);
      }),
    );
  });
});

describe("readDeliveryId()", () => {
  test.each([
    ["ewo-alw-2026-11-20-3f9a1c0b7d2e", "ewo-alw", "-", "Quittung_EWO-ALW_2026-11-20_3f9a1c0b7d2e.xlsx"],
    ["ewo-2026-10-31-3f9a1c0b7d2e", "ewo", "-", "Quittung_EWO_2026-10-31_3f9a1c0b7d2e.xlsx"],
    [
      "akdn-sozial-2026-10-3f9a1c0b7d2e",
      "akdn-sozial",
      "-",
      "Quittung_AKDN-SOZIAL_2026-10_3f9a1c0b7d2e.xlsx",
    ],
    [
      "schild-123456-2026-10-15-3f9a1c0b7d2e",
      "schild",
      "123456",
      "Quittung_SCHILD-123456_2026-10-15_3f9a1c0b7d2e.xlsx",
    ],
  ])("%s", (id, register, part, fileName) => {
    const parts = readDeliveryId(id);
    expect(parts).toMatchObject({ register, part });
    expect(parts && receiptFileName(parts)).toBe(fileName);
  });

  test("refuses every other text", () => {
    const form = /^[a-z]+(-[a-z0-9]+)*-\d{4}-\d{2}(-\d{2})?-[0-9a-f]{12}$/;
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        if (!form.test(text)) expect(readDeliveryId(text)).toBeUndefined();
      }),
    );
  });
});
