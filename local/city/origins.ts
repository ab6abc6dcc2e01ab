/** Shape of arrivals over the years. */
export type Wave = "war2015" | "ukraine" | "balkans" | "recent" | "old" | "steady";
/** Whose names a family bears. */
export type NameGroup =
  | "german"
  | "turkish"
  | "arabic"
  | "persian"
  | "slavic"
  | "tigrinya"
  | "somali"
  | "balkan"
  | "romance"
  | "african"
  | "asian"
  | "caucasian";

export type Origin = {
  /** Key of the citizenship. */
  readonly key: string;
  readonly names: NameGroup;
  /** ISO 639-1 of the language at home. */
  readonly language: string;
  /** Share of the families of its group. */
  readonly weight: number;
  readonly wave: Wave;
  /** Chance that an asylum application ends in protection. */
  readonly protection: number;
};

function origin(
  key: string,
  names: NameGroup,
  language: string,
  weight: number,
  wave: Wave = "steady",
  protection = 0,
): Origin {
  return { key, names, language, weight, wave, protection };
}

/** Countries of origin of refugee families; the three stateless groups last. */
export const refugeeOrigins: readonly Origin[] = [
  origin("166", "slavic", "uk", 275, "ukraine", 1),
  origin("475", "arabic", "ar", 190, "war2015", 0.93),
  origin("423", "persian", "fa", 90, "war2015", 0.72),
  origin("438", "arabic", "ku", 85, "war2015", 0.45),
  origin("163", "turkish", "tr", 50, "recent", 0.3),
  origin("439", "persian", "fa", 42, "war2015", 0.42),
  origin("224", "tigrinya", "ti", 26, "war2015", 0.85),
  origin("273", "somali", "so", 22, "war2015", 0.75),
  origin("170", "balkan", "sr", 26, "balkans", 0.02),
  origin("144", "balkan", "sq", 22, "balkans", 0.02),
  origin("121", "balkan", "sq", 22, "balkans", 0.03),
  origin("150", "balkan", "sq", 22, "old", 0.4),
  origin("232", "african", "en", 20, "recent", 0.15),
  origin("261", "african", "fr", 16, "recent", 0.18),
  origin("430", "caucasian", "ka", 16, "recent", 0.02),
  origin("422", "caucasian", "hy", 12, "recent", 0.08),
  origin("425", "caucasian", "az", 10, "recent", 0.12),
  origin("160", "slavic", "ru", 14, "recent", 0.25),
  origin("451", "arabic", "ar", 16, "old", 0.5),
  origin("431", "asian", "ta", 10, "old", 0.6),
  origin("461", "persian", "ur", 9, "recent", 0.25),
  origin("225", "tigrinya", "ti", 8, "recent", 0.3),
  origin("277", "arabic", "ar", 6, "recent", 0.6),
  origin("237", "african", "en", 6, "recent", 0.08),
  origin("238", "african", "en", 6, "recent", 0.06),
  origin("246", "african", "fr", 6, "recent", 0.3),
  origin("262", "african", "fr", 5, "recent", 0.25),
  origin("231", "african", "fr", 4, "recent", 0.2),
  origin("252", "arabic", "ar", 5, "recent", 0.05),
  origin("221", "arabic", "ar", 5, "recent", 0.04),
  origin("285", "arabic", "ar", 4, "recent", 0.04),
  origin("287", "arabic", "ar", 5, "recent", 0.12),
  origin("349", "romance", "es", 6, "recent", 0.03),
  origin("367", "romance", "es", 7, "recent", 0.35),
  origin("436", "asian", "hi", 5, "recent", 0.02),
  origin("460", "asian", "bn", 5, "recent", 0.05),
  origin("470", "persian", "fa", 4, "recent", 0.2),
  origin("421", "arabic", "ar", 4, "war2015", 0.85),
  origin("445", "arabic", "ar", 3, "recent", 0.25),
  origin("479", "asian", "zh", 3, "recent", 0.3),
  origin("122", "balkan", "bs", 5, "old", 0.3),
  origin("146", "slavic", "ro", 5, "recent", 0.01),
  origin("997", "arabic", "ar", 9, "war2015", 0.7),
  origin("998", "arabic", "ku", 14, "war2015", 0.65),
  origin("459", "arabic", "ar", 5, "war2015", 0.7),
];

/** Citizens of the European Union (and of states treated alike) who need no title. */
export const unionOrigins: readonly Origin[] = [
  origin("154", "romance", "ro", 230),
  origin("152", "slavic", "pl", 220),
  origin("125", "balkan", "bg", 150),
  origin("137", "romance", "it", 100),
  origin("134", "balkan", "el", 70),
  origin("130", "balkan", "hr", 60),
  origin("161", "romance", "es", 45),
  origin("165", "slavic", "hu", 30),
  origin("148", "german", "nl", 30),
  origin("153", "romance", "pt", 25),
  origin("151", "german", "de", 20),
  origin("129", "romance", "fr", 20),
  origin("164", "slavic", "cs", 10),
  origin("142", "slavic", "lt", 8),
];

/** Citizens of other states with titles that are not humanitarian. */
export const thirdOrigins: readonly Origin[] = [
  origin("163", "turkish", "tr", 480),
  origin("170", "balkan", "sr", 60),
  origin("150", "balkan", "sq", 50),
  origin("122", "balkan", "bs", 50),
  origin("144", "balkan", "mk", 40),
  origin("252", "arabic", "ar", 50),
  origin("160", "slavic", "ru", 40),
  origin("436", "asian", "hi", 45),
  origin("166", "slavic", "uk", 20),
  origin("285", "arabic", "ar", 20),
  origin("451", "arabic", "ar", 20),
  origin("432", "asian", "vi", 25),
  origin("479", "asian", "zh", 25),
  origin("439", "persian", "fa", 15),
  origin("438", "arabic", "ku", 15),
  origin("461", "persian", "ur", 15),
  origin("238", "african", "en", 15),
  origin("232", "african", "en", 12),
  origin("327", "romance", "pt", 12),
  origin("368", "german", "en", 10),
  origin("168", "german", "en", 12),
  origin("476", "asian", "th", 10),
  origin("462", "asian", "tl", 8),
  origin("133", "balkan", "sr", 3),
];

export const german: Origin = origin("000", "german", "de", 1);

const yearly: Readonly<Record<Wave, Readonly<Record<number, number>>>> = {
  war2015: {
    2009: 0.5, 2010: 0.7, 2011: 0.8, 2012: 1.2, 2013: 1.8, 2014: 3.5, 2015: 12, 2016: 8, 2017: 3.6, 2018: 2.8,
    2019: 2.5, 2020: 1.7, 2021: 2.6, 2022: 4.2, 2023: 5.6, 2024: 4.2, 2025: 3.2, 2026: 3.4,
  },
  ukraine: { 2022: 20, 2023: 3.6, 2024: 2.8, 2025: 2.6, 2026: 2.0 },
  balkans: { 2009: 0.8, 2010: 1.5, 2011: 1.6, 2012: 2.5, 2013: 3.2, 2014: 4.5, 2015: 6, 2016: 1.5, 2017: 1, 2018: 0.8,
    2019: 0.8, 2020: 0.5, 2021: 1, 2022: 1.3, 2023: 1.1, 2024: 1, 2025: 1, 2026: 1.1 },
  recent: {
    2010: 0.3, 2012: 0.5, 2014: 0.8, 2015: 1.2, 2016: 1.4, 2017: 1.3, 2018: 1.5, 2019: 1.6, 2020: 1.1, 2021: 1.6,
    2022: 2.8, 2023: 4.4, 2024: 3.4, 2025: 3.1, 2026: 3.4,
  },
  old: { 1992: 3, 1993: 3, 1994: 2, 1996: 2, 1998: 3, 1999: 4, 2001: 2, 2003: 1, 2008: 0.5, 2012: 0.7, 2015: 1.2,
    2018: 0.5, 2021: 0.5, 2023: 0.8, 2025: 0.6 },
  steady: { 2000: 1 },
}; // biome-ignore format: a table of years reads best in rows

/** Lives are invented up to this year; who comes later is not. */
const lastYear = 2032;

export type ArrivalYears = { readonly years: readonly number[]; readonly weights: readonly number[] };

/** Years of arrival and their weights; the last known year goes on until lives end. */
export function arrivalYears(wave: Wave): ArrivalYears {
  const known = Object.entries(yearly[wave]).map(([year, weight]) => ({ year: Number(year), weight }));
  const latest = known.at(-1) ?? { year: lastYear, weight: 0 };
  for (let year = latest.year + 1; year <= lastYear; year += 1) known.push({ year, weight: latest.weight });
  return { years: known.map(({ year }) => year), weights: known.map(({ weight }) => weight) };
}
