import { expect, test } from "vitest";
import { createWorkspace } from "#records/accounts/workspaces.ts";
import { axeFindings, isForAxe, overflow, settled, themes } from "./browser.ts";
import { ownedPagesForEach } from "./owned-pages.ts";
import type { OwnedPages } from "./owned-pages.ts";

let pages: OwnedPages;
ownedPagesForEach((made) => (pages = made));

test("a person deletes their account by its password, and is told on a page that they are signed out of", async () => {
  const { prisma } = pages.deps;
  await createWorkspace(prisma, { userId: pages.owner.userId, name: "Attic" });
  const { page, context } = await pages.visitAsOwner("/settings");
  await page.locator("[data-state=live]").first().waitFor({ state: "attached" });
  const section = page.getByRole("region", { name: "Delete your account" });
  await section.getByText("Attic").waitFor();
  await section.getByRole("button", { name: "Delete my account…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete your account?" });
  await dialog.getByLabel("Your present password").fill("wrong");
  await dialog.getByRole("button", { name: "Delete my account" }).click();
  await dialog.getByText("This is not your present password.").waitFor();
  expect(await prisma.user.count({ where: { deletingAt: null } })).toBe(1);
  await dialog.getByLabel("Your present password").fill(pages.owner.password);
  await dialog.getByRole("button", { name: "Delete my account" }).click();
  await page.getByRole("status").getByText("Your account is deleted.").waitFor();
  expect(new URL(page.url()).pathname).toBe("/sign-in");
  expect(await context.cookies()).toEqual([]);
  await context.close();
});

test("what goes with an account, and the dialog that asks, fit a phone and are fit for everybody in both themes", async () => {
  const { prisma } = pages.deps;
  const { userId } = pages.owner;
  const other = await pages.signUp("olga@example.com");
  await prisma.user.update({ where: { id: other.userId }, data: { role: "admin" } });
  const { id: workspaceId } = await createWorkspace(prisma, { userId, name: "Harbour ".repeat(12) });
  await prisma.membership.create({ data: { workspaceId, userId: other.userId, role: "member" } });
  for (const theme of themes) {
    for (const width of [390, 1280]) {
      const { page, context, complaints } = await pages.visitAsOwner("/settings", { theme, width });
      await page.getByRole("button", { name: "Delete my account…" }).click();
      await page.getByRole("dialog").waitFor();
      await settled(page);
      expect(await overflow(page)).toBe(0);
      expect(isForAxe(theme, width) ? await axeFindings(page) : []).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    }
  }
});
