import type { CountedTable } from "../tables/table.ts";
import { type AuditKnowledge, auditTables } from "./audit/audit.ts";
import type { AuditFinding } from "./audit/audit-finding.ts";
import { checkPolicy, type Policy } from "./policy.ts";
import type { AuditedTable, ProtectedTable } from "./released-table.ts";

export type Disclosive = { readonly kind: "disclosive"; readonly findings: readonly AuditFinding[] };

/** Known to this file alone: the type keeps others from constructing a release, this keeps a cast from it. */
const auditPassed = Symbol("auditPassed");

/**
 * Tables that withstood the attacker, and the only thing that writers accept. Made by `audit` alone; a spread, a literal,
 * a clone or a cast is refused by the type or by `isAudited`. The seal does not survive storage: a resumed run audits again.
 *
 * The tables are copies and frozen; `values` and `states` give a fresh copy at each access, so nobody holds the audited
 * numbers themselves. What stands behind amounts of money is not in it: nobody outside needs it.
 */
export class AuditedRelease {
  readonly #seal: true;
  readonly kind = "audited";
  readonly tables: readonly AuditedTable[];
  /** The decisions it was audited by; the released texts quote them. */
  readonly policy: Policy;

  static {
    Object.freeze(AuditedRelease);
  }

  private constructor(by: typeof auditPassed, tables: readonly AuditedTable[], policy: Policy) {
    if (by !== auditPassed) {
      throw new TypeError("Cannot make a release: only the audit makes one");
    }
    this.#seal = true;
    this.tables = tables;
    this.policy = policy;
    Object.freeze(this);
  }

  /** @throws {RangeError} if the policy does not protect. */
  static async audit(
    tables: readonly ProtectedTable[],
    policy: Policy,
    knowledge: AuditKnowledge,
  ): Promise<AuditedRelease | Disclosive> {
    checkPolicy(policy);
    // Copied before the audit: what is judged is what is sealed.
    const copies: readonly ProtectedTable[] = structuredClone(tables);
    const rules: Policy = deepFrozen(structuredClone(policy));
    const result = await auditTables(copies, rules, knowledge);
    return result.kind === "passed"
      ? new AuditedRelease(auditPassed, deepFrozen(result.tables.map(sealed)), rules)
      : { kind: "disclosive", findings: result.findings };
  }

  /** True only for an object that `audit` made. Every writer checks this first. */
  static isAudited(value: object): value is AuditedRelease {
    return #seal in value && value.#seal;
  }
}

function sealed(audited: AuditedTable): AuditedTable {
  return audited.kind === "published" ? { ...audited, table: sealedTable(audited.table) } : audited;
}

/** Typed arrays cannot be frozen; the only handle to them stays in the accessors. */
function sealedTable(table: CountedTable): CountedTable {
  const { values, states, concentration: _, ...shape } = table;
  return {
    ...shape,
    get values() {
      return values.slice();
    },
    get states() {
      return states.slice();
    },
  };
}

function deepFrozen<Value extends object>(value: Value): Value {
  for (const descriptor of Object.values(Object.getOwnPropertyDescriptors(value))) {
    if (typeof descriptor.value === "object" && descriptor.value !== null) {
      deepFrozen(descriptor.value);
    }
  }
  return Object.freeze(value);
}
