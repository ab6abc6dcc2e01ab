import { describe, expect, test } from "vitest";
import { refugeeDefinition } from "../../../shared/population/definition.ts";
import { formForeigners } from "../../../shared/population/foreigners.ts";
import { formRefugees } from "../../../shared/population/refugees.ts";
import { formResidents } from "../../../shared/population/residents.ts";
import { dayNumber, monthNumber } from "../../../shared/registers/calendar.ts";
import { type Row, rowsOf } from "../columns.ts";
import { codes, delivery, friday } from "../registers-of-a-city.ts";

function refugees(
  table: string | readonly Row[],
  definition: "kommunal" | "destatis" = "kommunal",
  ewo = "",
) {
  const rows = typeof table === "string" ? rowsOf(table) : table;
  const { columns } = delivery("ewo-alw", friday, rows);
  const residents = formResidents(delivery("ewo", friday, ewo).columns);
  const foreigners = formForeigners({
    columns,
    referenceDay: dayNumber(friday),
    titles: codes["residence-titles"],
    expiredDays: 90,
    residents: residents.index,
  });
  return formRefugees({
    foreigners,
    definition: refugeeDefinition(definition),
    referenceDay: dayNumber(friday),
    referenceMonth: monthNumber("2026-11"),
    choose: (person) => ((person[0] ?? 0) % 2 === 0 ? "m" : "w"),
  });
}

function statuses(table: string, definition: "kommunal" | "destatis"): readonly string[] {
  const { classes } = refugeeDefinition(definition);
  return Array.from(refugees(table, definition).status, (at) => classes[at] ?? "?");
}

describe("formRefugees() counts by the definition", () => {
  test.each([
    // titel | Asylstand | kommunal | destatis
    ["AKN", "O", "AKN", "AKN"],
    ["AG", "O", "AG", "AG"],
    ["AG_FOLGE", "N", "AG", "AG"],
    ["DU60A_2_1", "N", "DU", "DU"],
    ["DU60A_2_1", "L", "DU", "DU"],
    ["DU60A_2_1", "K", "DU", ""],
    ["DU60A_2_1", "", "DU", ""],
    ["AUSREISE", "N", "", "AUSREISEPFL"],
    ["AUSREISE", "K", "", ""],
    ["FB_24", "K", "", "FB"],
    ["FB_SONST", "K", "", ""],
    ["FB_HUM", "A", "AE_HUM", "AE_HUM"],
    ["AE24", "K", "AE_HUM", "AE_HUM"],
    ["AE104C", "N", "AE_HUM", "AE_HUM"],
    ["NE26_3", "A", "NE_HUM", "NE_HUM"],
    ["FAM_FLU", "K", "", ""],
    ["HEIMATLOS", "K", "", ""],
    ["SONST", "K", "", ""],
  ])("%s with Asylstand %s: kommunal %s, destatis %s", (titel, asylstand, kommunal, destatis) => {
    const table = `person | titel | asylstand\nanna | ${titel} | ${asylstand}`;
    expect(statuses(table, "kommunal")).toEqual(kommunal === "" ? [] : [kommunal]);
    expect(statuses(table, "destatis")).toEqual(destatis === "" ? [] : [destatis]);
  });

  test("FB_HUM after AE_HUM: one person, one status, and the continued title is counted", () => {
    const { count, quality } = refugees(`person | titel  | gueltig_ab | gueltig_bis
                                         anna   | AE25_3 | 2023-01-01 | 2026-10-31
                                         anna   | FB_HUM | 2026-11-01 |`);
    expect([count, quality["status.title-continued"]]).toEqual([1, 1]);
  });
});

describe("formRefugees() follows the population concept", () => {
  test.each([
    ["counts an active foreigner inside the city", "A", "1", "475", "", 1, ""],
    ["not one who moved away", "V", "1", "475", "", 0, "foreigners.not-active"],
    ["not one who moved to an unknown place", "U", "1", "475", "", 0, "foreigners.not-active"],
    ["not one who died", "S", "1", "475", "", 0, "foreigners.not-active"],
    ["not an archived record", "B", "1", "475", "", 0, "foreigners.not-active"],
    ["not an address outside the city", "A", "0", "475", "", 0, "foreigners.outside-city"],
    ["not a German", "A", "1", "000", "", 0, "foreigners.german"],
    ["not one who is also German", "A", "1", "475", "000", 0, "foreigners.german"],
    ["a stateless person", "A", "1", "997", "", 1, ""],
    ["a person of a state that the code table does not know", "A", "1", "?", "", 1, ""],
  ])("%s", (_, meldestatus, in_stadt, staatsang1, staatsang2, count, reason) => {
    const result = refugees([{ person: "anna", meldestatus, in_stadt, staatsang1, staatsang2 }]);
    expect(result.count).toBe(count);
    if (reason !== "") expect(result.quality[reason]).toBe(1);
  });

  test("takes attributes from the row with the latest event, not from that of the status", () => {
    const moved = `person | titel  | gueltig_ab | ereignisdatum | meldestatus | alter
                   anna   | NE26_3 | 2020-01-01 | 2020-01-01    | A           | 17
                   anna   | AE25_1 | 2019-01-01 | 2026-11-13    | V           | 18`;
    expect(refugees(moved).count).toBe(0);
    expect(Array.from(refugees(moved.replace(" V ", " A ")).ageGroup)).toEqual([2]);
  });

  test("naturalised last week: the newest row decides", () => {
    const rows = `person | titel | ereignisdatum | staatsang1 | staatsang2
                  anna   | AE24  | 2025-01-01    | 475        |
                  anna   | SONST | 2026-11-18    | 000        | 475`;
    expect(refugees(rows).quality["foreigners.german"]).toBe(1);
  });

  test("tells without valid status from unclear status", () => {
    const { count, quality } = refugees(`person | titel   | gueltig_bis
                                         anna   | AE24    | 2025-06-30
                                         boris  | NOWHERE |`);
    expect([count, quality["foreigners.without-valid-status"], quality["foreigners.status-unclear"]]).toEqual(
      [0, 1, 1],
    );
  });

  test("counts d, x and unknown sex under male or female by the key of the person", () => {
    const { sex, quality } = refugees(`person | geschlecht
                                       a      | m
                                       a2     | w
                                       b      | d
                                       c      | x
                                       d      |`);
    // "a" 0x61 is odd, "b" even, "c" odd, "d" even
    expect(Array.from(sex)).toEqual([0, 1, 0, 1, 0]);
    expect(quality["refugees.sex-assigned"]).toBe(3);
  });

  test.each([
    ["2026-11", "0"],
    ["2025-12", "0"],
    ["2025-11", "1-2"],
    ["2023-12", "1-2"],
    ["2023-11", "3-5"],
    ["2020-12", "3-5"],
    ["2020-11", "6-9"],
    ["2016-12", "6-9"],
    ["2016-11", "10+"],
    ["2026-12", "u"],
    ["", "u"],
  ])("entry %s is duration %s in November 2026", (einreise, code) => {
    const codesOfStay = ["0", "1-2", "3-5", "6-9", "10+", "u"];
    expect(codesOfStay[refugees([{ person: "anna", einreise }]).stay[0] ?? -1]).toBe(code);
  });

  test.each([
    ["0", "0-5"],
    ["5", "0-5"],
    ["6", "6-17"],
    ["17", "6-17"],
    ["18", "18-29"],
    ["29", "18-29"],
    ["30", "30-44"],
    ["45", "45-64"],
    ["64", "45-64"],
    ["65", "65+"],
    ["104", "65+"],
    ["", "u"],
  ])("age %s is group %s", (alter, code) => {
    const groups = ["0-5", "6-17", "18-29", "30-44", "45-64", "65+", "u"];
    expect(groups[refugees([{ person: "anna", alter }]).ageGroup[0] ?? -1]).toBe(code);
  });
});

describe("mergeAliases()", () => {
  const doubles = `person | aliasgruppe | titel   | geschlecht
                   anna   | 7           | DU60A_1 | d
                   anne   | 7           | AE24    | d
                   boris  | 0           | AG      | m
                   clara  | 0           | AG      | w`;

  test("makes one person of two PersNr with the same AZRNr, and none of those without", () => {
    const { count, quality } = refugees(doubles);
    expect([count, quality["foreigners.aliases-merged"]]).toEqual([3, 1]);
  });

  test("joins the rows: the highest class of all decides", () => {
    expect(statuses(doubles, "kommunal").toSorted()).toEqual(["AE_HUM", "AG", "AG"]);
  });

  test("chains groups that share a PersNr", () => {
    const chain = `person | aliasgruppe
                   anna   | 1
                   anne   | 1
                   anne   | 2
                   anni   | 2`;
    expect(refugees(chain).count).toBe(1);
  });

  test("lets the PersNr of the residents register stand for the person, else the smaller hash", () => {
    const sexOf = (ewo: string) =>
      refugees(
        `person | aliasgruppe | geschlecht
       bert   | 7           | d
       carl   | 7           | d`,
        "kommunal",
        ewo,
      ).sex[0];
    // "bert" 0x62 is even (m), "carl" 0x63 odd (w)
    expect(sexOf("")).toBe(0);
    expect(sexOf("person\ncarl")).toBe(1);
    expect(sexOf("person\ncarl\nbert")).toBe(0);
  });

  test("counts who is found in the residents register", () => {
    const { quality } = refugees(doubles, "kommunal", "person\nanne\nboris");
    expect(quality["refugees.in-residents-register"]).toBe(2);
    expect(quality["refugees.not-in-residents-register"]).toBe(1);
  });
});
