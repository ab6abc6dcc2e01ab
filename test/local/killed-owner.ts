import { startStorage } from "../../local/storage-emulator.ts";

/** Starts an emulator, tells its number and dies without stopping it. */
const [, , directory = ""] = process.argv;
const { pid } = await startStorage({ directory });
process.send?.(pid, () => process.kill(process.pid, "SIGKILL"));
