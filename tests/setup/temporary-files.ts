import { accessSync, constants, readFileSync, statfsSync } from "node:fs";

// A database of its own is some 700 files, made and removed by nearly every test: on disk that was half of a run's
// processor time. Where Linux has room in memory, all that tests and what they start call temporary lies there.
const inMemory = "/dev/shm";
const LEAST_BYTES = 6e9;

if (process.env["TMPDIR"] === undefined && hasRoom()) process.env["TMPDIR"] = inMemory;

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(inMemory);
    accessSync(inMemory, constants.W_OK);
    // Programs are started from there too.
    const mount = readFileSync("/proc/mounts", "utf8")
      .split("\n")
      .find((line) => line.split(" ")[1] === inMemory);
    const mayRun = mount?.split(" ")[3]?.split(",").includes("noexec") === false;
    return mayRun && Math.min(bavail * bsize, process.availableMemory()) > LEAST_BYTES;
  } catch {
    return false;
  }
}
