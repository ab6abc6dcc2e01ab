import { randomBytes, randomUUID } from "node:crypto";
import type {
  HookName,
  InvocationResponse,
  LogLevel,
  NamedData,
  RegisteredFunction,
  Registration,
  TypedData,
} from "./core-types.ts";
import type { HostLog } from "./host-log.ts";

export type Invoke = (
  fn: RegisteredFunction,
  inputData: readonly NamedData[],
  triggerMetadata?: Readonly<Record<string, TypedData>>,
) => Promise<InvocationResponse>;

type HookContext = {
  hookData: object;
  appHookData: object;
  invocationContext: object;
  inputs: unknown[];
};

/** One invocation through the library's own model, in the worker's order. Rejects with what the function threw. */
export function createInvoke(registration: Registration, log: HostLog): Invoke {
  return async (fn, inputData, triggerMetadata = {}) => {
    const core = coreContext(registration, log, fn, inputData, triggerMetadata);
    const model = modelOf(registration).getInvocationModel(core);
    const { context, inputs } = await model.getArguments();
    core.context = context;
    const shared = { hookData: {}, appHookData: registration.appHookData, invocationContext: context };
    const before = { ...shared, functionCallback: fn.callback, inputs };
    core.state = "preInvocationHooks";
    await runHooks(registration, "preInvocation", before);
    core.state = "invocation";
    const outcome = await attempt(() =>
      model.invokeFunction(context, before.inputs, before.functionCallback),
    );
    core.state = "postInvocationHooks";
    const after = { ...shared, inputs: before.inputs, ...outcome };
    await runHooks(registration, "postInvocation", after);
    core.state = undefined;
    if (after.error !== null) {
      logStack(log, fn, after.error);
      throw after.error;
    }
    return model.getResponse(context, after.result);
  };
}

/** Runs the hooks of one kind in the order they were registered. */
export async function runHooks(
  registration: Registration,
  name: HookName,
  context: HookContext | { readonly appHookData: object; readonly hookData: object },
): Promise<void> {
  for (const hook of registration.hooks[name]) await hook(context);
}

/** Into the file only: the listener says in short what becomes of the failure. */
function logStack(log: HostLog, fn: RegisteredFunction, error: unknown): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : "It threw no error";
  log.write({ level: "information", function: fn.metadata.name, message });
}

function modelOf(registration: Registration): NonNullable<Registration["model"]> {
  if (registration.model === undefined) {
    throw new Error("Cannot invoke: the functions library must have set its programming model");
  }
  return registration.model;
}

async function attempt(run: () => Promise<unknown>): Promise<{ result: unknown; error: unknown }> {
  try {
    return { result: await run(), error: null };
  } catch (error) {
    return { result: null, error: error ?? new Error("The function threw nothing") };
  }
}

function coreContext(
  registration: Registration,
  log: HostLog,
  fn: RegisteredFunction,
  inputData: readonly NamedData[],
  triggerMetadata: Readonly<Record<string, TypedData>>,
) {
  const invocationId = randomUUID();
  const core = {
    invocationId,
    metadata: fn.metadata,
    // both are set as the invocation goes on
    state: undefined as string | undefined,
    context: undefined as object | undefined,
    request: {
      invocationId,
      functionId: fn.metadata.functionId,
      inputData,
      triggerMetadata,
      traceContext: traceContext(),
    },
    log(level: LogLevel, category: string, message: string) {
      const line = { level, category, message, invocationContext: core.context };
      for (const hook of registration.hooks.log) hook(line);
      log.write({ level: line.level, message: line.message, function: fn.metadata.name, invocationId });
    },
  };
  return core;
}

function traceContext() {
  const traceParent = `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`;
  return { traceParent, traceState: "", attributes: {} };
}
