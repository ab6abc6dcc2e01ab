import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { now } from "../../../shared/azure/clock.ts";
import {
  type Environment,
  readSettings,
  SettingsError,
  samplePseudonymKey,
} from "../../../shared/azure/settings.ts";

const sample: { Values: Environment } = JSON.parse(readFileSync("local.settings.sample.json", "utf8"));
const secret = "geheim-7f3a";
const realKey = Buffer.alloc(32, 7).toString("base64");
const inAzure: Environment = {
  ...sample.Values,
  AzureWebJobsStorage: "",
  AzureWebJobsStorage__blobServiceUri: "https://host.blob.core.windows.net",
  RegisterStorage: "",
  RegisterStorage__blobServiceUri: "https://daten.blob.core.windows.net",
  RegisterStorage__queueServiceUri: "https://daten.queue.core.windows.net",
  RegisterStorage__tableServiceUri: "https://daten.table.core.windows.net",
  RegisterStorage__credential: "managedidentity",
  RegisterStorage__clientId: "0b6f2d3c-1c5e-4a68-9a56-0c9a4d8a1f11",
  PSEUDONYM_KEY: realKey,
};

function problemsOf(env: Environment): readonly string[] {
  try {
    readSettings(env);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

describe("readSettings()", () => {
  test("takes the sample as it ships", () => {
    const settings = readSettings(sample.Values);
    expect(settings.storage.kind).toBe("connection-string");
    expect(settings.pseudonymKey).toHaveLength(32);
    expect(settings.graphUrl).toBe("https://graph.microsoft.com");
  });

  test("takes a managed identity", () => {
    expect(readSettings(inAzure).storage).toEqual({
      kind: "identity",
      blobServiceUri: "https://daten.blob.core.windows.net",
      queueServiceUri: "https://daten.queue.core.windows.net",
      tableServiceUri: "https://daten.table.core.windows.net",
      clientId: "0b6f2d3c-1c5e-4a68-9a56-0c9a4d8a1f11",
    });
  });

  test("reports every mistake at once, by name", () => {
    const names = problemsOf({}).map((problem) => problem.slice(0, problem.indexOf(":")));
    expect(names.sort()).toEqual([
      "AzureWebJobsStorage",
      "MAIL_SENDER",
      "PSEUDONYM_KEY",
      "PUBLIC_URL",
      "REPORT_SCHEDULE",
      "RegisterStorage",
      "SHAREPOINT_DRIVE_ID",
      "SHAREPOINT_FOLDER",
      "SHAREPOINT_SITE_ID",
    ]);
  });

  // setting, a wrong value, the rule that is named
  const wrong: readonly (readonly [string, string, string])[] = [
    ["PSEUDONYM_KEY", secret, "must be 32 bytes in base64"],
    ["PSEUDONYM_KEY", Buffer.alloc(31).toString("base64"), "must be 32 bytes in base64"],
    ["PSEUDONYM_KEY", "a".repeat(64), "must be 32 bytes in base64"],
    ["REPORT_SCHEDULE", "0 * * * *", "must have six NCRONTAB fields, seconds first"],
    ["REPORT_SCHEDULE", `0 0 * * * ${secret}`, "must have six NCRONTAB fields, seconds first"],
    ["OFFICE_TIME_ZONE", secret, "must be a time zone such as Europe/Berlin"],
    ["MAIL_SENDER", secret, "must be a mail address"],
    ["PUBLIC_URL", secret, "must be an http or https address"],
    ["GRAPH_URL", `http://${secret}.example`, "must be an https address, http only on this machine"],
    ["SHAREPOINT_FOLDER", `${secret}?*`, "must be a folder path of the library"],
    ["REFERENCE_NOW", secret, "must be an ISO instant with offset"],
    ["REFERENCE_NOW", "2026-11-23T06:00:00", "must be an ISO instant with offset"],
    ["RegisterStorage__clientId", secret, "must be the id of an identity"],
    ["RegisterStorage__credential", secret, "must be managedidentity"],
    ["RegisterStorage__blobServiceUri", "https://daten.example", "must not stand beside RegisterStorage"],
  ];
  test.each(wrong)("refuses a wrong %s and never prints its value", (name, value, rule) => {
    const problems = problemsOf({ ...sample.Values, [name]: value });
    expect(problems).toContain(`${name}: ${rule}`);
    expect(problems.join()).not.toContain(secret);
  });

  test("wants all three addresses of real storage", () => {
    expect(problemsOf({ ...inAzure, RegisterStorage__tableServiceUri: "" })).toEqual([
      "RegisterStorage__tableServiceUri: must be set",
    ]);
  });

  test("refuses the public sample key where real storage is named", () => {
    expect(problemsOf({ ...inAzure, PSEUDONYM_KEY: samplePseudonymKey })).toEqual([
      "PSEUDONYM_KEY: must not be the public sample key",
    ]);
  });

  test("refuses a fixed clock where real storage is named", () => {
    expect(problemsOf({ ...inAzure, REFERENCE_NOW: "2026-11-23T06:00:00+01:00" })).toEqual([
      "REFERENCE_NOW: must not be set where real storage is named",
    ]);
  });
});

describe("now()", () => {
  test("is REFERENCE_NOW where it is set", () => {
    expect(now({ REFERENCE_NOW: "2026-11-23T06:00:00+01:00" }).toISOString()).toBe(
      "2026-11-23T05:00:00.000Z",
    );
  });

  test("refuses a fixed clock beside real storage, and one that is no instant", () => {
    expect(() =>
      now({ REFERENCE_NOW: "2026-11-23T06:00:00Z", RegisterStorage__blobServiceUri: "x" }),
    ).toThrow(RangeError);
    expect(() => now({ REFERENCE_NOW: "gestern" })).toThrow(RangeError);
  });
});
