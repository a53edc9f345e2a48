import { z } from "zod";
import { policyOf } from "#domain/calendar/policy.ts";
import { AutoJoinPreferences } from "#domain/calendar/preferences.ts";
import { changePreferences, overrideEvent } from "#records/calendars/changes.ts";
import { eventOf } from "#records/calendars/events.ts";
import { autoJoinLogsOf } from "#records/calendars/logs.ts";
import { preferencesOf } from "#records/calendars/preferences.ts";
import { OverrideInput, PreferencesChange } from "#domain/inputs/calendar.ts";
import { notFound } from "../http/problem.ts";
import { AutoJoinLog, CalendarEvent } from "./calendar-schemas.ts";
import { route } from "./route.ts";
import { cursorQuery, listOf } from "./schemas.ts";

const Preferences = z.object(AutoJoinPreferences.shape).meta({ id: "AutoJoinPreferences" });
const Changed = z.number().int().meta({ description: "How many events are decided otherwise by it" });

export const autoJoinRoutes = [
  route({
    method: "get",
    path: "/calendar/preferences",
    summary: "Your rules for joining meetings",
    tag: "Calendars",
    access: "user",
    answers: { 200: { description: "The rules", body: Preferences } },
    async handle({ deps: { prisma }, actor }) {
      return { status: 200, body: await preferencesOf(prisma, actor.userId) };
    },
  }),

  route({
    method: "patch",
    path: "/calendar/preferences",
    summary: "Change some of your rules; every event that is not over is decided anew by them at once",
    tag: "Calendars",
    access: "user",
    body: PreferencesChange,
    answers: { 200: { description: "The rules", body: Preferences.extend({ changed: Changed }) } },
    async handle({ deps, actor, body }) {
      const { preferences, changed } = await changePreferences(deps.prisma, actor.userId, body, policyOf(deps.env));
      return { status: 200, body: { ...preferences, changed } };
    },
  }),

  route({
    method: "post",
    path: "/calendar/auto-join/override",
    summary: "Say about one event, or its series, whether it is joined, whatever the rules say",
    tag: "Calendars",
    access: "user",
    body: OverrideInput,
    answers: {
      200: { description: "The event as it is decided now", body: CalendarEvent.extend({ changed: Changed }) },
      404: { description: "There is no such event, or it is not yours" },
    },
    async handle({ deps, actor, body: { eventId, scope, override } }) {
      const asked = { eventId, scope, value: override };
      const done = await overrideEvent(deps.prisma, actor.userId, asked, policyOf(deps.env));
      const event = done === null ? null : await eventOf(deps.prisma, actor.userId, eventId);
      if (done === null || event === null) throw notFound();
      return { status: 200, body: { ...event, changed: done.changed } };
    },
  }),

  route({
    method: "get",
    path: "/calendar/auto-join/logs",
    summary: "What was decided about your events and why, the newest first",
    tag: "Calendars",
    access: "user",
    query: z.object({ ...cursorQuery, eventId: z.uuid().optional() }),
    answers: { 200: { description: "A page of decisions", body: listOf(AutoJoinLog) } },
    async handle({ deps: { prisma }, actor, query: { cursor, ...asked } }) {
      return { status: 200, body: await autoJoinLogsOf(prisma, actor.userId, { ...asked, cursor: cursor ?? null }) };
    },
  }),
];
