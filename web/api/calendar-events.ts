import { z } from "zod";
import { eventOf, eventsOf } from "#records/calendars/events.ts";
import { notFound } from "../http/problem.ts";
import { CalendarEvent, CalendarEventDetail } from "./calendar-schemas.ts";
import { route } from "./route.ts";
import { cursorQuery, IdParams, listOf } from "./schemas.ts";

const day = 24 * 60 * 60_000;

const instant = (what: string) =>
  z.iso
    .datetime({ offset: true })
    .transform((at) => new Date(at))
    .optional()
    .meta({ description: what, type: "string", format: "date-time" });

export const calendarEventRoutes = [
  route({
    method: "get",
    path: "/calendar/events",
    summary: "Your calendars' events by their start, each with what was decided about it and why",
    tag: "Calendars",
    access: "user",
    query: z.object({
      ...cursorQuery,
      from: instant("Only what ends after this; now where left out"),
      to: instant("Only what begins before this; 60 days from `from` where left out"),
      calendarId: z.uuid().optional(),
    }),
    answers: { 200: { description: "A page of events", body: listOf(CalendarEvent) } },
    async handle({ deps: { prisma }, actor, query: { from = new Date(), to, ...asked } }) {
      const until = to ?? new Date(from.getTime() + 60 * day);
      return { status: 200, body: await eventsOf(prisma, actor.userId, { ...asked, from, to: until }) };
    },
  }),

  route({
    method: "get",
    path: "/calendar/events/:id",
    summary: "An event with who is invited, what was decided about it and why",
    tag: "Calendars",
    access: "user",
    params: IdParams,
    answers: { 200: { description: "The event", body: CalendarEventDetail } },
    async handle({ deps: { prisma }, actor, params: { id } }) {
      const event = await eventOf(prisma, actor.userId, id);
      if (event === null) throw notFound();
      return { status: 200, body: event };
    },
  }),
];
