import { homedir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { speechWeights } from "#activities/clients/speech/weights.ts";
import { createAgent } from "#records/meetings/agents.ts";
import { createMeeting } from "#records/meetings/meetings.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { practiceCalls, practiceSeat } from "#tests/activities/calls/practice-setup.ts";
import { untilTold } from "#tests/web/practice/practice-setup.ts";
import { axeFindings, cookiesOf, overflow, themes, visit } from "./browser.ts";
import { startPages } from "./pages-server.ts";
import type { Pages } from "./pages-server.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");
const cacheDir = process.env["CONVENE_CACHE"] ?? join(homedir(), ".cache", "convene");
const clip = join(import.meta.dirname, "../fixtures/two-cities.wav");

const common = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"];
const fakeMicrophone = [
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  `--use-file-for-fake-audio-capture=${clip}%noloop`,
];

let pages: Pages;
let owner: Awaited<ReturnType<Pages["signUp"]>>;
/** One whose microphone plays the clip, and one that lends none. */
let [speaking, silent]: Browser[] = [];

beforeAll(async () => {
  pages = await startPages();
  owner = await pages.signUp("ada@example.com");
  const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
  speaking = await chromium.launch({ executablePath, args: [...common, ...fakeMicrophone] });
  silent = await chromium.launch({ executablePath, args: common });
});
afterAll(async () => {
  await Promise.all([speaking?.close(), silent?.close()]);
  await pages[Symbol.asyncDispose]();
});

async function meeting(): Promise<string> {
  const { userId, workspaceId } = owner;
  const { prisma } = pages.deps;
  const blueprint = { sessions: [{ session_name: "First", goals: ["Agree on a date", "Choose a place"] }] };
  const agent = { name: "Grace", instructions: "Be kind.", voice: "alloy", blueprint };
  const agentId = await createAgent(prisma, { userId, workspaceId, ...agent });
  const order = { name: "Planning the summer", prompt: "", scheduledAt: null, durationMinutes: 30 };
  const made = await createMeeting(prisma, { userId, workspaceId, agentId, ...order, provider: "practice" });
  if (!made.ok) throw new Error("No meeting");
  return made.id;
}

/** Through the lobby into the call. */
async function visitCall(browser: Browser | undefined, id: string, how: Partial<Parameters<typeof visit>[1]> = {}) {
  const visited = await visit(browser!, { url: pages.url, ...how });
  await visited.context.addCookies(cookiesOf(owner.cookie, pages.url));
  return { ...visited, enter: () => enter(visited.page, id) };
}

async function enter(page: Page, id: string) {
  await page.goto(`/meetings/${id}/call`);
  await page.getByLabel("I agree to be transcribed in this call").check();
  await page.getByRole("button", { name: "Join the call" }).click();
  await page.getByRole("region", { name: "Call" }).waitFor();
}

const seatFor = (id: string, goesOn = false) =>
  practiceSeat(id, {
    agentName: "Grace",
    ...(goesOn ? { soFar: [{ speaker: "agent", text: "Let's talk about this: Agree on a date." }] } : {}),
  });

test("a spoken turn is heard through the browser's microphone and answered; leaving as the last goes to processing", async () => {
  const weights = () => speechWeights({ cacheDir, log: () => undefined });
  await using calls = practiceCalls(pages.deps, { weights });
  const id = await meeting();
  const { page, context, enter } = await visitCall(speaking, id);
  await enter();
  const seat = seatFor(id, true);
  await calls.connectAgent(seat);
  const log = page.getByRole("log", { name: "What has been said" });
  await expect.poll(() => log.textContent(), { timeout: 60_000 }).toMatch(/times.*age of wisdom/s);
  await page.getByRole("button", { name: "Mute" }).click();
  await page.getByLabel("Muted").waitFor();
  await log.getByText("Choose a place.").waitFor();
  await page.getByLabel("Type to the agent").fill("By the lake, where we were last year.");
  await page.keyboard.press("Enter");
  await log.getByText("my last question").waitFor();
  await page.getByRole("button", { name: "Leave" }).click();
  await page.getByRole("heading", { name: "Working on your meeting" }).waitFor();
  await untilTold(pages.deps, id, "call.session_ended");
  await context.close();
});

test("a browser without microphone and voice says so, and typed turns and captions carry the call", async () => {
  await using calls = practiceCalls(pages.deps);
  const id = await meeting();
  const { page, context, enter } = await visitCall(silent, id);
  await enter();
  await page.getByText(/the agent cannot hear you\. Type instead/).waitFor();
  await page.getByText("This browser has no voice to read the agent’s words aloud.").waitFor();
  await calls.connectAgent(seatFor(id));
  await page.getByRole("log").getByText("Agree on a date.").waitFor();
  await page.getByLabel("Type to the agent").fill("The second of May suits all of us best.");
  await page.keyboard.press("Enter");
  await page.getByRole("log").getByText("Choose a place.").waitFor();
  await page.getByRole("button", { name: "End for all" }).click();
  await page.getByRole("button", { name: "Go on talking" }).click();
  await page.getByRole("button", { name: "End for all" }).click();
  await page.getByRole("button", { name: "End the call" }).click();
  await page.getByRole("heading", { name: "Working on your meeting" }).waitFor();
  expect((await untilTold(pages.deps, id, "call.session_ended")).state).toBe("new");
  await context.close();
});

test("a cut connection in the call: words that cannot be sent stay, and are said when it is back", async () => {
  await using calls = practiceCalls(pages.deps);
  const id = await meeting();
  const { page, context, enter } = await visitCall(silent, id);
  await enter();
  await calls.connectAgent(seatFor(id));
  await page.getByRole("log").getByText("Agree on a date.").waitFor();
  await context.setOffline(true);
  await page.getByText("The connection to the call was lost.").waitFor();
  const field = page.getByLabel("Type to the agent");
  await field.fill("The second of May suits all of us best.");
  await field.press("Enter");
  await page.getByText("Your words stay here; send them when you are back.").waitFor();
  expect(await field.inputValue()).toBe("The second of May suits all of us best.");
  await context.setOffline(false);
  await expect.poll(() => page.getByText(/connection to the call was lost|are not connected just now/).count()).toBe(0);
  await field.press("Enter");
  await page.getByRole("log").getByText("Choose a place.").waitFor();
  await context.close();
});

test("who has scrolled back stays there while words come, and jumps to the newest by a button", async () => {
  await using calls = practiceCalls(pages.deps);
  const id = await meeting();
  const { page, context, enter } = await visitCall(silent, id, { width: 390 });
  await enter();
  await calls.connectAgent(seatFor(id));
  const say = async (words: string) => {
    await page.getByLabel("Type to the agent").fill(words);
    await page.keyboard.press("Enter");
    await page.getByRole("log").getByText(words).waitFor();
  };
  for (const turn of ["one", "two", "three"]) await say(`A long answer to the question, number ${turn}.`);
  const box = page.getByRole("group", { name: "Captions" });
  await box.evaluate((element) => element.scrollTo({ top: 0 }));
  await page.getByRole("button", { name: "Jump to live" }).waitFor();
  await say("Said while you read what was before.");
  expect(await box.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
  await page.getByRole("button", { name: "Jump to live" }).click();
  const belowTheWindow = () =>
    box.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);
  await expect.poll(belowTheWindow).toBeLessThan(5);
  await context.close();
});

/** A voice for a browser that has none: a character every 30 ms, with the events of a real one. */
function lendVoice() {
  const spoken: string[] = [];
  let timer: ReturnType<typeof setInterval> | undefined;
  const queue: SpeechSynthesisUtterance[] = [];
  const next = () => {
    const utterance = queue[0];
    if (!utterance || timer) return;
    let at = 0;
    utterance.dispatchEvent(new Event("start"));
    timer = setInterval(() => {
      at += 1;
      if (utterance.text[at] === " ")
        utterance.dispatchEvent(Object.assign(new Event("boundary"), { charIndex: at + 1 }));
      if (at < utterance.text.length) return;
      clearInterval(timer);
      timer = undefined;
      spoken.push(utterance.text);
      queue.shift();
      utterance.dispatchEvent(new Event("end"));
      next();
    }, 30);
  };
  const synthesis = Object.assign(new EventTarget(), {
    getVoices: () => [{ lang: "en-GB", default: true, name: "Lent", localService: true, voiceURI: "lent" }],
    speak(utterance: SpeechSynthesisUtterance) {
      queue.push(utterance);
      next();
    },
    cancel() {
      clearInterval(timer);
      timer = undefined;
      queue.length = 0;
    },
  });
  class Utterance extends EventTarget {
    text: string;
    voice: unknown = null;
    constructor(text: string) {
      super();
      this.text = text;
    }
  }
  Object.defineProperty(window, "speechSynthesis", { value: synthesis });
  Object.assign(window, { SpeechSynthesisUtterance: Utterance, spoken });
}

test("the agent's words are read aloud; Esc silences it, and only what was said is kept; M mutes, unless turned off", async () => {
  await using calls = practiceCalls(pages.deps);
  const id = await meeting();
  const { page, context, enter } = await visitCall(speaking, id);
  await page.addInitScript(lendVoice);
  await enter();
  const seat = seatFor(id);
  await calls.connectAgent(seat);
  await page.locator("[data-agent=speaking]").waitFor();
  await page.waitForFunction(() => (window as unknown as { spoken: string[] }).spoken.length > 0);
  await page.keyboard.press("Escape");
  await page.getByText("— interrupted").waitFor();
  await page.locator("[data-agent=listening]").waitFor();
  await expect.poll(() => seat.replies()).toHaveLength(1);
  const [said] = seat.replies();
  expect(said).toMatch(/^Hello, I am Grace\./);
  expect(said).not.toContain("What can you tell me about it?");

  await page.getByLabel("Type to the agent").fill("m is a letter here, and my whole answer is this.");
  await page.keyboard.press("Enter");
  await expect.poll(() => seat.replies().length, { timeout: 20_000 }).toBe(2);
  const heardAloud = await page.evaluate(() => (window as unknown as { spoken: string[] }).spoken.join(""));
  expect(heardAloud).toContain(seat.replies()[1]);
  await page.getByRole("button", { name: "Mute" }).waitFor();
  await page.getByRole("heading", { name: "Planning the summer" }).click();
  await page.keyboard.press("m");
  await page.getByRole("button", { name: "Unmute" }).waitFor();
  await page.getByLabel("Keys: M mutes, Esc interrupts").uncheck();
  await page.getByRole("heading", { name: "Planning the summer" }).click();
  await page.keyboard.press("m");
  expect(await page.getByRole("button", { name: "Unmute" }).count()).toBe(1);
  await context.close();
});

for (const theme of themes) {
  test(`on a phone the field stands above the bar, nothing lies over the call, and no keys are told of, ${theme}`, async () => {
    await using calls = practiceCalls(pages.deps);
    const id = await meeting();
    const { page, context, enter } = await visitCall(silent, id, { theme, width: 390, touch: true });
    const run = await pages.deps.prisma.run.findFirstOrThrow({ where: { conversationId: id }, select: { id: true } });
    await pages.deps.prisma.$transaction((tx) => applyRunEvent(tx, run.id, { type: "callBegan" }));
    const pill = page.getByRole("button", { name: /going on/ });
    await page.goto("/settings");
    await pill.waitFor();
    await enter();
    await calls.connectAgent(seatFor(id));
    await page.getByRole("log").getByText("Agree on a date.").waitFor();
    const box = async (locator: Locator) => {
      const found = await locator.boundingBox();
      if (found === null) throw new Error("It is not shown");
      return { top: found.y, bottom: found.y + found.height };
    };
    const bar = await box(page.getByRole("navigation", { name: "Main" }));
    const atTheTop = await box(page.getByLabel("Type to the agent"));
    expect(atTheTop.bottom).toBeLessThanOrEqual(bar.top);
    await page.screenshot({ path: join(folder, `practice-call-phone-${theme}.png`) });
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    const atTheEnd = await box(page.getByLabel("Type to the agent"));
    expect(atTheEnd.bottom).toBeLessThanOrEqual(bar.top);
    expect(await pill.isVisible()).toBe(false);
    expect(await page.getByText(/Keys: M mutes/).isVisible()).toBe(false);
    await page.getByLabel("Type to the agent").fill("The second of May suits all of us best.");
    await page.getByRole("button", { name: "Send" }).tap();
    await page.getByRole("log").getByText("Choose a place.").waitFor();
    await context.close();
  });

  for (const width of [390, 1280]) {
    test(`the call is accessible and fits, ${theme}, ${width} px wide`, async () => {
      await using calls = practiceCalls(pages.deps);
      const id = await meeting();
      const { page, context, complaints, enter } = await visitCall(silent, id, { theme, width });
      await enter();
      await calls.connectAgent(seatFor(id));
      const log = page.getByRole("log");
      await log.getByText("Agree on a date.").waitFor();
      for (const words of ["The second of May suits all of us best.", "By the lake, where we were last year."]) {
        await page.getByLabel("Type to the agent").fill(words);
        await page.keyboard.press("Enter");
        await log.getByText(words).waitFor();
      }
      await log.getByText("my last question").waitFor();
      await page.screenshot({ path: join(folder, `practice-call-${theme}-${width}.png`), fullPage: true });
      const findings = await axeFindings(page);
      if ((await overflow(page)) > 0) findings.push("wider than the window");
      await context.close();
      expect({ findings, complaints }).toEqual({ findings: [], complaints: [] });
    });
  }
}
