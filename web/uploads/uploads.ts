import { Metadata, Server } from "@tus/server";
import { Router } from "express";
import type { Upload as TusUpload } from "@tus/server";
import type { Request, Response } from "express";
import { isId } from "#domain/ids.ts";
import { FileDetails } from "#domain/inputs/recording.ts";
import type { Upload } from "#prisma/generated/client.ts";
import { writingRoles } from "#records/accounts/access.ts";
import { newId } from "#records/ids.ts";
import { requireRole, targetWorkspace } from "../api/access.ts";
import { requireAwaited } from "../api/awaited.ts";
import { requireUploadChannel } from "../api/channel-access.ts";
import type { Actor } from "../auth/auth.ts";
import type { WebDeps } from "../deps.ts";
import { invalidRequest } from "../http/errors.ts";
import { spendApiRequest } from "../http/guard.ts";
import { methodNotAllowed } from "../http/methods.ts";
import { notFound, Problem, unauthenticated } from "../http/problem.ts";
import { bodyLength, createDeferred } from "./deferred.ts";
import { duplicateHeaders } from "./duplicate.ts";
import { createFinisher } from "./finish.ts";
import type { FinishedUpload } from "./finish.ts";
import { createLeaseLocker } from "./lease-locker.ts";
import { openParts } from "./open-parts.ts";
import { allowUpload, cleanFileName, emptyFile } from "./intake.ts";
import { startSweep } from "./sweep.ts";

export type Uploads = Awaited<ReturnType<typeof createUploads>>;

const PATH = "/api/uploads";

/** Resumable uploads (tus 1.0.0) at `/api/uploads`. An upload is its owner's; to anybody else it does not exist. */
export async function createUploads(deps: WebDeps) {
  const { env, prisma, auth } = deps;
  const lifetimeMs = env.UPLOAD_EXPIRY_HOURS * 3_600_000;
  const parts = await openParts(deps, lifetimeMs);
  const store = parts.tus;
  const finish = createFinisher(deps, parts);
  const locker = createLeaseLocker(prisma);
  const deferred = createDeferred({ deps, parts, locker, finish });
  const ids = new WeakMap<object, string>();
  // A file that comes whole in the POST is a recording, and gone from here, before tus looks at it once more.
  const whole = new Map<string, TusUpload>();
  const getStored = store.getUpload.bind(store);
  store.getUpload = async (id) => whole.get(id) ?? getStored(id);

  const tus = new Server({
    path: PATH,
    datastore: store,
    locker,
    relativeLocation: true,
    maxSize: env.MAX_UPLOAD_BYTES,
    allowedOrigins: [new URL(env.PUBLIC_URL).origin],
    namingFunction: (request) => ids.get(request.runtime?.node?.req ?? request) ?? newId(),
    onUploadFinish: async (_request, upload) => {
      const headers = finishedHeaders(await finish(upload.id));
      whole.set(upload.id, upload);
      return { headers };
    },
    onResponseError: (_request, error) => {
      throw problemOf(error);
    },
  });

  const begin = async (request: Request, actor: Actor) => {
    if (request.headers["upload-concat"] !== undefined) {
      throw new Problem(400, "invalid_request", "A file comes as one upload; parts are not put together here.");
    }
    const size = sizeOf(request);
    if (size === 0) throw emptyFile();
    const metadata = readMetadata(request.headers["upload-metadata"]);
    const details = FileDetails.safeParse(metadata);
    if (!details.success) throw invalidRequest(details.error);
    const { recordingId, channelId } = metadata;
    const workspaceId = channelId
      ? await requireUploadChannel({ deps, actor }, channelId)
      : recordingId
        ? await requireAwaited({ deps, actor }, recordingId)
        : await targetWorkspace({ deps, actor }, details.data.workspaceId);
    const { maxBytes, refusal } = await allowUpload(deps, actor);
    if ((size ?? bodyLength(request)) > maxBytes) throw refusal;
    const id = newId();
    await prisma.upload.create({
      data: {
        id,
        userId: actor.userId,
        workspaceId,
        fileName: cleanFileName(metadata["filename"]),
        sizeBytes: size ?? maxBytes,
        deferred: size === null,
        metadata: {
          ...details.data,
          allowDuplicate: metadata["duplicate"] === "allow",
          ...(recordingId && !channelId ? { recordingId: recordingId.toLowerCase() } : {}),
          ...(channelId ? { channelId: channelId.toLowerCase() } : {}),
        },
        expiresAt: new Date(Date.now() + lifetimeMs),
      },
    });
    ids.set(request, id);
  };

  /** Finishes an upload whose last byte came before its recording was made (a crash in between). */
  const finishIfWhole = async (upload: Upload): Promise<FinishedUpload | null> => {
    const { id, conversationId, metadata } = upload;
    if (conversationId !== null || "sha256" in Object(metadata)) return finish(id);
    const stored = await store.getUpload(id).catch(() => null);
    if (stored === null) return null;
    const size = upload.deferred ? stored.size : Number(upload.sizeBytes);
    return stored.offset === size ? finish(id) : null;
  };

  /** The upload that goes on with this request; null: it was answered. */
  const continueUpload = async (request: Request, response: Response, actor: Actor): Promise<Upload | null> => {
    const id = request.path.slice(1);
    const upload = isId(id) ? await prisma.upload.findFirst({ where: { id, userId: actor.userId } }) : null;
    if (upload === null) throw notFound();
    await requireRole({ deps, actor }, upload.workspaceId, writingRoles);
    const finished = await finishIfWhole(upload);
    if (finished === null) {
      if (upload.deferred) await deferred.admit(request, upload);
      return upload;
    }
    if (request.method !== "HEAD") throw new Problem(409, "upload_finished", "This upload is whole already.");
    const { sizeBytes } = await prisma.upload.findUniqueOrThrow({ where: { id } });
    const size = String(sizeBytes);
    response
      .status(200)
      .set({ "Upload-Offset": size, "Upload-Length": size, ...finishedHeaders(finished) })
      .end();
    return null;
  };

  const handler = Router();
  handler.use(async (request, response) => {
    response.locals["route"] = `${PATH}/*`;
    response.set("Tus-Resumable", "1.0.0");
    const methods = request.path === "/" ? ["POST"] : ["HEAD", "PATCH", "DELETE"];
    if (![...methods, "OPTIONS"].includes(request.method)) throw methodNotAllowed([...methods, "OPTIONS"].join(", "));
    let goesOn: Upload | null = null;
    if (request.method !== "OPTIONS") {
      const actor = await auth.actorOf(request);
      if (actor === null) throw unauthenticated();
      await spendApiRequest(deps, `user:${actor.userId}`);
      if (request.method === "POST") await begin(request, actor);
      else {
        goesOn = await continueUpload(request, response, actor);
        if (goesOn === null) return;
      }
    }
    const { path } = request;
    // tus reads ids from the whole path; Express has cut off what this router is mounted at.
    request.url = request.originalUrl;
    const id = ids.get(request) ?? path.slice(1);
    await tus.handle(request, response).finally(() => whole.delete(id));
    // A part may take longer than a silent sender is waited for: the wait begins at its end.
    if (request.method === "PATCH" && goesOn?.deferred) await deferred.hearOf(id);
    if (request.method === "DELETE" && response.statusCode === 204) {
      await prisma.upload.deleteMany({ where: { id, conversationId: null } });
    }
  });

  const sweep = startSweep({ deps, parts, finishIfWhole, endAbandoned: deferred.endAbandoned });
  return { handler, close: () => sweep.stop() };
}

function finishedHeaders({ conversationId, duplicate, there }: FinishedUpload): Record<string, string> {
  const own = { "X-Conversation-Id": conversationId, "X-Duplicate": String(duplicate), ...duplicateHeaders(there) };
  const exposed = [...Object.keys(own), "Upload-Offset", "Upload-Length"].join(", ");
  return { ...own, "Access-Control-Expose-Headers": exposed };
}

/** The whole file's size in bytes; null where it is said at the end (Upload-Defer-Length). */
function sizeOf({ headers }: Request): number | null {
  const { "upload-length": said, "upload-defer-length": deferred } = headers;
  if (deferred === "1" && said === undefined) return null;
  const size = Number(said);
  if (deferred !== undefined || !Number.isSafeInteger(size) || size < 0) {
    const words = "Say the file's size in the header Upload-Length, or Upload-Defer-Length: 1 to say it at the end.";
    throw new Problem(400, "length_missing", words);
  }
  return size;
}

function readMetadata(header: string | string[] | undefined): Record<string, string | null> {
  try {
    return header === undefined || header === "" ? {} : Metadata.parse(String(header));
  } catch {
    throw new Problem(400, "invalid_request", "The header Upload-Metadata could not be read.");
  }
}

/** tus's own refusals, in the form of ours. */
function problemOf(error: Error | { status_code: number; body: string }): unknown {
  if (!("status_code" in error)) return error;
  const { status_code: status, body } = error;
  if (status === 409) return new Problem(409, "offset_conflict", "The upload stands elsewhere; ask for its offset.");
  if (status === 413) return new Problem(413, "too_large", "The file is larger than this server allows.");
  if (status === 404 || status === 410) return new Problem(status, "not_found", "There is no such upload any more.");
  if (/lock/i.test(body)) return new Problem(423, "locked", "Another window sends this file just now.");
  return status >= 500 ? error : new Problem(status, "invalid_request", body.trim());
}
