import { z } from "zod";
import { personOf } from "#records/accounts/users.ts";
import { callSnapshot } from "#records/meetings/meeting-snapshot.ts";
import { noteAdmission } from "#records/meetings/meetings.ts";
import { admit } from "../calls/admission.ts";
import { JoinAnswer, JoinName } from "../calls/join-answer.ts";
import { conflict, notFound } from "../http/problem.ts";
import { isHostOf } from "../pages/meetings/meeting-data.ts";
import { requireWriter } from "./access.ts";
import { route } from "./route.ts";
import { IdParams } from "./schemas.ts";

export const meetingJoin = route({
  method: "post",
  path: "/meetings/:id/join",
  summary: "What lets you into a meeting's call: a ticket of the practice room, or a token of Stream Video",
  tag: "Meetings",
  access: "user",
  params: IdParams,
  body: z.object({ name: JoinName.optional().meta({ description: "What you are called there; your account's name" }) }),
  answers: {
    200: { description: "Where and how to join", body: JoinAnswer },
    409: { description: "The call is over, or cannot be held" },
  },
  async handle({ deps, actor, params: { id }, body }) {
    const { prisma, env } = deps;
    const { userId } = actor;
    await requireWriter({ deps, actor }, id);
    const meeting = await callSnapshot(prisma, { userId, id });
    if (meeting === null) throw notFound();
    const person = await personOf(prisma, userId);
    if (person === null) throw notFound();
    const isHost = await isHostOf(prisma, userId, meeting);
    const name = body.name ?? person.name;
    const admission = await admit(env, meeting, { participantId: userId, name, role: isHost ? "host" : "member" });
    if (!admission.ok) throw conflict(admission.message);
    await noteAdmission(prisma, id, { id: userId, name });
    return { status: 200, body: admission.answer };
  },
});
