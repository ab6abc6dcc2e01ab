import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from "@azure/functions";
import { decideRelease, readReleaseDecision } from "../shared/azure/decide-release.ts";
import { functionLog } from "../shared/azure/function-log.ts";
import { readOperatorRequest } from "../shared/azure/operator-request.ts";
import { surroundings } from "../shared/azure/surroundings.ts";

/** An operator releases or refuses a held report. Nothing is published by waiting. */
async function decideHeldRelease(
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  const around = await surroundings(functionLog(context));
  const order = await readOperatorRequest(request, around);
  if (order.kind === "refused") return { status: order.status };
  const decision = readReleaseDecision(order.fields);
  if (decision === undefined) return { status: 400 };
  const id = String(request.params["id"]);
  const release = await decideRelease(around, id, decision, order.principal.id);
  return release === undefined ? { status: 409 } : { status: 303, headers: { Location: "/status" } };
}

app.http("decide-release", {
  methods: ["POST"],
  authLevel: "anonymous",
  route: "berichte/{id}/entscheidung",
  handler: decideHeldRelease,
});
