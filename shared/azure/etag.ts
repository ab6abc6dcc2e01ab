/** An ETag as events and stored rows carry it: without the quotes that the storage services put around it. */
export function plainETag(etag: string): string {
  return etag.replaceAll('"', "");
}
