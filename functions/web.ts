import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from "@azure/functions";
import { configurationMistake } from "../shared/azure/check-configuration.ts";
import { countPoison } from "../shared/azure/count-messages.ts";
import { listDeliveries } from "../shared/azure/delivery-store.ts";
import { functionLog } from "../shared/azure/function-log.ts";
import { answerWith } from "../shared/azure/http.ts";
import { readReceipt } from "../shared/azure/receipt-store.ts";
import { listReleases, type Release } from "../shared/azure/release-store.ts";
import { type Surroundings, surroundings } from "../shared/azure/surroundings.ts";
import { type PageSources, webPages } from "../shared/azure/web-pages.ts";
import { formKey } from "../shared/pages/csrf.ts";
import type { ReleaseRow } from "../shared/pages/status-page.ts";

/** Answers every GET that no other function names: pages for operators, receipts, `/health`. */
async function answerPages(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const log = functionLog(context);
  const pages = webPages(async () => sourcesOf(await surroundings(log)), log);
  return await answerWith((asked) => pages.fetch(asked), request);
}

function sourcesOf({ storage, settings, now }: Surroundings): PageSources {
  return {
    now,
    timeZone: settings.officeTimeZone,
    formKey: formKey(settings.pseudonymKey),
    listDeliveries: () => listDeliveries(storage.table("Deliveries")),
    listReleases: async () => (await listReleases(storage.table("Releases"))).map(releaseRow),
    countPoison: () => countPoison(storage),
    findMistake: () => configurationMistake(storage),
    readReceipt: (register, fileName) => readReceipt(storage, register, fileName),
  };
}

function releaseRow({
  id,
  week,
  state,
  referenceDate,
  now,
  decidedAt = now,
  reason = "",
}: Release): ReleaseRow {
  return { id, week, state, referenceDate, updatedAt: decidedAt, reason };
}

app.http("web", {
  methods: ["GET", "HEAD"],
  authLevel: "anonymous",
  route: "{*path}",
  handler: answerPages,
});
