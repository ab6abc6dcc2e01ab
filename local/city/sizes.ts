/** The invented cities, smallest first. */
export const citySizes = ["klein", "stadt", "grossstadt", "metropole"] as const;
export type CitySize = (typeof citySizes)[number];

export type SizePlan = {
  readonly residents: number;
  readonly refugees: number;
  readonly boroughs: number;
  readonly quarters: number;
  readonly districts: number;
  readonly blocks: number;
  readonly shelters: number;
  /** Places of the largest shelter; the others are smaller. */
  readonly largestShelter: number;
  readonly pupilsPerSchool: number;
  /** Half the width of the city in metres. */
  readonly radius: number;
};

/** Shape of a city of 265,000 (registers.md section 13), scaled to the others. */
export const sizePlans: Readonly<Record<CitySize, SizePlan>> = {
  klein: {
    residents: 30_000,
    refugees: 1_550,
    boroughs: 3,
    quarters: 6,
    districts: 12,
    blocks: 260,
    shelters: 3,
    largestShelter: 80,
    pupilsPerSchool: 400,
    radius: 2_100,
  },
  stadt: {
    residents: 265_000,
    refugees: 13_400,
    boroughs: 5,
    quarters: 18,
    districts: 42,
    blocks: 2_300,
    shelters: 8,
    largestShelter: 500,
    pupilsPerSchool: 430,
    radius: 6_000,
  },
  grossstadt: {
    residents: 1_050_000,
    refugees: 40_000,
    boroughs: 9,
    quarters: 86,
    districts: 170,
    blocks: 8_700,
    shelters: 30,
    largestShelter: 600,
    pupilsPerSchool: 430,
    radius: 11_500,
  },
  metropole: {
    residents: 3_900_000,
    refugees: 144_000,
    boroughs: 12,
    quarters: 97,
    districts: 542,
    blocks: 32_000,
    shelters: 110,
    largestShelter: 800,
    pupilsPerSchool: 430,
    radius: 20_000,
  },
};

/** Keys and words of the invented city. */
export const city = {
  name: "Musterstadt",
  ags: "05999000",
  postalCodes: ["46990", "46991", "46992", "46993"],
  neighbour: { name: "Nachbarstadt", postalCode: "46980", ags: "05998000" },
} as const;
