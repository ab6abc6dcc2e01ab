import { z } from "zod";

/** How storage is reached: by connection string on one's own machine, by managed identity in Azure. */
export type StorageSettings =
  | { readonly kind: "connection-string"; readonly connectionString: string }
  | {
      readonly kind: "identity";
      readonly blobServiceUri: string;
      readonly queueServiceUri: string;
      readonly tableServiceUri: string;
      /** Of the user-assigned identity; without it the system-assigned one is used. */
      readonly clientId: string | undefined;
    };

export type Settings = {
  readonly storage: StorageSettings;
  readonly graphUrl: string;
  readonly sharePointSiteId: string;
  readonly sharePointDriveId: string;
  readonly sharePointFolder: string;
  readonly mailSender: string;
  /** 32 bytes. Every pseudonym follows from it. */
  readonly pseudonymKey: Uint8Array;
  /** Six-field NCRONTAB in UTC; only wakes the report's timer. */
  readonly reportSchedule: string;
  readonly officeTimeZone: string;
  readonly publicUrl: string;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** All settings that are missing or wrong, by name and rule. A setting's value is never printed, it may be a secret. */
export class SettingsError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`Cannot start: ${problems.length} settings must be corrected\n${problems.join("\n")}`);
    this.name = "SettingsError";
    this.problems = problems;
  }
}

/** Key of `local.settings.sample.json`: public, hence refused where real storage is named. */
export const samplePseudonymKey = "bnVyLWZ1ZXItZGllLWVyZnVuZGVuZS1zdGFkdC0wMDE=";
const keyBytes = 32;

const filled = z.string().trim().min(1, "must be set");
const httpUrl = z
  .url({ protocol: /^https?$/, error: "must be an http or https address" })
  .refine(isHttpsOrLoopback, "must be an https address, http only on this machine");
const ncrontabField = /^[\d*/,-]+$/;

const schema = z.object({
  AzureWebJobsStorage: filled.optional(),
  AzureWebJobsStorage__accountName: filled.optional(),
  AzureWebJobsStorage__blobServiceUri: httpUrl.optional(),
  RegisterStorage: filled.optional(),
  RegisterStorage__blobServiceUri: httpUrl.optional(),
  RegisterStorage__queueServiceUri: httpUrl.optional(),
  RegisterStorage__tableServiceUri: httpUrl.optional(),
  RegisterStorage__credential: z.literal("managedidentity", "must be managedidentity").optional(),
  RegisterStorage__clientId: z.guid("must be the id of an identity").optional(),
  GRAPH_URL: httpUrl.default("https://graph.microsoft.com"),
  SHAREPOINT_SITE_ID: filled,
  SHAREPOINT_DRIVE_ID: filled,
  SHAREPOINT_FOLDER: filled.regex(/^[^\\:*?"<>|]+$/, "must be a folder path of the library"),
  MAIL_SENDER: z.email("must be a mail address"),
  PSEUDONYM_KEY: filled.refine(isKey, `must be ${keyBytes} bytes in base64`),
  REPORT_SCHEDULE: filled.refine(isSchedule, "must have six NCRONTAB fields, seconds first"),
  OFFICE_TIME_ZONE: filled
    .refine(isTimeZone, "must be a time zone such as Europe/Berlin")
    .default("Europe/Berlin"),
  PUBLIC_URL: httpUrl,
  REFERENCE_NOW: z.iso.datetime({ offset: true, error: "must be an ISO instant with offset" }).optional(),
});

type Values = z.output<typeof schema>;

/**
 * Reads every setting once.
 *
 * @throws {SettingsError} naming all missing and wrong settings together, never a value.
 */
export function readSettings(env: Environment): Settings {
  const given: Environment = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const result = schema.safeParse(given);
  const problems = [
    ...fieldProblems(result.error, given),
    ...storageProblems(given),
    ...localProblems(given),
  ];
  if (!result.success || problems.length > 0) throw new SettingsError([...new Set(problems)]);
  const values = result.data;
  return {
    storage: storageOf(values),
    graphUrl: values.GRAPH_URL,
    sharePointSiteId: values.SHAREPOINT_SITE_ID,
    sharePointDriveId: values.SHAREPOINT_DRIVE_ID,
    sharePointFolder: values.SHAREPOINT_FOLDER,
    mailSender: values.MAIL_SENDER,
    pseudonymKey: new Uint8Array(Buffer.from(values.PSEUDONYM_KEY, "base64")),
    reportSchedule: values.REPORT_SCHEDULE,
    officeTimeZone: values.OFFICE_TIME_ZONE,
    publicUrl: values.PUBLIC_URL,
  };
}

function fieldProblems(error: z.ZodError | undefined, given: Environment): readonly string[] {
  return (error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0]);
    return `${name}: ${given[name] === undefined ? "must be set" : issue.message}`;
  });
}

function storageOf(values: Values): StorageSettings {
  if (values.RegisterStorage !== undefined) {
    return { kind: "connection-string", connectionString: values.RegisterStorage };
  }
  return {
    kind: "identity",
    blobServiceUri: values.RegisterStorage__blobServiceUri ?? "",
    queueServiceUri: values.RegisterStorage__queueServiceUri ?? "",
    tableServiceUri: values.RegisterStorage__tableServiceUri ?? "",
    clientId: values.RegisterStorage__clientId,
  };
}

const hostStorageForms = [
  "AzureWebJobsStorage",
  "AzureWebJobsStorage__accountName",
  "AzureWebJobsStorage__blobServiceUri",
] as const;
const registerStorageAddresses = [
  "RegisterStorage__blobServiceUri",
  "RegisterStorage__queueServiceUri",
  "RegisterStorage__tableServiceUri",
] as const;

function storageProblems(given: Environment): readonly string[] {
  const problems: string[] = [];
  if (hostStorageForms.every((name) => given[name] === undefined)) {
    problems.push("AzureWebJobsStorage: must be set");
  }
  const [present, absent] = [true, false].map((wanted) =>
    registerStorageAddresses.filter((name) => (given[name] !== undefined) === wanted),
  );
  if (given["RegisterStorage"] !== undefined) {
    problems.push(...(present ?? []).map((name) => `${name}: must not stand beside RegisterStorage`));
  } else if (present?.length === 0) {
    problems.push("RegisterStorage: must be set, or RegisterStorage__blobServiceUri and its two siblings");
  } else {
    problems.push(...(absent ?? []).map((name) => `${name}: must be set`));
  }
  return problems;
}

function localProblems(given: Environment): readonly string[] {
  if (given["RegisterStorage__blobServiceUri"] === undefined) return [];
  const problems: string[] = [];
  if (given["PSEUDONYM_KEY"] === samplePseudonymKey) {
    problems.push("PSEUDONYM_KEY: must not be the public sample key");
  }
  if (given["REFERENCE_NOW"] !== undefined) {
    problems.push("REFERENCE_NOW: must not be set where real storage is named");
  }
  return problems;
}

function isKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(text) && Buffer.from(text, "base64").length === keyBytes;
}

function isSchedule(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  return fields.length === 6 && fields.every((field) => ncrontabField.test(field));
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function isHttpsOrLoopback(address: string): boolean {
  const url = URL.parse(address);
  if (url === null) return false;
  return url.protocol === "https:" || ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
}
