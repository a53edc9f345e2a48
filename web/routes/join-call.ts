import { z } from "zod";
import { key } from "#domain/text.ts";
import { noteAdmission } from "#records/meetings/meetings.ts";
import { ADDRESS_HEADER } from "../auth/auth-hooks.ts";
import { admit } from "../calls/admission.ts";
import { guestId, guestMeeting, leaveAsGuest } from "../calls/guest.ts";
import { JoinName } from "../calls/join-answer.ts";
import { depsContext } from "../pages/context.ts";
import { addressKey, spendApiRequest } from "../http/guard.ts";
import { Problem } from "../http/problem.ts";
import type { Route } from "./+types/join-call.ts";

const TabKey = key(100).min(16);

/** What a guest's page asks for, by its link. */
const Asked = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("join"), name: JoinName, tabKey: TabKey }),
  z.object({ intent: z.literal("leave"), last: z.boolean(), tabKey: TabKey.optional() }),
]);

const refuse = (status: number, detail: string) => Response.json({ status, detail }, { status });

export const loader = () => new Response(null, { status: 405, headers: { Allow: "OPTIONS, POST" } });

/** The guest's way into the call and out of it: no page, but what the page asks for. */
export async function action({ request, context, params }: Route.ActionArgs) {
  const deps = context.get(depsContext);
  try {
    await spendApiRequest(deps, addressKey(request.headers.get(ADDRESS_HEADER) ?? undefined));
  } catch (error) {
    if (error instanceof Problem) return refuse(error.status, error.message);
    throw error;
  }
  const meeting = await guestMeeting(deps, params);
  if (meeting === null) return refuse(404, "This link does not work any more. Ask for a new one.");
  const asked = Asked.safeParse(await request.json().catch(() => null));
  if (!asked.success) return refuse(400, asked.error.issues[0]?.message ?? "The request was not understood.");
  if (asked.data.intent === "leave") {
    // Who does not say which guest they are is nobody that is known to be in the call.
    const by = guestId(deps, meeting.id, asked.data.tabKey ?? "");
    if (asked.data.last) await leaveAsGuest(deps, meeting, by);
    return new Response(null, { status: 204 });
  }
  const participantId = guestId(deps, meeting.id, asked.data.tabKey);
  const name = `${asked.data.name} (guest)`;
  const admission = await admit(deps.env, meeting, { participantId, name, role: "guest" });
  if (!admission.ok) return refuse(409, admission.message);
  await noteAdmission(deps.prisma, meeting.id, { id: participantId, name });
  return Response.json(admission.answer);
}
