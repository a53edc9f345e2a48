import { expect, test } from "vitest";
import { createMeeting } from "#records/meetings/meetings.ts";
import { createAgent } from "#records/meetings/agents.ts";
import { cancelRun } from "#records/runs/run-requests.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { beginTry } from "#records/runs/run-stages.ts";
import { addFailed, addFinished, addRecording, addRunning } from "./fixtures.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

let pages: OwnedPages;
ownedPagesForEach((made) => (pages = made));

test("a dialog dims what lies behind it", async () => {
  const { id } = await addFinished(pages.deps, pages.owner);
  for (const theme of ["light", "dark"] as const) {
    const { page, context } = await pages.visitAsOwner(`/recordings/${id}`, { theme });
    await page.getByRole("button", { name: "Delete the recording" }).click();
    await page.getByRole("alertdialog").waitFor();
    const behind = page.locator(".bg-shade");
    const colour = await behind.evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(colour).toMatch(/^rgba\(0, 0, 0, 0\.[46]\)$/);
    await context.close();
  }
});

test("who opens what a notice tells of has read the notice", async () => {
  const { runId } = await addRunning(pages.deps, pages.owner, "Told of");
  const { page, context } = await pages.visitAsOwner("/recordings");
  await page.locator("[data-state=live]").first().waitFor({ state: "attached" });
  await pages.deps.prisma.$transaction((tx) => applyRunEvent(tx, runId, { type: "completed" }));
  const told = page.getByRole("link", { name: /^Open.*“Told of” is ready$/ });
  await told.waitFor();
  // What a page's head offers can still be clicked.
  await page.getByRole("main").getByRole("link", { name: "New recording" }).click({ trial: true });
  await told.click();
  await page.getByRole("heading", { name: "Told of", level: 1 }).waitFor();
  const unread = () =>
    pages.deps.prisma.notification.count({ where: { readAt: null, title: { contains: "Told of" } } });
  await expect.poll(unread).toBe(0);

  await pages.deps.prisma.notification.updateMany({ data: { readAt: null } });
  await page.goto("/notifications");
  await page.getByRole("list", { name: "Notifications" }).getByRole("link", { name: "“Told of” is ready" }).click();
  await page.getByRole("heading", { name: "Told of", level: 1 }).waitFor();
  await expect.poll(unread).toBe(0);
  await context.close();
});

test("what a dialog asked for in vain says why, and nothing closes over it", async () => {
  const { id, runId } = await addRunning(pages.deps, pages.owner, "Quick talk");
  const { page, context } = await pages.visitAsOwner();
  // News does not come through, so the page goes on to offer what is over.
  await context.routeWebSocket(/socket\.io/, () => {});
  await context.route(/\/(socket\.io|api\/live)/, (route) => route.abort());
  await page.goto(`/recordings/${id}`);
  await page.getByRole("button", { name: "Cancel the run" }).click();
  const dialog = page.getByRole("alertdialog");
  await pages.deps.prisma.$transaction((tx) => applyRunEvent(tx, runId, { type: "completed" }));
  await dialog.getByRole("button", { name: "Cancel the run" }).click();
  await expect.poll(() => dialog.getByRole("alert").allTextContents()).toEqual(["The run is already completed."]);
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await dialog.waitFor({ state: "detached" });
  await context.close();
});

test("an operator is not sent to a recording that is not theirs to open", async () => {
  const grace = await pages.signUp("grace@example.com");
  const { id, runId } = await addRecording(pages.deps, grace, "Grace's own");
  await pages.deps.prisma.user.update({ where: { id: pages.owner.userId }, data: { role: "admin" } });
  const { page, context } = await pages.visitAsOwner(`/runs/${runId}`);
  await page.getByText("Its recording can be opened by members of “Personal” only.").waitFor();
  expect(await page.locator(`a[href$="/recordings/${id}"]`).count()).toBe(0);
  const own = await addRecording(pages.deps, pages.owner, "My own");
  await page.goto(`/runs/${own.runId}`);
  await page.getByRole("link", { name: "Open the recording" }).click();
  await page.getByRole("heading", { name: "My own", level: 1 }).waitFor();
  await context.close();
});

test("a meeting that was cancelled does not start", async () => {
  const { userId, workspaceId } = pages.owner;
  const { prisma } = pages.deps;
  const agentId = await createAgent(prisma, {
    userId,
    workspaceId,
    name: "Grace",
    instructions: "Be kind.",
    voice: "alloy",
    blueprint: { sessions: [] },
  });
  const scheduledAt = new Date(Date.now() + 11 * 3_600_000);
  const order = { name: "Called off", prompt: "", scheduledAt, durationMinutes: 30, provider: "practice" as const };
  const made = await createMeeting(prisma, { userId, workspaceId, agentId, ...order });
  if (!made.ok) throw new Error("No meeting");
  const { page, context } = await pages.visitAsOwner(`/meetings/${made.id}`);
  await page.getByText(/^starts in/).waitFor();
  const { id: runId } = await prisma.run.findFirstOrThrow({ where: { conversationId: made.id } });
  await cancelRun(prisma, userId, runId);
  await page.getByText("This meeting was cancelled before its call.").waitFor();
  expect(await page.getByText(/^(starts )?in \d/).count()).toBe(0);
  await page.goto("/meetings");
  await page.getByRole("link", { name: "Called off" }).waitFor();
  expect(await page.getByText(/^(starts )?in \d/).count()).toBe(0);
  await context.close();
});

test("a retry is offered for what can succeed, and not for a file without sound", async () => {
  const hopeful = await addFailed(pages.deps, pages.owner, "Can be tried again");
  const silent = await addRecording(pages.deps, pages.owner, "No sound");
  await pages.deps.prisma.$transaction((tx) => applyRunEvent(tx, silent.runId, { type: "started" }));
  await beginTry(pages.deps.prisma, { runId: silent.runId, attempt: 1, stage: "transcode" });
  const error = { code: "not_audio", message: "There is no sound.", stage: "transcode", attempt: 1 } as const;
  await pages.deps.prisma.$transaction((tx) => applyRunEvent(tx, silent.runId, { type: "failed", error }));
  const { page, context } = await pages.visitAsOwner(`/recordings/${hopeful.id}`);
  await page.getByRole("button", { name: "Retry from this stage" }).waitFor();
  await page.goto(`/recordings/${silent.id}`);
  await page.getByText("There is no sound.").first().waitFor();
  expect(await page.getByRole("button", { name: /Retry/ }).count()).toBe(0);
  await context.close();
});

test("every place can be reached in a low window", async () => {
  await pages.deps.prisma.user.update({ where: { id: pages.owner.userId }, data: { role: "admin" } });
  const { page, context } = await pages.visitAsOwner();
  await page.setViewportSize({ width: 1280, height: 560 });
  await page.goto("/");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
  await expect.poll(() => page.getByRole("heading", { level: 1 }).allTextContents()).toEqual(["Settings"]);
  await context.close();
});

test("the place one is at keeps its mark on all of its pages, and is called the same on a phone", async () => {
  const { id } = await addFinished(pages.deps, pages.owner, "Marked");
  const other = await pages.deps.prisma.workspace.create({
    data: {
      id: crypto.randomUUID(),
      name: "Second",
      memberships: { create: { userId: pages.owner.userId, role: "owner" } },
    },
  });
  const { page, context } = await pages.visitAsOwner(`/workspaces/${other.id}`);
  const here = page.getByRole("navigation", { name: "Main" }).locator("[aria-current=page]");
  await expect.poll(() => here.allTextContents()).toEqual(["Members"]);
  await page.goto(`/recordings/${id}`);
  await expect.poll(() => here.allTextContents()).toEqual(["Recordings"]);
  await page.goto("/recordings/new");
  expect(await here.count()).toBe(0);
  await context.close();

  const phone = await pages.visitAsOwner("/notifications", { width: 320 });
  const place = phone.page.getByRole("navigation", { name: "Main" }).getByText("Notifications", { exact: true });
  expect(await place.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  await phone.context.close();
});
