/**
 * Ends every switch over a closed set of kinds. A kind from storage, a queue or another version must stop the work,
 * never be taken for one of the known ones.
 *
 * @param where names the decision, for the message.
 * @throws {TypeError} always; the kind itself is not printed, it may be content.
 */
export function refuseUnknown(kind: never, where: string): never {
  void kind;
  throw new TypeError(`Cannot decide ${where}: kind must be one of the declared ones`);
}
