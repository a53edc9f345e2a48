import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { axeFindings, cookiesOf, isForAxe, overflow, settled, themes, visit } from "./browser.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

let pages: OwnedPages;
ownedPagesForEach((made) => (pages = made));

const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));

/** Until the page's connection has had an event of this type. */
const heard = (page: Page, type: string) =>
  new Promise<void>((resolve) => {
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        if (String(payload).includes(type)) resolve();
      }),
    );
  });

test("an administrator makes another one by keyboard and takes that back; an open page of theirs hears of both", async () => {
  const ben = await pages.signUp("ben@example.com");
  const { page, context } = await pages.visitAsOwner("/accounts");
  const seen = await visit(pages.browser, { url: pages.url });
  await seen.context.addCookies(cookiesOf(ben.cookie, pages.url));
  await seen.page.goto("/settings");
  await Promise.all([page, seen.page].map((each) => each.getByText("Live", { exact: true }).first().waitFor()));
  const place = seen.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Accounts" });
  expect(await place.count()).toBe(0);
  await page.getByText("the only administrator").waitFor();

  await page.getByRole("button", { name: "Make administrator: ben" }).press("Enter");
  const making = page.getByRole("alertdialog", { name: "Make ben an administrator?" });
  await making.getByText("ben@example.com").waitFor();
  await making.getByRole("button", { name: "Make administrator" }).press("Enter");
  const back = page.getByRole("button", { name: "Take back: ben" });
  await back.waitFor();
  await making.waitFor({ state: "detached" });
  await expect.poll(() => focused(page)).toBe("Take back: ben");
  await place.click();
  await seen.page.getByRole("heading", { name: "Accounts", level: 1 }).waitFor();

  // Where the row goes by it, the focus goes to the list that it was in.
  await page.getByRole("link", { name: "Administrators 2" }).click();
  await page.waitForURL(/status=administrators/);
  await back.press("Enter");
  const taking = page.getByRole("alertdialog", { name: "Take administration back from ben?" });
  await taking.getByRole("button", { name: "Take back" }).press("Enter");
  await page.getByRole("link", { name: "Administrators 1" }).waitFor();
  await expect.poll(() => focused(page)).toBe("Accounts");
  await seen.page.getByText("No page has this address.").waitFor();
  expect(await place.count()).toBe(0);
  await Promise.all([context.close(), seen.context.close()]);
});

test("who takes it back from themselves is led home; a refusal stays in the dialog", async () => {
  const ben = await pages.signUp("ben@example.com");
  const { prisma } = pages.deps;
  const setRole = (role: string) => prisma.user.update({ where: { id: ben.userId }, data: { role } });
  await setRole("admin");
  const { page, context } = await pages.visitAsOwner();
  const told = heard(page, "role.changed");
  await page.goto("/accounts");
  await page.getByText("Live", { exact: true }).first().waitFor();
  await page.getByRole("button", { name: "Take back: ada" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Be no administrator any more?" });
  // Meanwhile the other one has ceased to be.
  await setRole("user");
  await dialog.getByRole("button", { name: "Take back" }).click();
  await dialog.getByRole("alert").getByText("the server's only administrator").waitFor();
  await setRole("admin");
  // The page hears of the change sooner than it has the answer.
  await page.route("**/accounts.data", async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    await told;
    await route.fulfill({ response });
  });
  await dialog.getByRole("button", { name: "Take back" }).click();
  await page.getByRole("heading", { name: "Home", level: 1 }).waitFor();
  expect(await page.getByRole("link", { name: "Accounts" }).count()).toBe(0);
  await context.close();
});

test("accounts in every state, and the dialog, fit a phone and are fit for everybody in both themes", async () => {
  const { prisma } = pages.deps;
  const admin = await pages.signUp("ben@example.com");
  await pages.signUp(`${"a-long-name-".repeat(5)}@example.com`);
  const [waiting, leaving] = [await pages.signUp(), await pages.signUp()];
  await prisma.user.update({ where: { id: admin.userId }, data: { role: "admin" } });
  await prisma.user.update({ where: { id: waiting.userId }, data: { pending: true } });
  await prisma.user.update({ where: { id: leaving.userId }, data: { deletingAt: new Date() } });
  for (const theme of themes) {
    for (const width of [390, 1280]) {
      const { page, context, complaints } = await pages.visitAsOwner("/accounts", { theme, width });
      const isFit = async () => {
        await settled(page);
        expect(await overflow(page)).toBe(0);
        expect(isForAxe(theme, width) ? await axeFindings(page) : []).toEqual([]);
      };
      await isFit();
      expect(await page.getByRole("listitem").getByText("is being deleted").count()).toBe(1);
      expect(await page.getByRole("listitem").getByText("not open yet").count()).toBe(1);
      await page.getByRole("button", { name: /^Make administrator: a-long/ }).click();
      await page.getByRole("alertdialog").waitFor();
      await isFit();
      expect(complaints).toEqual([]);
      await context.close();
    }
  }
});
