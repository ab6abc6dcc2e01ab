import highsModule, { type Highs } from "highs";

/** The declarations of the package describe its CommonJS file; the module that Node loads exports the function itself. */
const loadHighs = highsModule as unknown as typeof highsModule.default;
let loading: Promise<Highs> | undefined;

/** The solver for linear and whole-number programs, loaded once, when the first program needs it. */
export function loadSolver(): Promise<Highs> {
  loading ??= loadHighs();
  return loading;
}
