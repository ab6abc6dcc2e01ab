import { akdnSozial } from "./akdn-sozial.ts";
import { ewo } from "./ewo.ts";
import { ewoAlw } from "./ewo-alw.ts";
import { fortschreibung } from "./fortschreibung.ts";
import { gliederung } from "./gliederung.ts";
import type { RegisterId } from "./register.ts";
import type { Register } from "./row-reader.ts";
import { schild } from "./schild.ts";

/** The registers of the office: the only list. */
export const registers: readonly Register[] = [ewoAlw, akdnSozial, ewo, schild, gliederung, fortschreibung];

/** @throws {RangeError} if the list has no such register. */
export function register(id: RegisterId): Register {
  const found = registers.find((entry) => entry.id === id);
  if (found === undefined) throw new RangeError("Cannot find register: expected one of the list");
  return found;
}
