import { accountNames } from "#domain/calendar/account.ts";
import type { AccountProvider } from "#domain/calendar/account.ts";
import { policyOf } from "#domain/calendar/policy.ts";
import { calendarOf, calendarsOf, createCalendar, deleteCalendar, requestSync } from "#records/calendars/calendars.ts";
import { changeCalendar } from "#records/calendars/changes.ts";
import { bytesOf, draftOf, tooManyCalendars } from "../calendar/draft.ts";
import { CalendarChange, NewCalendarOrAccount } from "#domain/inputs/calendar.ts";
import { notFound, Problem } from "../http/problem.ts";
import { targetWorkspace } from "./access.ts";
import { Calendar } from "./calendar-schemas.ts";
import { route } from "./route.ts";
import { IdParams, listOf } from "./schemas.ts";

// A file of 10 MB as a JSON string, where each line end takes two characters more.
const largestBody = 24 * 1024 * 1024;

export const calendarRoutes = [
  route({
    method: "get",
    path: "/calendars",
    summary: "Your calendars, and how their syncs go",
    tag: "Calendars",
    access: "user",
    answers: { 200: { description: "All of them", body: listOf(Calendar) } },
    async handle({ deps: { prisma }, actor }) {
      return { status: 200, body: { items: await calendarsOf(prisma, actor.userId), nextCursor: null } };
    },
  }),

  route({
    method: "post",
    path: "/calendars",
    summary: "Connect a calendar; its first sync starts at once",
    tag: "Calendars",
    access: "user",
    maxBody: largestBody,
    body: NewCalendarOrAccount,
    answers: {
      201: { description: "The calendar", body: Calendar },
      403: {
        description: "Your role lets you read only; or its owner's consent is given on a page, which `detail` names",
      },
      404: { description: "There is no such workspace, or it is not yours" },
      409: { description: "You have as many calendars as you may" },
    },
    async handle({ deps, actor, body }) {
      if (body.kind !== "ics" && body.kind !== "file") throw consentRequired(deps.env.PUBLIC_URL, body.kind);
      const workspaceId = await targetWorkspace({ deps, actor }, body.workspaceId);
      const id = await createCalendar(deps, { ...draftOf(body), userId: actor.userId, workspaceId });
      if (id === null) throw tooMany();
      return { status: 201, body: await calendarOf(deps.prisma, actor.userId, id) };
    },
  }),

  route({
    method: "get",
    path: "/calendars/:id",
    summary: "A calendar, and how its sync goes",
    tag: "Calendars",
    access: "user",
    params: IdParams,
    answers: { 200: { description: "The calendar", body: Calendar } },
    async handle({ deps: { prisma }, actor, params: { id } }) {
      const calendar = await calendarOf(prisma, actor.userId, id);
      if (calendar === null) throw notFound();
      return { status: 200, body: calendar };
    },
  }),

  route({
    method: "patch",
    path: "/calendars/:id",
    summary: "Change a calendar; what it means for events that are not over is decided at once",
    tag: "Calendars",
    access: "user",
    params: IdParams,
    maxBody: largestBody,
    body: CalendarChange,
    answers: {
      200: { description: "The calendar", body: Calendar },
      404: { description: "Not there, not yours, or not of the kind that has what was changed" },
    },
    async handle({ deps, actor, params: { id }, body: { content, ...change } }) {
      const bytes = content === undefined ? {} : { content: bytesOf(content) };
      const policy = policyOf(deps.env);
      if (!(await changeCalendar(deps, actor.userId, id, { ...change, ...bytes }, policy))) throw notFound();
      return { status: 200, body: await calendarOf(deps.prisma, actor.userId, id) };
    },
  }),

  route({
    method: "delete",
    path: "/calendars/:id",
    summary: "Disconnect a calendar and erase what is known of it; recordings of its meetings stay",
    tag: "Calendars",
    access: "user",
    params: IdParams,
    answers: { 204: { description: "It is gone" } },
    async handle({ deps: { prisma }, actor, params: { id } }) {
      if (!(await deleteCalendar(prisma, actor.userId, id))) throw notFound();
      return { status: 204 };
    },
  }),

  route({
    method: "post",
    path: "/calendars/:id/sync",
    summary: "Read a calendar now",
    tag: "Calendars",
    access: "user",
    params: IdParams,
    answers: { 202: { description: "It will be read, from how it is now on" } },
    async handle({ deps: { prisma }, actor, params: { id } }) {
      if (!(await requestSync(prisma, actor.userId, id))) throw notFound();
      return { status: 202 };
    },
  }),
];

const consentRequired = (publicUrl: string, provider: AccountProvider) =>
  new Problem(
    403,
    "consent_required",
    `${accountNames[provider]} is connected by its owner's consent: open ${publicUrl}/calendar/connect/${provider} in a browser.`,
  );

const tooMany = () => new Problem(409, "too_many_calendars", tooManyCalendars);
