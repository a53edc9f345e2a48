import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { MediaStore } from "./media-store.ts";
import type { Bucket } from "./s3-client.ts";

/** S3 takes parts of 5 MiB or more and objects of at most 10,000 parts: enough here for 600 GB. */
const PART_BYTES = 64 * 1024 ** 2;

/** The media store in an S3 bucket, for web and worker processes that share no disk. */
export function createS3Store({ client, bucket }: Bucket): MediaStore {
  const at = (key: string) => ({ Bucket: bucket, Key: key });

  const read: MediaStore["read"] = async (key, range) => {
    const Range = range === undefined ? undefined : `bytes=${range.start}-${range.end}`;
    const { Body } = await client.send(new GetObjectCommand({ ...at(key), Range }));
    if (!(Body instanceof Readable)) throw new Error(`The media store gave no stream for ${key}`);
    return Body;
  };

  const putInParts = async (key: string, path: string, size: number) => {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(at(key)));
    try {
      const Parts: { ETag: string | undefined; PartNumber: number }[] = [];
      for (let start = 0; start < size; start += PART_BYTES) {
        const end = Math.min(start + PART_BYTES, size) - 1;
        const part = { UploadId, PartNumber: Parts.length + 1, ContentLength: end - start + 1 };
        const Body = createReadStream(path, { start, end });
        const { ETag } = await client.send(new UploadPartCommand({ ...at(key), ...part, Body }));
        Parts.push({ ETag, PartNumber: part.PartNumber });
      }
      await client.send(new CompleteMultipartUploadCommand({ ...at(key), UploadId, MultipartUpload: { Parts } }));
    } catch (error) {
      await client.send(new AbortMultipartUploadCommand({ ...at(key), UploadId }));
      throw error;
    }
  };

  return {
    async putFile(key, path) {
      const { size } = await stat(path);
      if (size > PART_BYTES) await putInParts(key, path, size);
      else await client.send(new PutObjectCommand({ ...at(key), Body: createReadStream(path), ContentLength: size }));
      await rm(path);
    },
    async putText(key, text) {
      await client.send(new PutObjectCommand({ ...at(key), Body: text }));
    },
    async size(key) {
      try {
        const { ContentLength } = await client.send(new HeadObjectCommand(at(key)));
        return ContentLength ?? null;
      } catch (error) {
        if (error instanceof Error && error.name === "NotFound") return null;
        throw error;
      }
    },
    read,
    async localFile(key) {
      const folder = await mkdtemp(join(tmpdir(), "convene-media-"));
      const dispose = () => rm(folder, { recursive: true, force: true });
      const path = join(folder, "object");
      try {
        await pipeline(await read(key), createWriteStream(path));
      } catch (error) {
        await dispose();
        throw error;
      }
      return { path, [Symbol.asyncDispose]: dispose };
    },
    async removeAll(prefix) {
      // Deleting moves the list, so it is asked for anew until it is empty.
      for (;;) {
        const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
        const Objects = Contents.map(({ Key }) => ({ Key }));
        if (Objects.length === 0) return;
        const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
        if (Errors.length > 0) throw new Error(`The media store kept ${Errors.length} objects under ${prefix}`);
      }
    },
  };
}
