import { type AuditFinding, auditTables } from "./audit.ts";
import type { Policy } from "./policy.ts";
import type { AuditedTable, ProtectedTable } from "./released-table.ts";

export type Disclosive = { readonly kind: "disclosive"; readonly findings: readonly AuditFinding[] };

/**
 * Tables that withstood the attacker, and the only thing that writers accept. Made by `audit` alone; a spread, a literal,
 * a clone or a cast is refused by the type or by `isAudited`. The seal does not survive storage: a resumed run audits again.
 */
export class AuditedRelease {
  readonly #seal: true;
  readonly kind = "audited";
  readonly tables: readonly AuditedTable[];

  private constructor(tables: readonly AuditedTable[]) {
    this.#seal = true;
    this.tables = tables;
    Object.freeze(this);
  }

  static audit(tables: readonly ProtectedTable[], policy: Policy): AuditedRelease | Disclosive {
    const result = auditTables(tables, policy);
    return result.kind === "passed"
      ? new AuditedRelease(result.tables)
      : { kind: "disclosive", findings: result.findings };
  }

  /** True only for an object that `audit` made. Every writer checks this first. */
  static isAudited(value: object): value is AuditedRelease {
    return #seal in value && value.#seal;
  }
}
