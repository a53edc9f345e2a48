import { createHash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import busboy from "busboy";
import type { Request } from "express";
import { Problem } from "../http/problem.ts";

/** A file that came by form, at `path` until somebody moves it. */
export interface ReceivedFile {
  fileName: string | null;
  sha256: string;
  sizeBytes: number;
}

/**
 * Writes the `file` of a multipart body to `path` as it comes in, hashing on the way, and gives the other fields.
 * Whatever ends it early (too large, cut off, not a form), nothing stays at `path`.
 */
export async function receiveForm(
  request: Request,
  { path, maxBytes, refusal }: { path: string; maxBytes: number; refusal: Problem },
): Promise<{ file: ReceivedFile; fields: Record<string, string> }> {
  try {
    return await readForm(request, { path, maxBytes, refusal });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function readForm(
  request: Request,
  { path, maxBytes, refusal }: { path: string; maxBytes: number; refusal: Problem },
) {
  const parser = createParser(request, maxBytes);
  const fields: Record<string, string> = {};
  const stop = new AbortController();
  const arriving: Promise<ReceivedFile>[] = [];
  parser.on("field", (name, value) => (fields[name] = value));
  parser.on("file", (name, stream, { filename }) => {
    if (name !== "file" || arriving.length > 0) {
      stream.resume();
      return;
    }
    stream.once("limit", () => stop.abort(refusal));
    const stored = store(stream, path, stop.signal).then((file) => ({ ...file, fileName: filename ?? null }));
    stored.catch((error: unknown) => stop.abort(error));
    arriving.push(stored);
  });
  try {
    await parse(request, parser, stop.signal);
    const [file] = await Promise.all(arriving);
    if (file === undefined) throw new Problem(400, "file_missing", "Send the recording as the form's field `file`.");
    return { file, fields };
  } catch (error) {
    stop.abort(error);
    await Promise.allSettled(arriving);
    const reason: unknown = stop.signal.reason;
    if (reason instanceof Problem) throw reason;
    throw isOurs(reason) ? reason : new Problem(400, "invalid_request", "The form ended early or could not be read.");
  }
}

/** Runs the body through the parser. What is left of a request that is given up is for its answer to deal with. */
async function parse(request: Request, parser: busboy.Busboy, signal: AbortSignal): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      // Not `once`: a parser that reads on after its first error raises more.
      parser.once("close", resolve).on("error", reject);
      request.once("close", () => {
        if (!request.complete) reject(new Error("The connection was lost"));
      });
      signal.addEventListener("abort", () => reject(signal.reason));
      request.pipe(parser);
    });
  } catch (error) {
    request.unpipe(parser);
    throw error;
  }
}

function createParser(request: Request, maxBytes: number) {
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: "utf8",
      limits: { fileSize: maxBytes, files: 2, fields: 20, fieldSize: 2_000, parts: 30 },
    });
  } catch {
    throw new Problem(415, "not_a_form", "Send the recording as multipart/form-data, in the field `file`.");
  }
}

async function store(stream: Readable, path: string, signal: AbortSignal) {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const measured = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      yield chunk;
    }
  };
  // A parser that finds the form broken says so on the part's stream too, perhaps before the pipeline listens.
  stream.on("error", () => undefined);
  // Opened here and not by the stream: one that is aborted while it opens would leave the file behind, later than
  // whoever removes it looks.
  await using file = await open(path, "wx");
  await pipeline(stream, measured, file.createWriteStream(), { signal });
  return { sha256: hash.digest("hex"), sizeBytes };
}

// A full disk is the server's trouble; anything else that stops a stream here is the sender's.
const isOurs = (error: unknown) =>
  error instanceof Error &&
  "code" in error &&
  ["ENOSPC", "EDQUOT", "EACCES", "EROFS", "ENOENT"].includes(String(error.code));
