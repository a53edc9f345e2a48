import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { addFinished } from "./fixtures.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");

let pages: OwnedPages;
ownedPagesForEach((made) => (pages = made));

/** A page of the owner's that is live and has fetched the code of the others. */
async function visitWhole(path: string, how: Parameters<OwnedPages["visitAsOwner"]>[1] = {}) {
  const visited = await pages.visitAsOwner(path, how);
  await visited.page.locator("[data-state=live]").first().waitFor({ state: "attached" });
  await visited.page.locator("link[rel=modulepreload][href*='/assets/settings']").waitFor({ state: "attached" });
  await visited.page.waitForLoadState("networkidle");
  return visited;
}
const banner = (page: Page, words: RegExp) => page.getByRole("status").getByText(words);
const failed = (page: Page) => page.getByText(/Something went wrong|could not be served|can’t be reached/);

test("a link without a connection leaves the page, and opens by itself when the connection is back", async () => {
  const { page, context } = await visitWhole("/recordings");
  await context.setOffline(true);
  await banner(page, /What you see may be out of date/).waitFor();
  const [below, above] = await Promise.all([
    page.locator("h1").boundingBox(),
    page.locator("[data-offline]").boundingBox(),
  ]);
  expect(below?.y).toBeGreaterThan((above?.y ?? 0) + (above?.height ?? 0));
  await page.getByRole("link", { name: "Settings" }).click();
  await banner(page, /goes on by itself when it is back/).waitFor();
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Recordings");
  // Another wish takes the place of the one that waits.
  await page.getByRole("link", { name: "Agents" }).click();
  expect(await failed(page).count()).toBe(0);
  await context.setOffline(false);
  await page.getByRole("heading", { name: "Agents", level: 1 }).waitFor();
  await expect.poll(() => page.getByText(/No connection/).count()).toBe(0);
  await context.close();
});

test("a tick without a connection is told as not saved, and saved when the connection is back", async () => {
  const { id } = await addFinished(pages.deps, pages.owner);
  const { page, context } = await visitWhole(`/recordings/${id}`);
  const done = () => pages.deps.prisma.actionItem.count({ where: { doneAt: { not: null } } });
  await context.setOffline(true);
  const box = page.getByRole("checkbox", { name: "Fix the batch size of the import" });
  await box.click();
  await banner(page, /not saved/).waitFor();
  await page.screenshot({ path: join(folder, "offline-light-1280.png") });
  expect([await box.isChecked(), await done(), await failed(page).count()]).toEqual([true, 0, 0]);
  await context.setOffline(false);
  await expect.poll(done).toBe(1);
  await expect.poll(() => page.getByText(/No connection/).count()).toBe(0);
  expect(await box.isChecked()).toBe(true);
  await context.close();
});

test("a form that does not reach the server keeps its text, and is sent once, when one asks for it", async () => {
  const { page, context } = await visitWhole("/agents/new", { width: 390, theme: "dark" });
  await page.getByLabel("Name", { exact: true }).fill("Interview coach");
  await page.getByLabel("Instructions (optional)").fill("Ask one question at a time.");
  await context.route("**/agents/new.data**", (route) =>
    route.request().method() === "POST" ? route.abort("connectionreset") : route.continue(),
  );
  await page.keyboard.press("Tab");
  await page
    .locator("main form")
    .first()
    .evaluate((form: HTMLFormElement) => form.requestSubmit());
  await banner(page, /not saved/).waitFor();
  await page.screenshot({ path: join(folder, "offline-dark-390.png") });
  expect(await failed(page).count()).toBe(0);
  expect(await page.getByLabel("Instructions (optional)").inputValue()).toBe("Ask one question at a time.");
  await context.unroute("**/agents/new.data**");
  // The server may have got it: nobody sends it again but the person.
  expect(await pages.deps.prisma.agent.count()).toBe(0);
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByRole("heading", { name: "Interview coach", level: 1 }).waitFor();
  expect(await pages.deps.prisma.agent.count()).toBe(1);
  await context.close();
});

test("a page is not left unasked with something on it that is not saved", async () => {
  const { id } = await addFinished(pages.deps, pages.owner, "Left too early");
  const { page, context } = await visitWhole(`/recordings/${id}`);
  await context.setOffline(true);
  await page.getByRole("checkbox", { name: "Write to the beta customers" }).click();
  await banner(page, /not saved/).waitFor();
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.accept();
  await context.close();
});

test("an upload without a connection says that it waits, is not closed unasked, and goes on by itself", async () => {
  const { page, context } = await visitWhole("/recordings/new");
  const buffer = Buffer.alloc(3_000_000, "sound");
  await page
    .getByLabel("Drop recordings here, or choose them")
    .setInputFiles({ name: "tunnel.mp3", mimeType: "audio/mpeg", buffer });
  let isCut = false;
  await context.route("**/api/uploads/*", async (route) => {
    if (route.request().method() !== "PATCH" || isCut) return route.continue();
    isCut = true;
    await context.setOffline(true);
    await route.abort("internetdisconnected");
  });
  await page.getByRole("button", { name: "Upload 1 file" }).click();
  const tray = page.getByRole("region", { name: "Uploads" });
  await tray.getByText("Waiting for the connection").waitFor();
  await tray.getByText(/^No connection\. It waits at/).waitFor();
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await context.setOffline(false);
  await page.getByRole("heading", { name: "tunnel", level: 1 }).waitFor();
  expect(await pages.deps.prisma.recording.count({ where: { fileName: "tunnel.mp3" } })).toBe(1);
  await context.close();
});
