import { expect, test } from "vitest";
import { addMeeting } from "#tests/web/meeting-fixtures.ts";
import { axeFindings, overflow, settled } from "./browser.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

let pages: OwnedPages;
ownedPagesForEach((made) => (pages = made));

test("an agent with a plan is made with the keyboard alone, then a meeting for later, which is moved and called off", async () => {
  const { page, context, complaints } = await pages.visitAsOwner("/agents");
  // After a change of page the focus goes to its beginning; a key pressed before that would be lost.
  const arrived = async () => {
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("main");
  };
  await page.getByRole("link", { name: "New agent" }).first().press("Enter");
  await arrived();
  await page.getByLabel("Name").fill("Iris");
  await page.getByRole("button", { name: "Add a session" }).press("Enter");
  // Each new part has the focus; Enter in a field adds the next goal.
  await page.keyboard.type("Plans");
  await page.keyboard.press("Enter");
  await page.keyboard.type("What comes next?");
  await page.keyboard.press("Enter");
  await page.keyboard.type("What is in the way?");
  await page.keyboard.press("Alt+ArrowUp");
  const first = page.getByRole("textbox", { name: "Goal 1" });
  expect(await first.inputValue()).toBe("What is in the way?");
  expect(await first.evaluate((field) => field === document.activeElement)).toBe(true);
  await page.getByRole("button", { name: "Add a session" }).press("Enter");
  await page.keyboard.type("Beginnings");
  await page.getByRole("button", { name: "Move Beginnings up" }).press("Enter");
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Move Beginnings down");
  await page.getByRole("button", { name: "Make the agent" }).press("Enter");
  await page.getByText("2 sessions, 2 goals").waitFor();
  await arrived();
  const stored = await pages.deps.prisma.agent.findFirstOrThrow({ where: { name: "Iris" } });
  expect(stored.blueprintSnapshot).toEqual({
    sessions: [
      { session_name: "Beginnings", goals: [] },
      { session_name: "Plans", goals: ["What is in the way?", "What comes next?"] },
    ],
  });

  await page.getByRole("link", { name: "Start a meeting" }).press("Enter");
  await page.getByRole("heading", { name: "New meeting", level: 1 }).waitFor();
  await arrived();
  await page.getByLabel("At a time").check();
  expect(await page.getByLabel("Day and time").inputValue()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00$/);
  await page.getByRole("button", { name: "Make the meeting" }).press("Enter");
  await page.getByRole("heading", { name: "Beginnings", level: 1 }).waitFor();
  await page.getByText(/starts in \d+ (h|min)/).waitFor();
  await arrived();
  await page.getByRole("button", { name: "Change the details" }).press("Enter");
  await page.getByLabel("Minutes").fill("50");
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await page.getByText("50 min", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Cancel the meeting" }).press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel the meeting" }).press("Enter");
  await page.getByText("This meeting was cancelled before its call.").waitFor();
  await page.getByRole("button", { name: "Set it up again" }).press("Enter");
  await page.getByRole("link", { name: "Join the call" }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("a plan is imported from a file, its mistakes told, and exported with all that stood in it", async () => {
  const { page, context, complaints } = await pages.visitAsOwner("/agents/new");
  await page.getByRole("button", { name: "Import" }).click();
  const dialog = page.getByRole("dialog", { name: "Import a plan" });
  await dialog.getByLabel("Or pasted").fill('{"sessions": [{"goals": []}]}');
  await dialog.getByRole("button", { name: "Take this plan" }).click();
  await dialog.getByRole("alert").getByText("sessions, item 1: A session needs a name").waitFor();
  const plan = { version: 7, conversations: [{ title: "Imported", topics: ["One goal"] }] };
  const buffer = Buffer.from(JSON.stringify(plan));
  await dialog.getByLabel("From a file").setInputFiles({ name: "plan.json", mimeType: "application/json", buffer });
  await expect.poll(() => dialog.getByLabel("Or pasted").inputValue()).toContain("Imported");
  await dialog.getByRole("button", { name: "Take this plan" }).click();
  expect(await page.getByLabel("Session 1", { exact: true }).inputValue()).toBe("Imported");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("agent-plan.json");
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
  expect(JSON.parse(Buffer.concat(chunks).toString())).toEqual({
    version: 7,
    sessions: [{ session_name: "Imported", goals: ["One goal"] }],
  });
  expect(complaints).toEqual([]);
  await context.close();
});

test("the lists follow what happens to their meetings, without a reload", async () => {
  const meeting = await addMeeting(pages.deps.prisma, pages.owner, { name: "Watched" });
  const { page, context, complaints } = await pages.visitAsOwner("/meetings");
  const row = page.getByRole("listitem").filter({ hasText: "Watched" });
  await row.getByText("Upcoming").waitFor();
  await meeting.begin();
  await row.getByText("In the call").waitFor();
  await row.getByRole("link", { name: "Return to Watched" }).waitFor();
  await meeting.say();
  await meeting.end();
  await row.getByRole("progressbar").waitFor();
  await meeting.complete();
  await row.getByText("Ready").waitFor();
  await addMeeting(pages.deps.prisma, pages.owner, { name: "Another" });
  await page.getByRole("button", { name: "Show 1 new meeting" }).click();
  await page.getByRole("link", { name: "Another", exact: true }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

for (const [theme, width] of [
  ["light", 1280],
  ["dark", 390],
] as const) {
  test(`the pages of agents and meetings are accessible and complain of nothing, ${theme}, ${width} px wide`, async () => {
    const { prisma } = pages.deps;
    const name = `A ${theme} meeting with a name that goes on and on for a while`;
    const meeting = await addMeeting(prisma, pages.owner, { name });
    await prisma.meeting.update({ where: { id: meeting.id }, data: { scheduledAt: new Date(Date.now() + 3_600_000) } });
    const { page, context, complaints } = await pages.visitAsOwner(undefined, { theme, width });
    const findings: string[] = [];
    const look = async (path: string) => {
      findings.push(...(await axeFindings(page)).map((finding) => `${path}: ${finding}`));
      if ((await overflow(page)) > 0) findings.push(`${path}: wider than the window`);
    };
    const lists = [
      "/",
      "/agents",
      "/agents/new",
      `/agents/${meeting.agentId}`,
      "/meetings?status=upcoming",
      "/meetings/new",
    ];
    for (const path of [...lists, `/meetings/${meeting.id}`]) {
      await page.goto(path);
      await settled(page);
      await look(path);
    }
    await page.getByRole("button", { name: "Change the details" }).click();
    await page.getByLabel("Talk with").waitFor();
    await look("editing");
    await context.close();
    expect({ findings, complaints }).toEqual({ findings: [], complaints: [] });
  });
}
