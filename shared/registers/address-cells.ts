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

type TextOf = (name: keyof AddressColumns) => string;

/**
 * Reads the residence of the row read last, with the notes H-005 (no block, or a pair of numbers in two blocks) and
 * H-012 (outside). A delivered Blockseite is compared with ours, and stands in for an address that the row lacks.
 */
export class ResidenceReader {
  readonly #context: RowContext;
  readonly #text: TextOf;
  readonly #isJoined: boolean;
  readonly #position: number;
  readonly #isBlocked: () => boolean;
  readonly #find: (cells: AddressCells) => Residence;

  constructor(context: RowContext, cells: RowCells, columns: AddressColumns) {
    const slots = new Map(Object.entries(columns).map(([name, column]) => [name, cells.slot(column)]));
    const slotOf = (name: keyof AddressColumns) => slots.get(name) ?? -1;
    this.#context = context;
    this.#text = (name) => cells.texts[slotOf(name)] ?? "";
    this.#isJoined = columns.streetAndNumber !== undefined;
    const places = (["streetKey", "street", "streetAndNumber", "side"] as const).map((name) =>
      cells.position(slotOf(name)),
    );
    this.#position = places.find((position) => position >= 0) ?? -1;
    const blocked = slotOf("blocked");
    this.#isBlocked = () => cells.numbers[blocked] === 1;
    this.#find = residenceFinder(context);
  }

  read(line: number): Residence {
    const { findings } = this.#context;
    const { isInCity, place } = this.#residence();
    if (!isInCity) findings.note("H-012", line, this.#position);
    else if (!place.isAssigned || place.spansBlocks) findings.note("H-005", line, this.#position);
    if (this.#isBlocked()) findings.count("auskunftssperre");
    return { isInCity, place: this.#isBlocked() ? hiddenBlock(place) : place };
  }

  #residence(): Residence {
    const text = this.#text;
    const joined = this.#isJoined ? splitStreet(text("streetAndNumber")) : undefined;
    const street = joined?.street ?? text("street");
    const streetKey = text("streetKey");
    const side = text("side");
    if (streetKey === "" && street === "" && side !== "") {
      return { isInCity: true, place: this.#context.addresses.findSide(side) };
    }
    const suffix = text("suffix");
    const number = text("houseNumber");
    const houseNumber = joined?.houseNumber ?? (suffix === "" ? number : `${number} ${suffix}`);
    const postalCode = text("postalCode");
    const residence = this.#find({ streetKey, street, houseNumber, postalCode, town: text("town") });
    this.#compareSide(side, residence.place);
    return residence;
  }

  #compareSide(delivered: string, { isAssigned, blockseite }: Place): void {
    if (isAssigned && delivered !== "" && delivered !== blockseite) {
      this.#context.findings.count("blockseite-weicht-ab");
    }
  }
}
