import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { LogLevel } from "./core-types.ts";

type LogLine = {
  readonly level: LogLevel;
  readonly message: string;
  /** Name of the function, absent for lines of the host itself. */
  readonly function?: string;
  readonly invocationId?: string;
};

export type HostLog = { write(line: LogLine): void; close(): void };

const shownLevels: ReadonlySet<LogLevel> = new Set(["warning", "error", "critical"]);
const shownCharacters = 300;

/**
 * One JSON line per entry into `file`; warnings and errors also to `show`, one short line each.
 * Lines are written at once, so that a host that is killed has told everything.
 */
export function openHostLog(file: string | undefined, show: (line: string) => void): HostLog {
  let descriptor = file === undefined ? undefined : openFile(file);
  return {
    write(line) {
      if (descriptor !== undefined) {
        writeSync(descriptor, `${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
      }
      if (shownLevels.has(line.level)) show(shortLine(line));
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

function openFile(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  return openSync(file, "a");
}

function shortLine(line: LogLine): string {
  const [first = ""] = line.message.split("\n");
  return `${line.level} ${line.function ?? "host"}: ${first.slice(0, shownCharacters)}`;
}
