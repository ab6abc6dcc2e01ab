import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { finished } from "node:stream/promises";
import { monthText } from "../../shared/registers/calendar.ts";
import { monthLabel, type Recipient, recipientIn } from "./benefits.ts";
import { CityWorkbook } from "./city-workbook.ts";
import { germanDate, germanMoney, germanPartialDate } from "./dates.ts";
import { addressOn } from "./dwelling.ts";
import { foreignersOf } from "./foreigners.ts";
import { refugeeFamilies, refugeeFamily } from "./households.ts";
import { nameOf } from "./names.ts";
import { Dice } from "./random.ts";
import { writtenIn } from "./spelling.ts";
import type { City } from "./write-ewo-alw.ts";

const headings =
  "Berichtsmonat;Fall-Nr;Personennummer;Stellung;PKS;Leistungsart;Bedarfsstufe;Unterbringung;Nachname;Vorname;GebDat;Geschlecht;Staatsangehörigkeit;Straße;Hausnummer;PLZ;Leistungsbeginn;Leistungsende;Betrag;Kostenträger;Belegnummer;IBAN".split(
    ";",
  );

/** Everyone with a payment in a month, family by family. */
function* recipientsIn(city: City, month: number): Generator<Recipient> {
  for (let running = 0; running < refugeeFamilies(city.plan); running += 1) {
    const family = refugeeFamily(city.seed, running);
    // The month before the arrival cannot have a payment.
    if (Math.floor(family.arrives / 30.4) > month - 1970 * 12 + 2) continue;
    for (const person of foreignersOf(city.seed, city.town, family)) {
      const found = recipientIn(city.seed, person, month);
      if (found !== undefined) yield found;
    }
  }
}

/** Writes the billing of a month as the workbook of the social office; `seen` is told of every recipient. */
export async function writeAkdn(
  city: City,
  path: string,
  month: number,
  seen: (recipient: Recipient) => void,
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const output = createWriteStream(path);
  const workbook = new CityWorkbook(output);
  const sheet = workbook.addWorksheet("Abrechnung");
  const title = sheet.addRow(["Fachbereich Soziales - Leistungen nach dem AsylbLG"]);
  sheet.mergeCells(1, 1, 1, 8);
  title.commit();
  sheet.addRow([`Berichtsmonat ${monthLabel(month, 1)}`]).commit();
  sheet.addRow([]).commit();
  const head = sheet.addRow(["Fall", "", "", "", "Leistung", "", "", "", "Person"]);
  sheet.mergeCells(4, 1, 4, 4);
  sheet.mergeCells(4, 5, 4, 8);
  head.commit();
  sheet.addRow(headings).commit();
  let total = 0;
  let rows = 0;
  for (const recipient of recipientsIn(city, month)) {
    seen(recipient);
    for (const row of rowsOf(city, recipient, month)) {
      sheet.addRow(row).commit();
      rows += 1;
      if (rows % 500 === 0) await workbook.drained();
    }
    total += recipient.bookings.reduce((sum, booking) => sum + booking.cents, 0);
  }
  sheet.addRow(["Summe", "", "", ...new Array<string>(15).fill(""), total / 100]).commit();
  sheet.commit();
  const hidden = workbook.addWorksheet("Hilfstabelle", { state: "hidden" });
  hidden.addRow(["PKS", "Bezeichnung"]).commit();
  hidden.commit();
  await workbook.commit();
  await finished(output);
}

function* rowsOf(city: City, recipient: Recipient, month: number): Generator<(string | number | null)[]> {
  const { person, bookings } = recipient;
  const { family, member, at } = person;
  const name = nameOf(city.seed, family.origin.names, family.id, at, member.sex === "w");
  const written = writtenIn("akdn", city.seed, person.number, family.origin.names, {
    ...name,
    birth: person.birth,
  });
  const { address } = addressOn(person.moves, Math.round((month - 1970 * 12) * 30.44));
  for (const [line, booking] of bookings.entries()) {
    const dice = new Dice(city.seed, "booking", person.number, month * 16 + line);
    const key = family.origin.key;
    yield [
      monthLabel(month, person.number),
      recipient.caseNumber,
      recipient.akdnNumber,
      dice.chance(0.1) ? String(member.role) : member.role,
      dice.chance(0.1) ? Number(recipient.group) : recipient.group,
      dice.chance(0.05) ? `§ ${booking.kind} AsylbLG` : booking.kind,
      booking.kind <= "3" ? recipient.level : null,
      address.housing,
      written.surname === "" ? "-" : written.surname,
      written.given,
      germanPartialDate(written.birth),
      person.sex === "" ? "x" : person.sex,
      key,
      address.streetName,
      `${address.number}${address.suffix}`,
      address.postalCode,
      germanDate(recipient.since),
      null,
      amount(dice, booking.cents),
      dice.chance(0.02) ? "" : "LAND-NRW",
      `B${monthText(month).replace("-", "")}-${person.number}-${line}`,
      "DE00 0000 0000 0000 0000 00",
    ];
  }
}

/** Numbers, and here and there a text as people type it. */
function amount(dice: Dice, cents: number): number | string {
  const style = dice.next();
  if (style < 0.05) return germanMoney(cents, true);
  if (style < 0.08) return `${germanMoney(cents, true)} €`;
  if (style < 0.1) return cents < 0 ? `${germanMoney(-cents, false)}-` : germanMoney(cents, false);
  return cents / 100;
}
