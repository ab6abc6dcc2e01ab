import { createHmac, timingSafeEqual } from "node:crypto";

/** Name of the form field that carries the token. */
export const formTokenField = "formular";

/** A key of its own for forms, so that a token says nothing about pseudonyms. */
export function formKey(masterKey: Uint8Array): Uint8Array {
  return createHmac("sha256", masterKey).update("bevoelkerung-aktuell form token v1").digest();
}

/** Token of a form, bound to the person who was shown it and to the day "JJJJ-MM-TT". */
export function createFormToken(key: Uint8Array, principalId: string, day: string): string {
  return createHmac("sha256", key)
    .update(JSON.stringify([day, principalId]))
    .digest("base64url");
}

/** True for a token of this person of one of the given days: today, and yesterday for a form open over midnight. */
export function isFormToken(
  key: Uint8Array,
  principalId: string,
  days: readonly string[],
  token: string,
): boolean {
  const given = Buffer.from(token);
  return days.some((day) => {
    const expected = Buffer.from(createFormToken(key, principalId, day));
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
