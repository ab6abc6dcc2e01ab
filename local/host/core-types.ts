/** The shapes that pass between the functions library and its host. The host's own package exists only inside Azure's worker. */

export type TypedData = {
  readonly string?: string | null;
  readonly json?: string | null;
  readonly bytes?: Uint8Array | null;
  readonly int?: number | null;
  readonly double?: number | null;
  readonly http?: HttpData | null;
  readonly modelBindingData?: {
    readonly version: string;
    readonly source: string;
    readonly contentType: string;
    readonly content: Buffer;
  } | null;
};

export type Nullable = Readonly<Record<string, { readonly value: string }>>;

export type HttpData = {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly nullableHeaders?: Nullable;
  readonly nullableQuery?: Nullable;
  readonly nullableParams?: Nullable;
  readonly statusCode?: string;
  readonly cookies?: readonly CookieData[];
  readonly body?: TypedData | null;
};

/** A nullable field of a cookie comes wrapped: `{ value }`. */
export type CookieData = {
  readonly name: string;
  readonly value: string;
  readonly domain?: { readonly value: string };
  readonly path?: { readonly value: string };
  readonly expires?: { readonly value: number };
  readonly secure?: { readonly value: boolean };
  readonly httpOnly?: { readonly value: boolean };
  readonly sameSite?: string;
  readonly maxAge?: { readonly value: number };
};

export type Binding = {
  readonly type: string;
  readonly direction: string;
  readonly connection?: string;
  readonly path?: string;
  readonly queueName?: string;
  readonly schedule?: string;
  readonly runOnStartup?: boolean;
  readonly route?: string;
  readonly methods?: readonly string[];
  readonly authLevel?: string;
  readonly properties?: Readonly<Record<string, string>>;
};

type FunctionMetadata = {
  readonly name: string;
  readonly functionId: string;
  readonly bindings: Readonly<Record<string, Binding>>;
};

export type FunctionCallback = (...inputs: unknown[]) => unknown;

export type RegisteredFunction = {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
};

export type NamedData = { readonly name: string; readonly data: TypedData };

export type InvocationResponse = {
  readonly outputData?: readonly NamedData[] | null;
  readonly returnValue?: TypedData | null;
};

export type LogLevel = "trace" | "debug" | "information" | "warning" | "error" | "critical" | "none";

type InvocationModel = {
  getArguments(): Promise<{ readonly context: object; readonly inputs: unknown[] }>;
  invokeFunction(context: object, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: object, result: unknown): Promise<InvocationResponse>;
};

export type ProgrammingModel = {
  readonly name: string;
  getInvocationModel(core: object): InvocationModel;
  getCapabilities?(defaults: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>>;
};

export const hookNames = ["appStart", "appTerminate", "preInvocation", "postInvocation", "log"] as const;
export type HookName = (typeof hookNames)[number];
export type Hook = (context: object) => unknown;

/** What one application registered. */
export type Registration = {
  readonly functions: Map<string, RegisteredFunction>;
  readonly hooks: Record<HookName, Hook[]>;
  readonly appHookData: Record<string, unknown>;
  model: ProgrammingModel | undefined;
  locked: boolean;
};
