import type { Place } from "./address-index.ts";
import { splitStreet } from "./house-number.ts";
import { type AddressCells, hiddenBlock, type Residence, residenceFinder } from "./residence.ts";
import type { RowCells } from "./row-cells.ts";
import type { RowContext } from "./row-reader.ts";

/** Which columns of a register say where somebody lives; `streetAndNumber` holds both in one. */
export type AddressColumns = {
  readonly streetKey?: string;
  readonly street?: string;
  readonly houseNumber?: string;
  readonly suffix?: string;
  readonly streetAndNumber?: string;
  readonly postalCode?: string;
  readonly town?: string;
  readonly side?: string;
  readonly blocked?: string;
};

/**
 * Reads the residence of the row read last, with the notes H-005 (no block, or a pair of numbers in two blocks) and
 * H-012 (outside). A delivered Blockseite is compared with ours, and stands in for an address that the row lacks.
 */
export class ResidenceReader {
  readonly #context: RowContext;
  readonly #cells: RowCells;
  readonly #slots: Slots;
  readonly #position: number;
  readonly #find: (cells: AddressCells) => Residence;

  constructor(context: RowContext, cells: RowCells, columns: AddressColumns) {
    const slots = slotsOf(cells, columns);
    const places = [slots.streetKey, slots.street, slots.streetAndNumber, slots.side];
    this.#context = context;
    this.#cells = cells;
    this.#slots = slots;
    this.#position = places.map((slot) => cells.position(slot)).find((position) => position >= 0) ?? -1;
    this.#find = residenceFinder(context);
  }

  read(line: number): Residence {
    const { findings } = this.#context;
    const { isInCity, place } = this.#residence();
    if (!isInCity) findings.note("H-012", line, this.#position);
    else if (!place.isAssigned || place.spansBlocks) findings.note("H-005", line, this.#position);
    if (this.#cells.numbers[this.#slots.blocked] !== 1) return { isInCity, place };
    findings.count("auskunftssperre");
    return { isInCity, place: hiddenBlock(place) };
  }

  #residence(): Residence {
    const { texts } = this.#cells;
    const slots = this.#slots;
    const side = texts[slots.side] ?? "";
    const address = slots.streetAndNumber === -1 ? this.#address() : this.#joinedAddress();
    if (address.streetKey === "" && address.street === "" && side !== "") {
      return { isInCity: true, place: this.#context.addresses.findSide(side) };
    }
    const residence = this.#find(address);
    if (side !== "") this.#compareSide(side, residence.place);
    return residence;
  }

  #address(): AddressCells {
    const { texts } = this.#cells;
    const slots = this.#slots;
    const suffix = texts[slots.suffix] ?? "";
    const number = texts[slots.houseNumber] ?? "";
    return {
      streetKey: texts[slots.streetKey] ?? "",
      street: texts[slots.street] ?? "",
      houseNumber: suffix === "" ? number : `${number} ${suffix}`,
      postalCode: texts[slots.postalCode] ?? "",
      town: texts[slots.town] ?? "",
    };
  }

  #joinedAddress(): AddressCells {
    return { ...this.#address(), ...splitStreet(this.#cells.texts[this.#slots.streetAndNumber] ?? "") };
  }

  #compareSide(delivered: string, { isAssigned, blockseite }: Place): void {
    if (isAssigned && delivered !== blockseite) this.#context.findings.count("blockseite-weicht-ab");
  }
}

type Slots = Readonly<Record<keyof AddressColumns, number>>;

/** Slots of the columns that a register has, −1 for the others. */
function slotsOf(cells: RowCells, columns: AddressColumns): Slots {
  const slot = (name: string | undefined) => (name === undefined ? -1 : cells.slot(name));
  return {
    streetKey: slot(columns.streetKey),
    street: slot(columns.street),
    houseNumber: slot(columns.houseNumber),
    suffix: slot(columns.suffix),
    streetAndNumber: slot(columns.streetAndNumber),
    postalCode: slot(columns.postalCode),
    town: slot(columns.town),
    side: slot(columns.side),
    blocked: slot(columns.blocked),
  };
}
