import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { createFaults, playFault, sendJson } from "./bot-faults.ts";
import type { BotFault } from "./bot-faults.ts";

export interface BotRequest<Call extends string> {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
  call: Call;
  at: number;
}

interface Service<Call extends string> {
  /** Which endpoint a request asks. */
  callOf(method: string, path: string): Call;
  /** Answers who shows no good key; false: it is good. */
  refuse(headers: IncomingHttpHeaders, response: ServerResponse): boolean;
  answer(request: BotRequest<Call>, response: ServerResponse): void | Promise<void>;
}

interface Offered {
  type: string;
  /** Null: it is gone. */
  read(): Promise<Buffer> | null;
}

/** The server of a provider's stand-in: requests that are noted, faults that are told, and files behind links. */
export async function startBotService<Call extends string>({ callOf, refuse, answer }: Service<Call>) {
  const requests: BotRequest<Call>[] = [];
  const links = new Map<string, Offered>();
  const faults = createFaults<Call>();
  const faultsPlayed: BotFault[] = [];
  const files = "/files/";

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(request.url ?? "/", "http://fake");
    if (path.startsWith(files)) return download(query.get("signature") ?? "", response);
    const { method = "GET", headers } = request;
    const hasBody = Number(headers["content-length"] ?? 0) > 0;
    const body = hasBody ? ((await json(request)) as Record<string, unknown>) : {};
    const record = { method, path, query, headers, body, call: callOf(method, path), at: Date.now() };
    requests.push(record);
    const fault = faults.take(record.call);
    if (fault !== null) faultsPlayed.push(fault);
    if (fault !== null && (await playFault(fault, response))) return undefined;
    if (refuse(headers, response)) return undefined;
    // Done and not told: the answer goes into a connection that is cut first.
    if (fault?.kind === "lost") response.socket?.resetAndDestroy();
    return answer(record, response);
  }

  async function download(token: string, response: ServerResponse): Promise<void> {
    const offered = links.get(token);
    if (offered === undefined) return void response.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>");
    const bytes = await offered.read();
    if (bytes === null) return void response.writeHead(404).end("<Error><Code>NoSuchKey</Code></Error>");
    const headers = { "content-type": offered.type, "content-length": bytes.length };
    return void response.writeHead(200, headers).end(bytes);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 400, { detail: `JSON parse error - ${String(error)}` });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    baseUrl,
    requests,
    /** An address of a file that works for a while. */
    linkTo(name: string, offered: Offered): string {
      const token = randomBytes(9).toString("base64url");
      links.set(token, offered);
      return `${baseUrl}${files}${name}?signature=${token}`;
    },
    /** The links given so far work no longer. */
    expireLinks: () => links.clear(),
    /** The faults that requests have met, in their order. */
    faultsPlayed,
    /** The next `times` requests (of one kind or of any) meet this fault. */
    failNext: (fault: BotFault, times = 1, call: Call | null = null) => faults.add(fault, times, call),
    mend: () => faults.clear(),
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Counts the bots that are in one meeting at the same time. */
export function countPresent() {
  const most = new Map<string, number>();
  return {
    note(meetingUrl: string, present: number): void {
      most.set(meetingUrl, Math.max(present, most.get(meetingUrl) ?? 0));
    },
    mostAtOnce: (meetingUrl: string): number => most.get(meetingUrl) ?? 0,
  };
}
