import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { addMeeting } from "#tests/web/meeting-fixtures.ts";
import { guestToken } from "#web/calls/guest-link.ts";
import { visit } from "./browser.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

let pages: OwnedPages;
ownedPagesForEach((made) => (pages = made));

async function joinFromLobby(page: Page, name?: string) {
  if (name !== undefined) await page.getByLabel("Your name in the call").fill(name);
  await page.getByLabel("I agree to be transcribed in this call").check();
  await page.getByRole("button", { name: "Join the call" }).click();
  await leaveButton(page).waitFor();
}
const leaveButton = (page: Page) => page.getByRole("button", { name: "Leave", exact: true });

/** How often the server was told that the last person left. */
const leaves = (id: string) =>
  pages.deps.prisma.outbox.count({ where: { kind: "meeting.leave", payload: { path: ["meetingId"], equals: id } } });

test("nobody joins without having agreed to be transcribed", async () => {
  const { id } = await addMeeting(pages.deps.prisma, pages.owner);
  const { context, page } = await pages.visitAsOwner(`/meetings/${id}/call`);
  await page.getByRole("button", { name: "Join the call" }).click();
  await page.waitForTimeout(500);
  expect(await leaveButton(page).count()).toBe(0);
  await joinFromLobby(page);
  expect(await leaveButton(page).count()).toBe(1);
  await context.close();
});

test("weak point 22: who leaves last sees the work at once, and the server is told (A-73 to A-75)", async () => {
  const meeting = await addMeeting(pages.deps.prisma, pages.owner);
  const { context, page, complaints } = await pages.visitAsOwner(`/meetings/${meeting.id}/call`);
  await joinFromLobby(page);
  await meeting.begin();
  await leaveButton(page).click();
  await page.getByRole("heading", { name: "Working on your meeting" }).waitFor();
  await expect.poll(() => leaves(meeting.id)).toBe(1);
  // The view goes on with what the server then tells, and ends at the result.
  await meeting.end();
  await meeting.move({ type: "stage", stage: "summary" });
  await page.locator("p", { hasText: "Understanding the conversation…" }).waitFor();
  await meeting.complete();
  await page.getByRole("heading", { name: "Summary" }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/meetings/${meeting.id}`);
  await context.close();
  expect(complaints).toEqual([]);
});

test("weak point 18: a reload in the call leads back into it; whoever leaves others there may rejoin", async () => {
  const meeting = await addMeeting(pages.deps.prisma, pages.owner);
  const host = await pages.visitAsOwner(`/meetings/${meeting.id}/call`);
  await joinFromLobby(host.page);
  await host.page.reload();
  await leaveButton(host.page).waitFor();

  const guest = await visit(pages.browser, { url: pages.url });
  const token = guestToken(pages.deps.env.CONVENE_SECRET, { id: meeting.id, guestLinkVersion: 1 });
  await guest.page.goto(`/join/${meeting.id}/${token}`);
  await joinFromLobby(guest.page, "Grace");
  await host.page.getByText("Grace (guest)").first().waitFor();
  await meeting.begin();

  await leaveButton(host.page).click();
  await host.page.getByText("You left; the call goes on.").waitFor();
  expect(await leaves(meeting.id)).toBe(0);
  await host.page.getByRole("link", { name: "Rejoin" }).click();
  await host.page.getByRole("button", { name: "Join the call" }).waitFor();

  await leaveButton(guest.page).click();
  await guest.page.getByRole("heading", { name: "Thank you" }).waitFor();
  expect(await guest.page.getByText("Convene", { exact: true }).count()).toBe(1);
  // The room tells its own end, so that no guest's word is taken for it.
  const ended = { subjectId: meeting.id, type: "call.session_ended" };
  await expect.poll(() => pages.deps.prisma.webhookDelivery.count({ where: ended })).toBe(1);
  expect(await leaves(meeting.id)).toBe(0);
  await host.context.close();
  await guest.context.close();
});
