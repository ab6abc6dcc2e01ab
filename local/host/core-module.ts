import Module from "node:module";
import {
  type Binding,
  type FunctionCallback,
  type Hook,
  type HookName,
  hookNames,
  type LogLevel,
  type ProgrammingModel,
  type RegisteredFunction,
  type Registration,
} from "./core-types.ts";

/** The application that is being loaded, or was loaded last: the library speaks to one host per process. */
let current: Registration | undefined;
let lastModel: ProgrammingModel | undefined;
let isInstalled = false;
let systemLog: (level: LogLevel, message: string) => void = () => undefined;

/** Makes `registration` the receiver of everything the library registers from here on. */
export function receiveRegistrations(
  registration: Registration,
  log: (level: LogLevel, message: string) => void,
): void {
  install();
  registration.model = lastModel;
  current = registration;
  systemLog = log;
}

export function emptyRegistration(): Registration {
  return {
    functions: new Map(),
    hooks: { appStart: [], appTerminate: [], preInvocation: [], postInvocation: [], log: [] },
    appHookData: {},
    model: undefined,
    locked: false,
  };
}

type Load = (this: unknown, request: string, ...rest: unknown[]) => unknown;

/**
 * The library asks for `@azure/functions-core`, a module that only the worker in Azure supplies. Node's loader is
 * replaced for this one name; the replacement also covers a bundle and a file that was imported.
 */
function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  // `_load` is not in Node's declared interface; the worker in Azure relies on the same place
  const loader = Module as unknown as { _load: Load };
  const load = loader._load;
  loader._load = function loadOrSupply(request, ...rest) {
    return request === "@azure/functions-core" ? coreModule : load.call(this, request, ...rest);
  };
}

class Disposable {
  readonly #dispose: () => void;
  constructor(dispose: () => void) {
    this.#dispose = dispose;
  }
  dispose(): void {
    this.#dispose();
  }
}

const coreModule = {
  version: "3.10.1",
  hostVersion: "4.1047.100",
  Disposable,
  setProgrammingModel,
  getProgrammingModel: () => current?.model,
  registerFunction,
  registerHook,
  log: (level: LogLevel, _category: string, message: string) => systemLog(level, message),
};

function setProgrammingModel(model: ProgrammingModel): void {
  lastModel = model;
  if (current !== undefined) current.model = model;
}

function registerFunction(metadata: unknown, callback: FunctionCallback): Disposable {
  const registration = receiver();
  if (registration.locked) throw new Error("A function can only be registered during app startup");
  const registered = readRegistered(metadata, callback);
  const id = registered.metadata.functionId;
  if (registration.functions.has(id)) {
    throw new Error(`A function with id "${id}" has already been registered`);
  }
  registration.functions.set(id, registered);
  return new Disposable(() => registration.functions.delete(id));
}

function receiver(): Registration {
  if (current === undefined) throw new Error("Cannot register: the host must have started");
  return current;
}

/** A round trip through JSON, because the host in Azure sees nothing else: what does not survive it fails here already. */
function readRegistered(metadata: unknown, callback: FunctionCallback): RegisteredFunction {
  // the library's own metadata, checked by its types before; the shape is pinned with its version
  const plain = JSON.parse(JSON.stringify(metadata)) as {
    name: string;
    functionId?: string;
    bindings: Record<string, Binding>;
  };
  return {
    metadata: { name: plain.name, functionId: plain.functionId ?? plain.name, bindings: plain.bindings },
    callback,
  };
}

function registerHook(name: string, hook: Hook): Disposable {
  if (!isHookName(name)) {
    const error = new RangeError(`Unrecognized hook "${name}"`);
    throw Object.assign(error, { isAzureFunctionsSystemError: true });
  }
  const { hooks } = receiver();
  hooks[name].push(hook);
  return new Disposable(() => {
    hooks[name] = hooks[name].filter((other) => other !== hook);
  });
}

function isHookName(name: string): name is HookName {
  return hookNames.some((known) => known === name);
}
