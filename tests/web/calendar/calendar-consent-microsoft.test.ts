import { expect, test } from "vitest";
import { startFakeMicrosoft } from "#tests/fakes/microsoft.ts";
import { startCalendarPages } from "./calendar-web.ts";

test("an Outlook account is connected by its owner's consent, for reading alone, and its calendars are chosen", async () => {
  await using microsoft = await startFakeMicrosoft();
  await using pages = await startCalendarPages(microsoft.settings);
  const ann = await pages.signUp();
  const account = microsoft.addPerson(ann.email, [{ id: "team", summary: "Team" }]);
  expect(await pages.html("/calendar/connections", ann)).toContain("Connect Outlook Calendar");
  const begin = (await pages.get("/calendar/connect/microsoft", ann)).headers.get("location") ?? "";
  const { searchParams, pathname } = new URL(begin);
  expect(pathname).toBe("/common/oauth2/v2.0/authorize");
  expect(searchParams.get("scope")).toBe("openid profile email offline_access Calendars.Read");
  const back = new URL(await microsoft.consent(begin));
  const chooser = (await pages.get(back.pathname + back.search, ann)).headers.get("location") ?? "";
  const html = await pages.html(chooser, ann);
  expect(html).toMatch(new RegExp(`<input[^>]*checked=""[^>]*value="${account.own}"`));
  await pages.act(chooser, { calendar: account.own, workspaceId: ann.workspaceId }, ann);
  const { items } = await ann.json<{ items: object[] }>("/api/calendars");
  expect(items).toMatchObject([{ kind: "microsoft", name: "Calendar", account: { email: ann.email } }]);
  expect(await pages.html("/calendar/connections", ann)).toContain(`Outlook Calendar of ${ann.email}`);
  // One that was used is nobody's.
  const again = await pages.get(back.pathname + back.search, ann);
  expect(again.headers.get("location")).toBe("/calendar/connections?consent=unknown");
});
