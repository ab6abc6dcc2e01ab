import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The command line of a running process, "" when there is none under this number. */
export async function commandLineOf(pid: number): Promise<string> {
  if (!isRunning(pid)) return "";
  try {
    return await (commandLineReaders[process.platform] ?? readFromPs)(pid);
  } catch {
    return "";
  }
}

const commandLineReaders: Partial<Record<NodeJS.Platform, (pid: number) => Promise<string>>> = {
  linux: readFromProc,
  win32: readFromPowerShell,
};

async function readFromProc(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
}

async function readFromPs(pid: number): Promise<string> {
  return (await run("ps", ["-p", String(pid), "-o", "command="])).stdout;
}

async function readFromPowerShell(pid: number): Promise<string> {
  const query = `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`;
  return (await run("powershell", ["-NoProfile", "-Command", query])).stdout;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Asks a process to end and ends it by force after `graceMs`. Only for processes known to be ours. */
export async function endProcess(pid: number, graceMs: number): Promise<void> {
  signal(pid, "SIGTERM");
  const deadline = Date.now() + graceMs;
  while (isRunning(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  if (isRunning(pid)) signal(pid, "SIGKILL");
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it ended in between
  }
}
