import { formPupils, type Pupils } from "../population/pupils.ts";
import type { SourceDelivery } from "../population/sources.ts";
import { dayNumber } from "../registers/calendar.ts";
import type { CountResult } from "./assemble.ts";
import { countColumns } from "./count-persons.ts";
import type { ReportBasis } from "./report-basis.ts";
import { labelOn, newlyArrivedDimension, withTotal } from "./vocabulary.ts";

/** School type of a school that the list of schools does not know on the day. */
const unknownType = "u";

/** The pupils of all schools, one entry each; undefined without any school. */
export function pupilsOf(sources: readonly SourceDelivery[]): Pupils | undefined {
  if (sources.length === 0) return undefined;
  return formPupils(
    sources.map(({ part, referenceDate, columns }) => ({
      school: part,
      referenceDay: dayNumber(referenceDate),
      columns,
    })),
  );
}

/** Pupils of the city's schools by school type and whether newly arrived (approximation). */
export function countPupils(basis: ReportBasis, pupils: Pupils | undefined): CountResult {
  if (pupils === undefined) return { missing: ["schild"] };
  const { pupils: schools, codes, referenceDate } = basis.sources;
  const typeOfSchool = schools.map((school) => schoolType(basis, school));
  const types = [...new Set(typeOfSchool)].sort();
  const dimension = withTotal(
    "schulform",
    types.map((code) => ({
      code,
      label:
        code === unknownType
          ? "Schulform unbekannt"
          : labelOn(codes["school-types"], code, dayNumber(referenceDate)),
    })),
  );
  const position = typeOfSchool.map((type) => types.indexOf(type) + 1);
  const columns = [
    { dimension, codes: Uint8Array.from(pupils.school, (school) => position[school] ?? 0) },
    { dimension: newlyArrivedDimension, codes: Uint8Array.from(pupils.newlyArrived, (value) => value + 1) },
  ];
  return {
    dimensions: [dimension, newlyArrivedDimension],
    measures: ["schueler"],
    values: countColumns(columns, pupils.school.length),
    rests: schools.map((school) => ["schild", school] as const),
    notes: pupils.lacksIntegrationPhase ? ["naeherung-ohne-eingliederungsphase"] : [],
  };
}

function schoolType(basis: ReportBasis, school: SourceDelivery): string {
  const { schulen } = basis.sources.codes;
  const entry = schulen.at(school.part, dayNumber(school.referenceDate)) ?? schulen.find(school.part).at(-1);
  const type = entry?.fields["Schulform"] ?? "";
  return type === "" ? unknownType : type;
}
