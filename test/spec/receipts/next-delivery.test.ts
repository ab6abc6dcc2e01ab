import { describe, expect, test } from "vitest";
import { officeRegister, officeSchema } from "../../../shared/registers/office.ts";
import { nextDelivery } from "../../../shared/report/next-delivery.ts";

function agreed(erwartet?: object) {
  const office = {
    name: "Musterstadt",
    kontakt: { stelle: "Statistikstelle" },
    lieferungen: [{ register: "ewo", erwartet }],
  };
  return officeRegister(officeSchema.parse(office), "ewo");
}

describe("nextDelivery()", () => {
  test.each([
    // Monday 23.11.2026
    [{ wochentag: "montag", uhrzeit: "12:00" }, "2026-11-23", "2026-11-30"],
    [{ wochentag: "montag", uhrzeit: "12:00" }, "2026-11-22", "2026-11-23"],
    [{ wochentag: "sonntag", uhrzeit: "12:00" }, "2026-12-28", "2027-01-03"],
    [{ tagImMonat: 10, uhrzeit: "12:00" }, "2026-11-09", "2026-11-10"],
    [{ tagImMonat: 10, uhrzeit: "12:00" }, "2026-11-10", "2026-12-10"],
    [{ tagImMonat: 10, uhrzeit: "12:00" }, "2026-12-24", "2027-01-10"],
    [{ tagImMonat: 31, uhrzeit: "12:00" }, "2027-02-01", "2027-02-28"],
    [{ tagImMonat: 31, uhrzeit: "12:00" }, "2027-02-28", "2027-03-31"],
  ])("%j after %s is %s", (erwartet, receivedOn, next) => {
    expect(nextDelivery(agreed(erwartet), receivedOn)).toBe(next);
  });

  test("is unknown where nothing is agreed", () => {
    expect(nextDelivery(agreed(), "2026-11-23")).toBeUndefined();
  });
});
