import { type Address, nowhere, type Place } from "./address-index.ts";
import { normalisedHeading } from "./headings.ts";
import type { RowContext } from "./row-reader.ts";

/** Where a person of a register lives: the place, and whether the address is inside the city. */
export type Residence = { readonly isInCity: boolean; readonly place: Place };

/** What a row says of an address; "" for what it does not say. */
export type AddressCells = Address & { readonly postalCode: string; readonly town: string };

const outside: Residence = { isInCity: false, place: nowhere };

/**
 * Finds the residence behind an address, after which the address is forgotten.
 *
 * Inside or outside, the first that applies: a street key of the city is inside; where the office names its places
 * (`orte`) and the row names a postal code or a town, one of them must be among these; everything else is inside, since
 * the registers are the city's own and people without a fixed address must not get lost. A row outside has no block.
 */
export function residenceFinder({ addresses, office }: Pick<RowContext, "addresses" | "office">) {
  const places = new Set(office.orte.map(normalisedHeading));
  const isElsewhere = ({ postalCode, town }: AddressCells) =>
    places.size > 0 &&
    postalCode + town !== "" &&
    !places.has(normalisedHeading(postalCode)) &&
    !places.has(normalisedHeading(town));
  return (cells: AddressCells): Residence => {
    const place = addresses.find(cells);
    if (place.street !== "key" && isElsewhere(cells)) return outside;
    return { isInCity: true, place };
  };
}

/** A blocked address is counted above the block only. */
export function hiddenBlock(place: Place): Place {
  return { ...place, baublock: "", blockseite: "" };
}
