import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

const leastPartBytes = 5 * 1024 ** 2;

/**
 * The part of S3 that a media store uses, path-style and in memory: put, get with Range, head, list, delete many,
 * multipart. Requests without a signature are refused; the signature itself is not computed.
 */
export async function fakeS3(bucket: string) {
  const objects = new Map<string, Buffer>();
  const parts = new Map<string, Map<number, Buffer>>();
  const state = { failParts: false, begun: 0, aborted: 0 };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "/", "http://s3");
    const [, name, ...rest] = url.pathname.split("/");
    const key = rest.map(decodeURIComponent).join("/");
    const body = await bodyOf(request);
    const send = (status: number, text: string | Buffer = "", headers: Record<string, string> = {}) =>
      response.writeHead(status, { "content-type": "application/xml", ...headers }).end(text);
    const refuse = (status: number, code: string) =>
      send(status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
    const etagOf = (bytes: Buffer) => ({ etag: `"${createHash("md5").update(bytes).digest("hex")}"` });

    if (!request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 Credential=")) return refuse(403, "AccessDenied");
    if (name !== bucket) return refuse(404, "NoSuchBucket");
    const { method } = request;
    const upload = url.searchParams.get("uploadId");

    if (method === "POST" && url.searchParams.has("delete")) {
      for (const [, found = ""] of body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)) objects.delete(found);
      return send(200, "<DeleteResult></DeleteResult>");
    }
    if (method === "POST" && url.searchParams.has("uploads")) {
      const id = `upload-${(state.begun += 1)}`;
      parts.set(id, new Map());
      return send(200, `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
    }
    if (upload !== null) {
      const received = parts.get(upload);
      if (received === undefined) return refuse(404, "NoSuchUpload");
      if (method === "DELETE") {
        parts.delete(upload);
        state.aborted += 1;
        return send(204);
      }
      if (method === "PUT") {
        if (state.failParts) return refuse(400, "InvalidPart");
        received.set(Number(url.searchParams.get("partNumber")), body);
        return send(200, "", etagOf(body));
      }
      const listed = [...body.toString().matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = ""]) => ({
        bytes: received.get(Number(/<PartNumber>(\d+)</.exec(part)?.[1])),
        etag: /<ETag>(.*?)</.exec(part)?.[1]?.replaceAll("&quot;", '"'),
      }));
      const chosen = listed.map(({ bytes }) => bytes ?? Buffer.alloc(0));
      const isWrong = listed.some(({ bytes, etag }) => bytes === undefined || etag !== etagOf(bytes).etag);
      if (listed.length === 0 || isWrong) return refuse(400, "InvalidPart");
      if (chosen.slice(0, -1).some(({ length }) => length < leastPartBytes)) return refuse(400, "EntityTooSmall");
      objects.set(key, Buffer.concat(chosen));
      parts.delete(upload);
      return send(200, "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>");
    }
    if (method === "PUT") {
      objects.set(key, body);
      return send(200, "", etagOf(body));
    }
    if (key === "") {
      const prefix = url.searchParams.get("prefix") ?? "";
      const page = [...objects.keys()].filter((each) => each.startsWith(prefix)).slice(0, 1000);
      const items = page.map((each) => `<Contents><Key>${each}</Key></Contents>`).join("");
      return send(200, `<ListBucketResult>${items}</ListBucketResult>`);
    }
    const object = objects.get(key);
    if (object === undefined) return method === "HEAD" ? send(404) : refuse(404, "NoSuchKey");
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
    const shown = range === null ? object : object.subarray(Number(range[1]), Number(range[2]) + 1);
    const headers = { "content-type": "application/octet-stream", "content-length": String(shown.length) };
    return send(range === null ? 200 : 206, method === "HEAD" ? "" : shown, headers);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    /** Multipart uploads that are neither completed nor ended. */
    openUploads: () => parts.size,
    state,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A request's bytes; SDKs may send them in signed chunks (`aws-chunked`), which are taken apart here. */
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const raw = await buffer(request);
  if (!request.headers["content-encoding"]?.includes("aws-chunked")) return raw;
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const line = raw.indexOf("\r\n", at);
    const size = Number.parseInt(raw.subarray(at, line).toString().split(";")[0] ?? "0", 16);
    if (line < 0 || !size) return Buffer.concat(chunks);
    chunks.push(raw.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
