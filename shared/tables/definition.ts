import type { AreaLevel } from "../population/areas.ts";
import type { DimensionId } from "./table.ts";

/** Notes below tables; their texts stand in `report/texts.ts`. */
export const noteIds = [
  /** Who is counted, by which version of the definition. */
  "definition",
  /** Sex `d`, `x` and unknown are counted under male or female by a keyed hash of the person. */
  "geschlecht-zugeordnet",
  /** Persons whose address belongs to no area of a level stand under „Ohne Zuordnung“. */
  "ohne-zuordnung",
  /** The 15 nationalities are fixed for the calendar year. */
  "staatsangehoerigkeiten-jahr",
  /** Age is unknown where no year of birth is registered. */
  "alter-unbekannt",
  /** Years since the first entry to Germany. */
  "aufenthaltsdauer",
  /** Residents and refugees have different reference dates; both are named. */
  "zwei-stichtage",
  /** Weeks without delivery are shown as missing, never as zero. */
  "fehlende-wochen",
  /** Difference: present date minus the earlier one. */
  "differenz",
  /** Earlier weeks stand in the spatial structure of their time. */
  "gliederung-frueherer-wochen",
  /** AsylbLG recipients are another group than refugees; never add or subtract. */
  "asylblg-andere-gruppe",
  /** How cases, persons and expenditure are counted. */
  "asylblg-zaehlung",
  /** Months before the first billing: persons stand for the recipients, dominance is not applied. */
  "historie-ohne-dominanz",
  /** Months without data are shown as missing. */
  "fehlende-monate",
  /** Both registers without Germans and EU citizens; borough from the residents register where it has one. */
  "registervergleich",
  /** Pupils at schools of the city, each school at its newest delivery. */
  "schulkonzept",
  /** „Neu zugewandert“ is an approximation, not refugees. */
  "naeherung",
  /** Some files have no column for the end of the Eingliederungsphase. */
  "naeherung-ohne-eingliederungsphase",
] as const;
export type NoteId = (typeof noteIds)[number];

/** Dimensions of a refugee, in any combination. */
export type PersonDimension = Extract<
  DimensionId,
  "raum" | "aufenthaltsstatus" | "staatsangehoerigkeit" | "altersgruppe" | "geschlecht" | "aufenthaltsdauer"
>;

/** What a table counts (its cells), and by what. */
export type TableContent =
  /** Refugees by any of their dimensions. */
  | { readonly kind: "refugees"; readonly by: readonly PersonDimension[] }
  /** Refugees at the reference date and so many weeks before, by one dimension; 0 is the reference date. */
  | {
      readonly kind: "refugees-by-week";
      readonly by: "aufenthaltsstatus" | "raum";
      readonly weeksBack: readonly number[];
      /** Adds the measure `differenz`: reference date minus the earlier date, in the row of the earlier one. */
      readonly difference: boolean;
    }
  /** Residents, foreigners, refugees and refugees per 1,000 residents by area. */
  | { readonly kind: "residents" }
  /** AsylbLG cases, persons and expenditure of the newest month by PKS. */
  | { readonly kind: "benefits" }
  /** The same by month since January 2010 and group of PKS. */
  | { readonly kind: "benefits-by-month" }
  /** Foreigners register against residents register by area. */
  | { readonly kind: "registers" }
  /** Pupils by school type and whether newly arrived. */
  | { readonly kind: "pupils" };

/** One table of a report, as data: adding a table is one entry. */
export type TableDefinition = {
  readonly id: string;
  /** Short ASCII name for files and table objects. */
  readonly name: string;
  /** German; `{population}` becomes the definition's word. */
  readonly title: string;
  readonly content: TableContent;
  /** Levels below the city of the dimension `raum`, coarse to fine. */
  readonly levels?: readonly Exclude<AreaLevel, "stadt">[];
  /** Dimensions that stand as columns of the sheet. */
  readonly columnDimensions: readonly DimensionId[];
  /** Table to point to when this one is withheld. */
  readonly coarserTable?: string;
  /** Notes that always stand below it; those that depend on the data are added while counting. */
  readonly notes: readonly NoteId[];
};

export type ReportDefinition = {
  readonly id: string;
  readonly title: string;
  readonly tables: readonly TableDefinition[];
};
