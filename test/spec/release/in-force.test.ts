import { describe, expect, test } from "vitest";
import type { Delivery } from "../../../shared/registers/delivery.ts";
import { registerIds } from "../../../shared/registers/register.ts";
import { inForce } from "../../../shared/release/in-force.ts";

/** One delivery a line: register part date sequence state. */
function deliveries(text: string): readonly Delivery[] {
  return text
    .trim()
    .split("\n")
    .map((line, at) => {
      const [name = "", part = "", referenceDate = "", sequence = "", state = ""] = line.trim().split(/\s+/);
      const register = registerIds.find((id) => id === name) ?? "ewo";
      return {
        id: `${name}-${part}-${referenceDate}-${sequence}`,
        slot: { register, part, referenceDate },
        state: state === "complete" ? "complete" : "superseded",
        blobName: `${name}/${at}`,
        etag: "0x1",
        sha256: "0".repeat(64),
        byteLength: 1,
        sequence: Number(sequence),
        rowsRead: 1,
        taken: 1,
        rejected: 0,
        merged: 0,
        blockCount: 1,
        codeTableVersion: "v",
        receivedAt: "2026-11-23T05:00:00.000Z",
      };
    });
}

function chosen(text: string, referenceDate: string): Record<string, readonly string[]> {
  const entries = [...inForce(deliveries(text), referenceDate)].map(([register, list]) => [
    register,
    list.map((delivery) => `${delivery.slot.part} ${delivery.slot.referenceDate}`),
  ]);
  return Object.fromEntries(entries);
}

const stock = `
  ewo-alw        -         2026-11-13  1  complete
  ewo-alw        -         2026-11-20  1  superseded
  ewo-alw        -         2026-11-20  2  complete
  ewo-alw        -         2026-11-27  1  complete
  ewo            -         2026-10-31  1  complete
  akdn-sozial    -         2026-10     1  complete
  akdn-sozial    -         2026-09     1  complete
  akdn-sozial    -         2026-12     1  complete
  schild         123456    2026-02-01  1  complete
  schild         123456    2026-10-15  1  complete
  schild         654321    2026-02-01  1  complete
  gliederung     adressen  2025-01-01  1  complete
  gliederung     adressen  2026-01-01  1  complete
  gliederung     namen     2026-01-01  1  complete
  fortschreibung -         2026-08     1  complete
  fortschreibung -         2026-09     1  complete`;

describe("inForce()", () => {
  test("takes the newest not after the reference date, each month, each school, each part", () => {
    expect(chosen(stock, "2026-11-20")).toEqual({
      "ewo-alw": ["- 2026-11-20"],
      ewo: ["- 2026-10-31"],
      "akdn-sozial": ["- 2026-09", "- 2026-10"],
      schild: ["123456 2026-10-15", "654321 2026-02-01"],
      gliederung: ["adressen 2026-01-01", "namen 2026-01-01"],
      fortschreibung: ["- 2026-08", "- 2026-09"],
    });
  });

  test("gives an earlier week its own stock, whatever came later", () => {
    expect(chosen(stock, "2026-11-13")["ewo-alw"]).toEqual(["- 2026-11-13"]);
    expect(chosen(stock, "2025-12-31")["gliederung"]).toEqual(["adressen 2025-01-01"]);
  });

  test("counts only complete deliveries", () => {
    expect(chosen("ewo-alw - 2026-11-20 1 held", "2026-11-20")).toEqual({});
  });

  test("does not depend on the order of arrival", () => {
    const reversed = stock.trim().split("\n").reverse().join("\n");
    expect(chosen(reversed, "2026-11-20")).toEqual(chosen(stock, "2026-11-20"));
  });
});
