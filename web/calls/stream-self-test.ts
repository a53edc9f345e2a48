import { ApplicationFailure } from "@temporalio/common";
import { streamCallType, streamRole } from "#activities/clients/calls/stream/call-type.ts";
import type { StreamSetup } from "#activities/clients/calls/stream/stream-setup.ts";
import { usedEvents } from "#domain/call-webhook.ts";
import { callOffer } from "#records/meetings/call-offer.ts";
import { sightingsOf } from "#records/queues/webhook-sightings.ts";
import type { WebDeps } from "../deps.ts";
import { unreachableBecause } from "./reachable.ts";

/** One line of the self-test; `wayOut` says what to do where it is not ok. */
export interface Finding {
  part: string;
  state: "ok" | "problem" | "unknown";
  text: string;
  wayOut: string | null;
}

const ok = (part: string, text: string): Finding => ({ part, state: "ok", text, wayOut: null });
const problem = (part: string, text: string, wayOut: string): Finding => ({ part, state: "problem", text, wayOut });
const unknown = (part: string, text: string, wayOut: string): Finding => ({ part, state: "unknown", text, wayOut });

export const webhookAddress = (publicUrl: string) => `${publicUrl}/api/webhook`;

type Deps = Pick<WebDeps, "prisma" | "env">;

/** Looks at everything that a call by Stream hangs on: what is set here, and what Stream says of itself. */
export async function testStream({ prisma, env }: Deps): Promise<Finding[]> {
  const [atStream, worker, deliveries] = await Promise.all([
    askStream(env),
    aboutWorker(prisma),
    aboutDeliveries(prisma),
  ]);
  return [...atStream, aboutAddress(env.PUBLIC_URL), worker, deliveries];
}

async function askStream(env: Deps["env"]): Promise<Finding[]> {
  const { STREAM_API_KEY: apiKey, STREAM_API_SECRET: apiSecret, STREAM_BASE_URL: baseUrl, PUBLIC_URL } = env;
  if (apiKey === undefined || apiSecret === undefined) {
    const missing = [
      ...(apiKey === undefined ? ["STREAM_API_KEY"] : []),
      ...(apiSecret === undefined ? ["STREAM_API_SECRET"] : []),
    ].join(" and ");
    const wayOut = "Set it for web and worker, and start both anew.";
    return [problem("Keys", `Not configured: ${missing} not set. Calls are held in the practice room.`, wayOut)];
  }
  // Loaded when asked for: Stream's SDK takes 22 MB, and few ever press this button.
  const { readStreamSetup } = await import("#activities/clients/calls/stream/stream-setup.ts");
  try {
    const setup = await readStreamSetup({ apiKey, apiSecret, baseUrl });
    return [
      ok("Keys", `Stream took them, for its application “${setup.appName}”.`),
      ...aboutCallType(setup),
      aboutHook(setup, webhookAddress(PUBLIC_URL)),
    ];
  } catch (error) {
    return [refusedBy(error)];
  }
}

function refusedBy(error: unknown): Finding {
  const words = error instanceof Error ? error.message : String(error);
  if (error instanceof ApplicationFailure && error.type === "key_refused") {
    const wayOut =
      "Copy key and secret of one application from Stream's dashboard, set them for web and worker, and start both anew.";
    return problem("Keys", `Stream refused them (${words}).`, wayOut);
  }
  const wayOut =
    "Does this machine reach the internet by https, and is STREAM_BASE_URL right where it is set? Then try again.";
  return problem("Keys", `Stream could not be asked (${words}).`, wayOut);
}

const needed = ["create-call", "join-call", "send-audio", "send-video"];

function aboutCallType({ callType }: StreamSetup): Finding[] {
  const part = "Call type";
  if (callType === null) {
    return [
      problem(part, `There is no call type “${streamCallType}”.`, `Create one of this name in Stream's dashboard.`),
    ];
  }
  const type = callType.isBackstage
    ? problem(
        part,
        `“${streamCallType}” has its backstage on: nobody can join before somebody goes live.`,
        "Switch the backstage off in the call type's settings.",
      )
    : ok(part, `“${streamCallType}” is there, and can be joined at once.`);
  return [type, aboutRole(callType.userMay)];
}

function aboutRole(userMay: readonly string[]): Finding {
  const part = "Role";
  const missing = needed.filter((permission) => !userMay.includes(permission));
  if (missing.length > 0) {
    return problem(
      part,
      `The role “${streamRole}” may not ${missing.join(", ")}.`,
      `Give these to the role “${streamRole}” of the call type “${streamCallType}”.`,
    );
  }
  if (userMay.includes("end-call")) {
    return problem(
      part,
      `The role “${streamRole}” has end-call: anybody in a call, a guest too, can end it for all at Stream.`,
      "Take end-call from it. Convene ends calls by itself when the host says so.",
    );
  }
  return ok(part, `“${streamRole}” may make and join calls, speak and be seen, and not end them for others.`);
}

function aboutHook({ hooks }: StreamSetup, address: string): Finding {
  const part = "Webhook";
  const own = hooks.filter(({ url }) => url.replace(/\/+$/, "") === address);
  if (own.length === 0) {
    const others = hooks.map(({ url }) => url).join(", ");
    const text = others === "" ? "Stream sends no webhooks." : `Stream sends its webhooks elsewhere: ${others}.`;
    return problem(part, text, `Enter ${address} as a webhook of the application in Stream's dashboard.`);
  }
  const missing = usedEvents.filter((event) => own.every(({ events }) => events !== null && !events.includes(event)));
  if (missing.length > 0) {
    return problem(
      part,
      `Stream does not send ${missing.join(", ")}.`,
      "Choose these events too, or all, at the webhook.",
    );
  }
  return ok(part, `Stream sends what is needed to ${address}.`);
}

function aboutAddress(publicUrl: string): Finding {
  const part = "Public address";
  const reason = unreachableBecause(publicUrl);
  if (reason === null) return ok(part, `${publicUrl} looks like an address that Stream can reach.`);
  const wayOut =
    "Set PUBLIC_URL to the https address under which this server is found from outside; on a laptop, that of a tunnel.";
  return problem(part, `Stream cannot deliver to ${publicUrl}: ${reason}.`, wayOut);
}

async function aboutWorker(prisma: Deps["prisma"]): Promise<Finding> {
  const part = "Agent";
  const offer = await callOffer(prisma);
  if (offer === null) return problem(part, "No worker has started yet.", "Start one: it brings the agent into calls.");
  if (!offer.hasOpenAi) {
    const wayOut =
      "Set OPENAI_API_KEY for the worker and start it anew: the agent speaks by OpenAI's realtime service.";
    return problem(part, "The worker has no OpenAI key, so no agent can join.", wayOut);
  }
  if (!offer.hasStream) {
    const wayOut = "Set STREAM_API_KEY and STREAM_API_SECRET for the worker too, and start it anew.";
    return problem(part, "The worker that started last has no Stream keys.", wayOut);
  }
  return ok(part, "The worker has Stream's keys and one for OpenAI. Whether OpenAI takes it shows in a call.");
}

async function aboutDeliveries(prisma: Deps["prisma"]): Promise<Finding> {
  const part = "Deliveries";
  const { signed, unsigned } = await sightingsOf(prisma, "stream");
  if (unsigned !== null && (signed === null || unsigned.seenAt > signed.seenAt)) {
    const wayOut = "Is STREAM_API_SECRET the secret of the application that sends? It signs with it.";
    return problem(part, "The newest delivery was not signed with the secret that is set here.", wayOut);
  }
  if (signed === null) {
    return unknown(part, "None has come yet.", "Join a call of a meeting; its first events come within seconds.");
  }
  if (signed.refusal !== null) {
    const wayOut = "Do two servers share one application of Stream, or was the meeting deleted?";
    return problem(part, `The newest was signed as it should be and not taken: ${signed.refusal}.`, wayOut);
  }
  return ok(part, "The newest was signed as it should be, and was kept.");
}
