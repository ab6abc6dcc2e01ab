import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from "@azure/functions";
import { decideDelivery, readDeliveryDecision } from "../shared/azure/decide-delivery.ts";
import { functionLog } from "../shared/azure/function-log.ts";
import { readOperatorRequest } from "../shared/azure/operator-request.ts";
import { surroundings } from "../shared/azure/surroundings.ts";

/** An operator releases or refuses a held delivery. Nothing comes into force by waiting. */
export async function decideHeldDelivery(
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  const around = await surroundings(functionLog(context));
  const order = await readOperatorRequest(request, around);
  if (order.kind === "refused") return { status: order.status };
  const decision = readDeliveryDecision(order.fields);
  if (decision === undefined) return { status: 400 };
  const id = String(request.params["id"]);
  const result = await decideDelivery(id, { ...decision, who: order.principal.id }, around);
  if (result === "unknown") return { status: 404 };
  return result === "conflict" ? { status: 409 } : { status: 303, headers: { Location: "/status" } };
}

app.http("decide-delivery", {
  methods: ["POST"],
  authLevel: "anonymous",
  route: "lieferungen/{id}/entscheidung",
  handler: decideHeldDelivery,
});
