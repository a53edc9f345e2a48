import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { DataStore, Upload as TusUpload } from "@tus/server";
import { z } from "zod";
import type { Upload } from "#prisma/generated/client.ts";
import type { PrismaClient } from "#records/db.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import type { Bucket } from "#records/media/s3-client.ts";
import { notFound, Problem } from "../http/problem.ts";
import { mediaKeyOf } from "./media-key.ts";
import type { PartStore } from "./part-store.ts";

/** What a row keeps of its bytes: the parts of S3's own multipart upload, and what is too short for one more. */
const Stored = z.object({
  multipartId: z.string().nullable().default(null),
  parts: z.array(z.object({ etag: z.string(), bytes: z.number() })).default([]),
  tail: z.object({ key: z.string(), bytes: z.number() }).nullable().default(null),
});
type Stored = z.infer<typeof Stored>;

const tailPrefix = (id: string) => `uploads/${id}/`;
const sumOf = ({ parts, tail }: Stored) => parts.reduce((sum, { bytes }) => sum + bytes, tail?.bytes ?? 0);

interface Given {
  prisma: PrismaClient;
  media: MediaStore;
  bucket: Bucket;
  lifetimeMs: number;
  /** S3 takes parts of 5 MiB or more, and 10,000 of them. So much of each upload under way is held in memory. */
  partBytes: number;
}

/**
 * Uploads in a bucket, under the key that their recording will have: any web process takes any part, also after the one
 * before it died. The row changes only when the bytes it tells of are stored, and what it told of before is removed
 * after that, so that it is true whenever a process is killed. (`@tus/s3-store` keeps the row's part in a cache of each
 * process, and removes the end of an upload before it has stored it anew.)
 */
export function createS3Parts({ prisma, media, bucket: { client, bucket }, lifetimeMs, partBytes }: Given): PartStore {
  const at = (key: string) => ({ Bucket: bucket, Key: key });

  async function find(id: string): Promise<Upload> {
    const upload = await prisma.upload.findUnique({ where: { id } });
    if (upload === null) throw notFound();
    return upload;
  }

  /** Writes what is stored now, unless another process has written meanwhile. */
  async function note(id: string, before: Stored, stored: Stored): Promise<Stored> {
    const { count } = await prisma.upload.updateMany({
      where: { id, arrivedBytes: sumOf(before) },
      data: { arrivedBytes: sumOf(stored), stored, lastSeenAt: new Date() },
    });
    if (count === 0) throw new Problem(409, "offset_conflict", "The upload stands elsewhere; ask for its offset.");
    if (before.tail !== null && before.tail.key !== stored.tail?.key) await media.removeAll(before.tail.key);
    return stored;
  }

  async function putPart(upload: Upload, before: Stored, bytes: Buffer): Promise<Stored> {
    const key = at(mediaKeyOf(upload));
    const multipartId =
      before.multipartId ?? (await client.send(new CreateMultipartUploadCommand(key))).UploadId ?? null;
    const PartNumber = before.parts.length + 1;
    const { ETag = "" } = await client.send(
      new UploadPartCommand({ ...key, UploadId: multipartId ?? "", PartNumber, Body: bytes }),
    );
    const parts = [...before.parts, { etag: ETag, bytes: bytes.length }];
    return { multipartId, parts, tail: null };
  }

  async function putTail({ id }: Upload, before: Stored, bytes: Buffer): Promise<Stored> {
    const kept = { ...before, tail: null };
    const key = `${tailPrefix(id)}${sumOf(kept)}-${bytes.length}`;
    await client.send(new PutObjectCommand({ ...at(key), Body: bytes }));
    return { ...kept, tail: { key, bytes: bytes.length } };
  }

  const bytesOf = async ({ tail }: Stored): Promise<Buffer> =>
    tail === null ? Buffer.alloc(0) : buffer(await media.read(tail.key));

  /** Stores what comes until it ends or breaks off; what came before a break is kept too. */
  async function write(stream: AsyncIterable<Buffer>, id: string, offset: number): Promise<number> {
    const upload = await find(id);
    let stored = Stored.parse(upload.stored);
    if (sumOf(stored) !== offset) throw new Problem(409, "offset_conflict", "The upload stands elsewhere.");
    const begun = stored.tail?.bytes ?? 0;
    let held = [await bytesOf(stored)];
    let length = begun;
    let problem: unknown = null;
    try {
      for await (const chunk of stream) {
        held.push(chunk);
        length += chunk.length;
        if (length < partBytes) continue;
        stored = await note(id, stored, await putPart(upload, stored, Buffer.concat(held)));
        [held, length] = [[], 0];
      }
    } catch (error) {
      problem = error;
    }
    const isNew = length > (stored.tail?.bytes ?? 0);
    if (isNew) stored = await note(id, stored, await putTail(upload, stored, Buffer.concat(held)));
    if (problem !== null) throw problem;
    return sumOf(stored);
  }

  /** Makes one object of what has arrived. */
  async function seal(upload: Upload): Promise<number> {
    const key = mediaKeyOf(upload);
    const stored = Stored.parse(upload.stored);
    const size = sumOf(stored);
    if ((await media.size(key)) === size) return size;
    if (stored.multipartId === null) {
      await client.send(new PutObjectCommand({ ...at(key), Body: await bytesOf(stored) }));
      return size;
    }
    const { parts, multipartId } = stored.tail === null ? stored : await putPart(upload, stored, await bytesOf(stored));
    const Parts = parts.map(({ etag }, index) => ({ ETag: etag, PartNumber: index + 1 }));
    const UploadId = multipartId ?? "";
    await client.send(new CompleteMultipartUploadCommand({ ...at(key), UploadId, MultipartUpload: { Parts } }));
    return size;
  }

  async function drop(upload: Upload): Promise<void> {
    const { multipartId } = Stored.parse(upload.stored);
    const key = mediaKeyOf(upload);
    if (multipartId !== null) {
      // One that was completed or ended before is no longer there to be ended.
      await client.send(new AbortMultipartUploadCommand({ ...at(key), UploadId: multipartId })).catch(ignoreUnknown);
    }
    await media.removeAll(tailPrefix(upload.id));
    if (upload.conversationId === null) await media.removeAll(key);
  }

  class Rows extends DataStore {
    override extensions = ["creation", "creation-with-upload", "creation-defer-length", "termination", "expiration"];
    // The row was made before: it is what admits the upload.
    override async create(upload: TusUpload): Promise<TusUpload> {
      const { createdAt } = await find(upload.id);
      await prisma.upload.update({ where: { id: upload.id }, data: { lengthBytes: upload.size ?? null } });
      upload.creation_date = createdAt.toISOString();
      return upload;
    }
    override async getUpload(id: string): Promise<TusUpload> {
      const { lengthBytes, arrivedBytes, createdAt } = await find(id);
      const size = lengthBytes === null ? {} : { size: Number(lengthBytes) };
      return new TusUpload({ id, ...size, offset: Number(arrivedBytes), creation_date: createdAt.toISOString() });
    }
    override async declareUploadLength(id: string, length: number): Promise<void> {
      await prisma.upload.update({ where: { id }, data: { lengthBytes: length } });
    }
    override write = write as DataStore["write"];
    override async remove(id: string): Promise<void> {
      await drop(await find(id));
    }
    override getExpiration = () => lifetimeMs;
  }

  return {
    tus: new Rows(),
    arrived: async ({ id }) => Number((await find(id)).arrivedBytes),
    async measure({ id }) {
      const upload = await find(id);
      const sizeBytes = await seal(upload);
      const hash = createHash("sha256");
      await pipeline(await media.read(mediaKeyOf(upload)), hash);
      return { sha256: hash.digest("hex"), sizeBytes };
    },
    // It has been there from its first part on.
    place: () => Promise.resolve(),
    clear: (id) => media.removeAll(tailPrefix(id)),
    drop,
    sweep: () => Promise.resolve(),
  };
}

function ignoreUnknown(error: unknown): void {
  if (!(error instanceof Error) || error.name !== "NoSuchUpload") throw error;
}
