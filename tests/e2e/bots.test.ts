import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startFakeAttendee } from "#tests/fakes/attendee.ts";
import type { FakeAttendee } from "#tests/fakes/attendee.ts";
import { axeFindings, isForAxe, openBrowser, overflow, settled, signIn, themes, visit } from "./browser.ts";
import { startConvene } from "./convene.ts";
import { newAccount } from "./shared-convene.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");
const widths = [390, 1280] as const;

const open = new AsyncDisposableStack();
let attendee: FakeAttendee;
let convene: Awaited<ReturnType<typeof startConvene>>;
let browser: Awaited<ReturnType<typeof openBrowser>>;

beforeAll(async () => {
  await mkdir(folder, { recursive: true });
  attendee = open.use(await startFakeAttendee());
  convene = open.use(
    await startConvene({
      env: {
        ATTENDEE_BASE_URL: attendee.baseUrl,
        ATTENDEE_API_KEY: attendee.apiKey,
        ATTENDEE_WEBHOOK_SECRET: attendee.webhookSecret,
        FETCH_ALLOW: "127.0.0.1/32",
      },
    }),
  );
  attendee.webhook(`${convene.url}/api/webhook/attendee`);
  browser = await openBrowser();
  open.defer(() => browser.close());
});
afterAll(() => open.disposeAsync());

/** The bot of a meeting at its provider, as soon as it was ordered. */
async function botIn(link: string) {
  // Of several tries the last one's.
  const find = () => attendee.bots.findLast(({ meetingUrl }) => meetingUrl === link);
  await expect.poll(() => find() !== undefined).toBe(true);
  return find()!;
}

async function send(page: Page, link: string, title: string) {
  await page.goto("/meetings");
  // By keyboard: a notice may lie above the link, and stays while a pointer rests on it.
  await page.getByRole("link", { name: "Send a bot" }).press("Enter");
  await page.getByLabel("The meeting’s link").fill(link);
  await page.getByLabel("Title (optional)").fill(title);
  await page.getByRole("button", { name: "Send the bot" }).click();
  await page.getByRole("heading", { name: `Run of ${title}`, level: 1 }).waitFor();
  return botIn(link);
}

test("B-38 to B-42 a bot is sent, followed live in indicator and modal, stopped, and its recording appears", async () => {
  const { page, context, complaints } = await visit(browser, { url: convene.url });
  await signIn(page, await newAccount(convene.url, "bots"));
  const bot = await send(page, "https://meet.google.com/abc-defg-hij", "Planning");
  const indicator = page.getByRole("button", { name: "1 meeting going on" });
  await indicator.waitFor();
  expect(await indicator.locator(".animate-ping").count()).toBe(0);
  await indicator.click();
  const modal = page.getByRole("dialog", { name: "Meetings going on" });
  await modal.getByText("The bot is joining").waitFor();
  bot.join();
  await modal.getByText("In the call").waitFor();
  expect(await page.locator(".animate-ping").count()).toBe(1);
  await modal.getByRole("button", { name: "Stop the bot of Planning" }).click();
  const question = page.getByRole("alertdialog", { name: "Stop the bot?" });
  await question.getByText("What was recorded until then is kept").waitFor();
  await question.getByRole("button", { name: "Stop the bot" }).click();
  await modal.getByText("No meeting goes on any more.").waitFor();
  await modal.getByRole("button", { name: "Close" }).click();
  await page.getByRole("link", { name: "Open the recording" }).click();
  await page.getByRole("heading", { name: "Planning", level: 1 }).waitFor();
  await context.close();
  expect(complaints).toEqual([]);
});

test("B-44 the form, the modal and the run of a bot are accessible and fit every screen", async () => {
  const first = await visit(browser, { url: convene.url });
  await signIn(first.page, await newAccount(convene.url, "bots"));
  const bot = await send(first.page, "https://meet.google.com/bcd-efgh-ijk", "Interview with Nordwind");
  bot.join();
  await send(
    first.page,
    "https://meet.google.com/cde-fghi-jkl",
    "Weekly of everybody who works on the launch and its aftermath",
  );
  await first.page.getByRole("region", { name: "The bot" }).getByText("The bot is joining").waitFor();
  const run = new URL(first.page.url()).pathname;
  const cookies = await first.context.cookies();
  await first.context.close();
  const findings: string[] = [];
  for (const theme of themes) {
    for (const width of widths) {
      const { page, context, complaints } = await visit(browser, { url: convene.url, theme, width });
      await context.addCookies(cookies);
      const look = async (name: string) => {
        await page.screenshot({ path: join(folder, `${name}-${theme}-${width}.png`) });
        const found = isForAxe(theme, width) ? await axeFindings(page) : [];
        findings.push(...found.map((finding) => `${name}: ${finding}`));
        if ((await overflow(page)) > 0) findings.push(`${name}: wider than the window`);
      };
      await page.goto("/meetings/join-bot");
      await settled(page);
      await look("bot-form");
      await page.goto(run);
      await settled(page);
      await look("bot-run");
      await page.getByRole("button", { name: "2 meetings going on" }).click();
      await page.getByRole("dialog", { name: "Meetings going on" }).waitFor();
      await look("bot-modal");
      findings.push(...complaints);
      await context.close();
    }
  }
  expect(findings).toEqual([]);
});
