import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Request } from "express";
import type { WebDeps } from "../deps.ts";
import { receiveForm } from "./form.ts";
import { emptyFile } from "./intake.ts";

type Limits = Pick<Parameters<typeof receiveForm>[1], "maxBytes" | "refusal">;

/** What came by form; the file lies at `path` until it is kept, or goes. */
interface Received extends Awaited<ReturnType<typeof receiveForm>> {
  path: string;
}

/** Takes the file of a form and has it kept, under an id of its own; of what is not kept nothing stays. */
export async function receiveFile<Result>(
  { env }: Pick<WebDeps, "env">,
  { request, id, limits }: { request: Request; id: string; limits: Limits },
  keep: (received: Received) => Promise<Result>,
): Promise<Result> {
  const directory = join(env.MEDIA_DIR, "incoming");
  await mkdir(directory, { recursive: true });
  const path = join(directory, id);
  const { file, fields } = await receiveForm(request, { path, ...limits });
  try {
    if (file.sizeBytes === 0) throw emptyFile();
    return await keep({ file, fields, path });
  } finally {
    await rm(path, { force: true });
  }
}
