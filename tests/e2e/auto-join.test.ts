import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "vitest";
import { startFeed } from "#tests/calendars/feed.ts";
import { startFakeAttendee } from "#tests/fakes/attendee.ts";
import { startFakeRecall } from "#tests/fakes/recall.ts";
import { startFakeVexa } from "#tests/fakes/vexa.ts";
import { openBrowser, signIn, visit } from "./browser.ts";
import { startConvene } from "./convene.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");
const title = "Planning with Nordwind";

/** Work goes over workflows, and the recording over speech recognition, which on a busy machine take their time. */
const slow = { timeout: 180_000 };

/** What a journey needs of a provider's stand-in. */
interface Provider {
  env: Record<string, string>;
  bots: readonly {
    meetingUrl: string;
    join(): void;
    say(speaker: string, text: string, seconds: readonly [number, number]): void;
  }[];
  requests: readonly { call: string; at: number }[];
  /** Its webhooks go to this server from now on. */
  tell(url: string): void;
  /** How many bots were in a meeting at once, at most. */
  mostAtOnce(meetingUrl: string): number;
  [Symbol.asyncDispose](): Promise<void>;
}

const providers: Record<string, () => Promise<Provider>> = {
  async attendee() {
    const fake = await startFakeAttendee();
    return {
      ...fake,
      env: {
        ATTENDEE_BASE_URL: fake.baseUrl,
        ATTENDEE_API_KEY: fake.apiKey,
        ATTENDEE_WEBHOOK_SECRET: fake.webhookSecret,
      },
      tell: (url) => void fake.webhook(`${url}/api/webhook/attendee`),
    };
  },
  async recall() {
    const fake = await startFakeRecall();
    return {
      ...fake,
      env: { RECALL_BASE_URL: fake.baseUrl, RECALL_API_KEY: fake.apiKey, RECALL_WEBHOOK_SECRET: fake.webhookSecret },
      tell: (url) => void fake.webhook(`${url}/api/webhook/recall`),
    };
  },
  async vexa() {
    const fake = await startFakeVexa();
    return {
      ...fake,
      env: { VEXA_BASE_URL: fake.baseUrl, VEXA_API_KEY: fake.apiKey, VEXA_WEBHOOK_SECRET: fake.webhookSecret },
      tell: (url) => void fake.webhook(`${url}/api/webhook/vexa`),
    };
  },
};

/** A Convene after those that others asked for: its start takes all the processors there are. */
function startInTurn(env: Record<string, string>): ReturnType<typeof startConvene> {
  const mine = lastStart.then(() => startConvene({ env }));
  lastStart = mine.catch(() => undefined);
  return mine;
}
let lastStart: Promise<unknown> = Promise.resolve();

// Beside one another: each is mostly a wait for the hour of a meeting.
for (const [name, start] of Object.entries(providers)) {
  test.concurrent(
    `B-1 B-49 B-50 B-71 a meeting of a calendar is joined by ${name}'s bot, once, and becomes a conversation`,
    { timeout: 420_000 },
    async ({ expect }) => {
      await mkdir(folder, { recursive: true });
      await using provider = await start();
      await using feed = await startFeed();
      await using convene = await startInTurn({
        ...provider.env,
        FETCH_ALLOW: "127.0.0.0/8",
        AUTO_JOIN_INTERVAL_SECONDS: "5",
      });
      provider.tell(convene.url);
      const browser = await openBrowser();
      const { page, context, complaints } = await visit(browser, { url: convene.url });
      const picture = (what: string) => page.screenshot({ path: join(folder, `auto-join-${name}-${what}.png`) });
      await signIn(page, convene.admin);

      await page.goto("/calendar/rules");
      await page.getByLabel("Join my meetings automatically").check();
      await page.getByRole("button", { name: "Save the rules" }).click();
      await page.getByText("Saved.").waitFor();
      await page.goto("/calendar/connections");
      await page.getByLabel("Address in iCal format").fill(feed.url);
      await page.getByRole("button", { name: "Connect", exact: true }).click();
      await page.getByText("Up to date").waitFor(slow);

      // A minute's buffer before the start: the bot is due in a quarter of a minute.
      const startsAt = new Date(Date.now() + 75_000);
      const meetingUrl = "https://meet.google.com/abc-defg-hij";
      feed.state.events = [{ uid: "planning", title, at: startsAt, link: meetingUrl }];
      await page.getByRole("button", { name: /^Sync/ }).click();
      await page.getByText("1 upcoming event").waitFor(slow);
      await page.goto("/calendar?view=agenda");
      // Around midnight it stands on both of its days.
      const card = page.getByRole("article", { name: title }).first();
      await card.getByText("Will be joined: your rules let it.").waitFor();
      await card.getByText(/A bot is scheduled|The bot /).waitFor();
      await picture("decided");

      await expect.poll(() => provider.bots.length, slow).toBe(1);
      const [bot] = provider.bots;
      expect(bot!.meetingUrl).toBe(meetingUrl);
      const requestedAt = provider.requests.find(({ call }) => call === "create")?.at ?? Number.NaN;
      const lateMs = requestedAt - (Math.floor(startsAt.getTime() / 1000) * 1000 - 60_000);
      console.log(`${name}: the bot was requested ${lateMs} ms after it was due`);
      expect(lateMs).toBeGreaterThanOrEqual(0);

      const indicator = page.getByRole("button", { name: "1 meeting going on" });
      await indicator.waitFor();
      await indicator.click();
      const modal = page.getByRole("dialog", { name: "Meetings going on" });
      await modal.getByText("The bot is joining").waitFor();
      bot!.join();
      bot!.say("Grace", "Heard all the time.", [0, 600]);
      await modal.getByText("In the call").waitFor();
      // Told where one is, too.
      await page.getByText(`“${title}” is being recorded`).first().waitFor();
      await picture("in-call");
      await modal.getByRole("button", { name: `Stop the bot of ${title}` }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Stop the bot" }).click();
      await modal.getByText("No meeting goes on any more.").waitFor(slow);
      await modal.getByRole("button", { name: "Close" }).click();
      await card.getByRole("link", { name: "Open the recording" }).click();
      await page.getByRole("heading", { name: title, level: 1 }).waitFor();
      await page.getByRole("heading", { name: "Action items" }).waitFor(slow);
      // The name is that of the meeting.
      await page.getByText("Grace").first().waitFor();
      await picture("conversation");

      // Nobody sends another one, however many passes are made.
      expect(provider.bots).toHaveLength(1);
      expect(provider.mostAtOnce(meetingUrl)).toBe(1);
      await context.close();
      await browser.close();
      expect(complaints).toEqual([]);
    },
  );
}
