import { pipeline } from "node:stream/promises";
import type { Response } from "express";
import { soundOf } from "#records/conversations/recording-lists.ts";
import { z } from "zod";
import type { WebDeps } from "../deps.ts";
import { notFound, Problem } from "../http/problem.ts";
import { parseRange } from "./range.ts";
import { route } from "./route.ts";
import { IdParams } from "./schemas.ts";

/** What sound may come as: what was uploaded, or what a browser can play. */
export const mediaTypes = ["audio/*", "video/*", "application/octet-stream"];

export const mediaRoutes = [
  route({
    method: "get",
    path: "/recordings/:id/audio",
    summary: "The recording's sound, as a browser can play it once that is made, else as uploaded; takes Range",
    tag: "Recordings",
    access: "user",
    params: IdParams,
    query: z.object({ download: z.enum(["1"]).optional().meta({ description: "The uploaded file, to be saved" }) }),
    answers: {
      200: { description: "All of it", mediaType: mediaTypes },
      206: { description: "The part asked for", mediaType: mediaTypes },
      416: { description: "The part asked for lies outside" },
    },
    async handle({ deps: { prisma, media }, actor, params: { id }, query: { download }, request, response }) {
      const recording = await soundOf(prisma, actor.userId, id);
      if (recording === null) throw notFound();
      const { renditionKey, renditionType, mediaKey, fileName, originalRemovedAt } = recording;
      if (download === "1" && originalRemovedAt !== null) throw originalRemoved();
      const isOriginal = download === "1" || renditionKey === null;
      // What a stranger uploaded is never named a type that a browser would act on.
      const type = isOriginal ? audioTypeOf(fileName) : (renditionType ?? "application/octet-stream");
      response.set({
        "Content-Type": type,
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "sandbox",
      });
      if (download === "1") response.attachment(fileName).type("application/octet-stream");
      await sendObject(media, isOriginal ? mediaKey : renditionKey, { range: request.headers.range, response });
      return null;
    },
  }),

  route({
    method: "get",
    path: "/recordings/:id/peaks",
    summary: "The waveform's peaks, for drawing",
    tag: "Recordings",
    access: "user",
    params: IdParams,
    answers: { 200: { description: "The peaks as JSON", mediaType: "application/json" } },
    async handle({ deps: { prisma, media }, actor, params: { id }, response }) {
      const recording = await soundOf(prisma, actor.userId, id);
      if (recording?.peaksKey == null) throw notFound();
      response.set({ "Content-Type": "application/json", "Cache-Control": "private, max-age=3600" });
      await sendObject(media, recording.peaksKey, { range: undefined, response });
      return null;
    },
  }),
];

const originalRemoved = () =>
  new Problem(404, "not_found", "The file was removed, as its channel says; the sound that was made of it is there.");

/** An object of the media store as an answer, all of it or the part asked for. */
export async function sendObject(
  media: WebDeps["media"],
  key: string,
  { range, response }: { range: string | undefined; response: Response },
): Promise<void> {
  const size = await media.size(key);
  if (size === null) throw notFound();
  const part = parseRange(range, size);
  if (part === "unsatisfiable") {
    throw new Problem(416, "range_not_satisfiable", "The part asked for lies outside of the file.", {
      headers: { "Content-Range": `bytes */${size}` },
    });
  }
  const { start, end } = part ?? { start: 0, end: size - 1 };
  response
    .status(part === null ? 200 : 206)
    .set({ "Accept-Ranges": "bytes", "Content-Length": String(end - start + 1) });
  if (part !== null) response.set("Content-Range", `bytes ${start}-${end}/${size}`);
  if (response.req.method === "HEAD") {
    response.end();
    return;
  }
  try {
    await pipeline(await media.read(key, { start, end }), response);
  } catch (error) {
    // Players drop a request as soon as somebody seeks; that is no fault.
    if (!response.destroyed) throw error;
  }
}

const audioTypes: Record<string, string> = {
  mp3: "audio/mpeg",
  m4a: "audio/mp4",
  mp4: "video/mp4",
  mov: "video/quicktime",
  wav: "audio/wav",
  flac: "audio/flac",
  ogg: "audio/ogg",
  opus: "audio/ogg",
  webm: "video/webm",
};

const audioTypeOf = (fileName: string) =>
  audioTypes[fileName.split(".").at(-1)?.toLowerCase() ?? ""] ?? "application/octet-stream";
