import { execFile } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { areWhole, fetchWheels, pythonPath } from "./pinned-wheels.ts";
import type { Wheel } from "./pinned-wheels.ts";

const run = promisify(execFile);

const wheels = [
  {
    spec: "yt-dlp==2026.10.26",
    file: "yt_dlp-2026.10.26-py3-none-any.whl",
    sha256: "a05c5b5d8562f7e8a62f5334348b406af4930d56d3a65f8021d14af0e22339ae",
  },
  {
    spec: "yt-dlp-ejs==0.8.0",
    file: "yt_dlp_ejs-0.8.0-py3-none-any.whl",
    sha256: "79300e5fca7f937a1eeede11f0456862c1b41107ce1d726871e0207424f4bdb4",
  },
] as const satisfies Wheel[];

const oldestPython = [3, 11] as const;
const probe =
  "import json, ssl, sys; print(json.dumps([sys.executable, sys.version_info[:2], ssl.get_default_verify_paths().cafile]))";
const Probed = z.tuple([z.string().min(1), z.tuple([z.int(), z.int()]), z.string().nullable()]);

/** How yt-dlp is started. */
export interface YtdlpTool {
  program: string;
  /** What comes before yt-dlp's own arguments. */
  args: readonly string[];
  env: Record<string, string>;
}

/** yt-dlp cannot be run on this machine; the words say what is missing. */
export class ToolMissing extends Error {
  override name = "ToolMissing";
}

interface Deps {
  cacheDir: string;
  /** A yt-dlp of the operator's own. */
  path: string | undefined;
  log: (message: string) => void;
}

/** Finds yt-dlp: the operator's own, else the two wheels that are fetched once by pip and checked on every call. */
export async function findYtdlp({ cacheDir, path, log }: Deps): Promise<YtdlpTool> {
  // Nothing of our own environment, which holds keys, goes to a program that reads strangers' pages.
  const env = { PATH: [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter) };
  if (path !== undefined) return { program: path, args: [], env };
  const { python, certificates } = await findPython();
  const folder = join(cacheDir, "yt-dlp");
  if (!(await areWhole(wheels, folder))) await fetchTool(python, folder, log);
  return {
    program: python,
    // Without this machine's own packages: a plugin or another yt-dlp among them would change what is run.
    args: ["-S", "-m", "yt_dlp"],
    env: {
      ...env,
      PYTHONPATH: pythonPath(wheels, folder),
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONUTF8: "1",
      // An operator's own authority is trusted by Python's usual variable.
      ...(certificates === null ? {} : { SSL_CERT_FILE: certificates }),
    },
  };
}

/** What `findYtdlp` would give, without fetching anything; null for what does not run. */
export async function ytdlpVersions(
  path: string | undefined,
): Promise<{ python: string | null; ytdlp: string | null }> {
  const python = await findPython().then(
    ({ version }) => version,
    () => null,
  );
  if (path === undefined) return { python, ytdlp: python === null ? null : wheels[0].spec.replace("yt-dlp==", "") };
  const said = await run(path, ["--version"], { timeout: 60_000 }).catch(() => null);
  return { python, ytdlp: /^[\w.+-]{1,40}/.exec(said?.stdout.trim() ?? "")?.[0] ?? null };
}

async function findPython(): Promise<{ python: string; version: string; certificates: string | null }> {
  for (const name of ["python3", "python3.13", "python3.12", "python3.11"]) {
    const answer = await run(name, ["-c", probe], { timeout: 20_000 }).catch(() => null);
    const probed = Probed.safeParse(answer === null ? null : JSON.parse(answer.stdout));
    if (!probed.success) continue;
    const [python, [major, minor], certificates] = probed.data;
    if (major > oldestPython[0] || (major === oldestPython[0] && minor >= oldestPython[1])) {
      return { python, version: `${major}.${minor}`, certificates };
    }
  }
  throw new ToolMissing(
    `there is no Python ${oldestPython.join(".")} or newer. Install it there, or set YTDLP_PATH to a yt-dlp that runs`,
  );
}

async function fetchTool(python: string, folder: string, log: (message: string) => void): Promise<void> {
  log(`Fetching yt-dlp (3 MB, once, kept in ${folder})`);
  await fetchWheels({ python, wheels, folder }).catch((error: Error) => {
    throw new ToolMissing(
      `yt-dlp could not be fetched by pip (${error.message}). Go online once, or copy the folder ${folder} from a machine ` +
        "that has it, or set YTDLP_PATH to a yt-dlp that runs",
      { cause: error },
    );
  });
}
