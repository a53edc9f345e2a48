import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorkspace } from "#records/accounts/workspaces.ts";
import { startFakeGoogle } from "#tests/fakes/google.ts";
import type { FakeGoogle } from "#tests/fakes/google.ts";
import { startFakeMicrosoft } from "#tests/fakes/microsoft.ts";
import type { FakeMicrosoft } from "#tests/fakes/microsoft.ts";
import { axeFindings, isForAxe, overflow, settled, themes } from "./browser.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");

let google: FakeGoogle;
let microsoft: FakeMicrosoft;
let pages: OwnedPages;
beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  google = await startFakeGoogle();
  microsoft = await startFakeMicrosoft();
});
afterAll(() => Promise.all([google[Symbol.asyncDispose](), microsoft[Symbol.asyncDispose]()]));
ownedPagesForEach(
  (made) => (pages = made),
  () => ({ ...google.settings, ...microsoft.settings }),
);

/** As far as the choice among the calendars of the owner's account. */
async function connectGoogle() {
  google.addPerson(pages.owner.email, [
    { id: "team", summary: "Team calendar with quite a long name, as teams give them" },
  ]);
  const visited = await pages.visitAsOwner("/calendar/connections");
  await visited.page.getByRole("link", { name: "Connect Google Calendar" }).click();
  await visited.page.getByRole("heading", { name: "Choose calendars" }).waitFor();
  return visited;
}

test("a person connects a Google account in the browser, chooses its calendars, and reconnects it", async () => {
  const { email, userId } = pages.owner;
  const { context, page, complaints } = await connectGoogle();
  expect(await page.getByLabel(email).isChecked()).toBe(true);
  await page.getByLabel(/^Team calendar/).check();
  await page.getByRole("button", { name: "Connect them" }).click();
  const list = page.getByRole("list", { name: "Calendars" });
  await list.getByText(`Google Calendar of ${email}`).first().waitFor();
  expect(await list.getByRole("listitem").count()).toBe(2);
  await pages.deps.prisma.calendarAccount.updateMany({
    where: { ownerId: userId },
    data: { needsConsentSince: new Date() },
  });
  await page.reload();
  await page.getByRole("link", { name: "Reconnect" }).first().click();
  await page.getByRole("heading", { name: "Choose calendars" }).waitFor();
  await page.getByText("All of them are connected.").waitFor();
  await page.getByRole("link", { name: "To your connections" }).click();
  await page.getByRole("link", { name: "More of its calendars" }).first().waitFor();
  expect(await page.getByRole("link", { name: "Reconnect" }).count()).toBe(0);
  await context.close();
  expect(complaints).toEqual([]);
});

test("a person connects an Outlook account in the browser", async () => {
  const { email } = pages.owner;
  microsoft.addPerson(email);
  const { context, page, complaints } = await pages.visitAsOwner("/calendar/connections");
  await page.getByRole("link", { name: "Connect Outlook Calendar" }).click();
  await page.getByRole("heading", { name: "Choose calendars" }).waitFor();
  await page.getByRole("button", { name: "Connect them" }).click();
  const list = page.getByRole("list", { name: "Calendars" });
  await list.getByText(`Outlook Calendar of ${email}`).first().waitFor();
  await context.close();
  expect(complaints).toEqual([]);
});

test("who belongs to several workspaces sees which of them a calendar's recordings go to", async () => {
  await createWorkspace(pages.deps.prisma, { userId: pages.owner.userId, name: "Team North" });
  const { context, page } = await connectGoogle();
  await page.getByLabel("Recordings of their meetings go to").selectOption({ label: "Team North" });
  await page.getByRole("button", { name: "Connect them" }).click();
  const list = page.getByRole("list", { name: "Calendars" });
  await list.waitFor();
  expect(await list.getByText(/^Recordings go to/).allTextContents()).toEqual(["Recordings go to Team North"]);
  await context.close();
});

test("the pages of consent are accessible and fit, in both themes and at every width", async () => {
  await (await connectGoogle()).context.close();
  const account = await pages.deps.prisma.calendarAccount.findFirstOrThrow({ where: { ownerId: pages.owner.userId } });
  const addresses = {
    "consent-choose": `/calendar/accounts/${account.id}`,
    "consent-denied": "/calendar/connections?consent=denied",
  };
  const findings: string[] = [];
  for (const theme of themes) {
    for (const width of [320, 390, 1280]) {
      const { context, page, complaints } = await pages.visitAsOwner(undefined, { theme, width });
      for (const [name, path] of Object.entries(addresses)) {
        await page.goto(path);
        await settled(page);
        await page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`), fullPage: true });
        const found = width !== 320 && isForAxe(theme, width) ? await axeFindings(page) : [];
        findings.push(...found.map((finding) => `${name}: ${finding}`));
        if ((await overflow(page)) > 0) findings.push(`${name}: wider than ${width} px`);
      }
      findings.push(...complaints);
      await context.close();
    }
  }
  expect(findings).toEqual([]);
});
