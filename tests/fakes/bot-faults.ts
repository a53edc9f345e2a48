import { setTimeout as sleep } from "node:timers/promises";
import type { ServerResponse } from "node:http";

/**
 * Ways a request to a provider of bots can fail. `lost`: it is done, and its answer never arrives; `hang`: no answer;
 * `reset`: the connection is cut before anything is done; `slow`: a good answer, after this time; `garbage`: 200 with a
 * page of something between.
 */
export type BotFault =
  | { kind: "lost" | "hang" | "reset" | "garbage" | "huge" }
  | { kind: "slow"; ms: number }
  | { kind: "status"; status: number; retryAfter?: string; body?: object };

export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** The faults that are to come, for one kind of requests or for any. */
export function createFaults<Call extends string>() {
  let faults: { fault: BotFault; left: number; call: Call | null }[] = [];
  return {
    add(fault: BotFault, times: number, call: Call | null): void {
      faults.push({ fault, left: times, call });
    },
    clear(): void {
      faults = [];
    },
    take(call: Call): BotFault | null {
      const entry = faults.find((each) => each.call === null || each.call === call);
      if (entry === undefined) return null;
      entry.left -= 1;
      faults = faults.filter(({ left }) => left > 0);
      return entry.fault;
    },
  };
}

/** Plays a fault; false: the request is to be answered all the same. */
export async function playFault(fault: BotFault, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case "hang":
      return true;
    case "reset":
      response.socket?.resetAndDestroy();
      return true;
    case "garbage":
      response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in to the network</html>");
      return true;
    case "huge":
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ padding: "x".repeat(11 * 1024 * 1024) }));
      return true;
    case "status":
      playStatus(fault, response);
      return true;
    case "slow":
      await sleep(fault.ms);
      return false;
    case "lost":
      return false;
    default:
      throw new Error("no such fault");
  }
}

function playStatus(
  { status, retryAfter, body }: { status: number; retryAfter?: string; body?: object },
  response: ServerResponse,
): void {
  const throttled = { detail: "Request was throttled. Expected available in 38 seconds." };
  const told = body ?? (status === 429 ? throttled : { detail: "Not now" });
  sendJson(response, status, told, retryAfter === undefined ? {} : { "retry-after": retryAfter });
}
