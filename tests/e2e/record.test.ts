import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { transcodeMedia } from "#activities/clients/media/transcode.ts";
import { axeFindings, cookiesOf, isForAxe, openBrowser, overflow, themes, visit } from "./browser.ts";
import type { Visit } from "./browser.ts";
import { startPages } from "./pages-server.ts";
import type { Pages } from "./pages-server.ts";

const folder = join(import.meta.dirname, "../../test-results/screenshots");
const clip = join(import.meta.dirname, "../fixtures/two-cities.wav");

let pages: Pages;
let owner: Awaited<ReturnType<Pages["signUp"]>>;
let browser: Browser;

beforeAll(async () => {
  const sound = ["--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${clip}`];
  const sharing = ["--auto-select-tab-capture-source-by-title=The meeting", "--disable-audio-output"];
  browser = await openBrowser([...sound, ...sharing], { isAudible: true });
});
afterAll(() => browser.close());
// For each test, and each try of one, a database of its own.
beforeEach(async () => {
  pages = await startPages();
  owner = await pages.signUp("ada@example.com");
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await pages[Symbol.asyncDispose]();
});

async function visitRecord(how: Omit<Visit, "url"> = {}, path = "/record") {
  const visited = await visit(browser, { url: pages.url, ...how });
  await visited.context.addCookies(cookiesOf(owner.cookie, pages.url));
  await visited.context.grantPermissions(["microphone"]);
  await visited.page.goto(path);
  return visited;
}

const toneHz = 440;

/** Another tab that plays a tone, in the place of a meeting. */
async function openMeeting(context: BrowserContext): Promise<Page> {
  const script = `const c = new AudioContext(); const g = new GainNode(c, { gain: 0.1 });
    const o = new OscillatorNode(c, { frequency: ${toneHz} }); o.connect(g).connect(c.destination); o.start();`;
  await context.route("http://meeting.test/", (route) =>
    route.fulfill({ contentType: "text/html", body: `<title>The meeting</title><script>${script}</script>` }),
  );
  const meeting = await context.newPage();
  await meeting.goto("http://meeting.test/");
  return meeting;
}

async function start(page: Page) {
  await page.getByLabel("Everybody in the meeting knows and agrees").check();
  await page.getByRole("button", { name: "Start recording" }).click();
  await page.getByRole("button", { name: "Stop and save" }).waitFor();
}

/** When the server has so many bytes of the newest upload. */
const arrived = async (bytes: number) => {
  const sent = () => pages.deps.prisma.upload.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
  const { id } = await sent();
  const file = join(pages.deps.env.MEDIA_DIR, "uploads", id);
  await expect.poll(async () => (await readFile(file).catch(() => Buffer.alloc(0))).length).toBeGreaterThan(bytes);
};

/** The recording as the pipeline decodes it. */
async function decode(id: string) {
  const row = await pages.deps.prisma.recording.findUniqueOrThrow({ where: { id }, include: { conversation: true } });
  await using original = await pages.deps.media.localFile(row.mediaKey);
  const outDir = await mkdtemp(join(tmpdir(), "convene-record-"));
  const limits = { maxDurationSeconds: 600, deadlineMs: 60_000, maxRssMb: 1000 };
  const { facts, speech, warnings } = await transcodeMedia({ input: original.path, outDir, ...limits });
  const wav = await readFile(speech);
  await rm(outDir, { recursive: true, force: true });
  const samples = new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length - (wav.length % 2)));
  expect(warnings).toEqual([]);
  return { row, facts, samples };
}

/** How strong one frequency is, and all the others together, as root mean squares of full scale. */
function spectrum(samples: Int16Array, hz: number, rate = 16_000) {
  let [real, imaginary, all] = [0, 0, 0];
  samples.forEach((sample, at) => {
    const value = sample / 32_768;
    real += value * Math.cos((2 * Math.PI * hz * at) / rate);
    imaginary += value * Math.sin((2 * Math.PI * hz * at) / rate);
    all += value * value;
  });
  const power = (2 * (real ** 2 + imaginary ** 2)) / samples.length ** 2;
  return { tone: Math.sqrt(power), rest: Math.sqrt(Math.max(0, all / samples.length - power)) };
}

const idOf = (page: Page) => new URL(page.url()).pathname.split("/").at(-1) ?? "";

test("a meeting's tab and the microphone become one recording, through a lost network, until sharing ends", async () => {
  const { page, context, complaints } = await visitRecord({}, "/record?title=Planning%20the%20summer");
  const meeting = await openMeeting(context);
  await page.bringToFront();
  await page.getByLabel("Spoken language").selectOption("en");
  await start(page);
  const startedAt = Date.now();
  await page.getByRole("meter", { name: "How loud: The meeting" }).waitFor();
  await page.getByRole("meter", { name: "How loud: My microphone" }).waitFor();
  await arrived(8_000);

  await context.setOffline(true);
  await page.getByText("Convene cannot be reached.").waitFor();
  await page.getByText(/waiting here to be sent/).waitFor();
  await context.setOffline(false);
  await expect.poll(() => page.getByText("Convene cannot be reached.").count()).toBe(0);

  await meeting.close();
  await page.getByRole("alert").getByText("The tab is no longer shared.").waitFor();
  const seconds = (Date.now() - startedAt) / 1000;
  await page.getByRole("link", { name: "Open the recording" }).click();
  await page.waitForURL(/\/recordings\/[0-9a-f-]{36}$/);
  const { row, facts, samples } = await decode(idOf(page));
  expect(row.conversation).toMatchObject({ title: "Planning the summer", language: "en" });
  expect(facts).toMatchObject({ container: "webm", codec: "opus", channels: 1, hasVideo: false });
  expect(Math.abs(facts.durationMs / 1000 - seconds)).toBeLessThan(4);
  const heard = spectrum(samples, toneHz);
  expect(heard.tone).toBeGreaterThan(0.01);
  expect(heard.rest).toBeGreaterThan(0.005);
  expect(complaints.filter((each) => !each.includes("ERR_INTERNET_DISCONNECTED"))).toEqual([]);
  await context.close();
});

test("a recording goes on while people browse, pauses, and opens when it is saved", async () => {
  const { page, context } = await visitRecord();
  await page.getByLabel("The sound of a tab or of this computer").uncheck();
  await start(page);
  await arrived(4_000);
  await page.getByRole("button", { name: "Pause" }).click();
  const timer = page.getByRole("timer");
  await page.getByRole("status").getByText("Paused").waitFor();
  const paused = await timer.textContent();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("heading", { name: "Settings", level: 1 }).waitFor();
  await page.getByRole("link", { name: "Recording paused" }).click();
  expect(await timer.textContent()).toBe(paused);
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Recording", exact: true }).click();
  await page.getByRole("button", { name: "Stop and save" }).click();
  await page.waitForURL(/\/recordings\/[0-9a-f-]{36}$/);
  const { row, samples } = await decode(idOf(page));
  expect(row.conversation.title).toMatch(/^Recording \d{4}-\d\d-\d\d \d\d\.\d\d$/);
  expect(spectrum(samples, toneHz).rest).toBeGreaterThan(0.005);
  await context.close();
});

test("what a closed tab had not sent yet is sent by the next page, and the recording is whole", async () => {
  const { page, context } = await visitRecord();
  await page.getByLabel("The sound of a tab or of this computer").uncheck();
  await start(page);
  await arrived(4_000);
  await context.route("**/api/uploads/*", (route) => route.abort());
  await page.getByText(/waiting here to be sent/).waitFor();
  await page.waitForFunction(() => /\b([2-9]\d|\d{3,})(\.\d)? KB waiting/.test(document.body.innerText));
  await page.close();
  await context.unroute("**/api/uploads/*");
  const next = await context.newPage();
  await next.goto("/record");
  await next.getByText("Saved whole.").waitFor();
  await next.getByRole("link", { name: "Open" }).click();
  await next.waitForURL(/\/recordings\/[0-9a-f-]{36}$/);
  const { row, facts } = await decode(idOf(next));
  expect(Number(row.sizeBytes)).toBeGreaterThan(24_000);
  expect(facts.durationMs).toBeGreaterThan(3_000);
  await next.goto("/record");
  await next.getByRole("button", { name: "Start recording" }).waitFor();
  expect(await next.getByText("Cut short earlier").count()).toBe(0);
  await context.close();
});

test("two tabs record at once, each its own; leaving one in the middle is asked about", async () => {
  const { page, context } = await visitRecord({}, "/record?title=One");
  const other = await context.newPage();
  await other.goto("/record?title=Two");
  for (const each of [page, other]) {
    await each.bringToFront();
    await each.getByLabel("The sound of a tab or of this computer").uncheck();
    await start(each);
    await arrived(4_000);
  }
  const asked = new Promise<string>((resolve) =>
    other.once("dialog", (dialog) => {
      resolve(dialog.type());
      void dialog.dismiss();
    }),
  );
  await other.close({ runBeforeUnload: true });
  expect(await asked).toBe("beforeunload");
  // A third page leaves both alone, since theirs are open.
  const third = await context.newPage();
  await third.goto("/record");
  await third.getByRole("button", { name: "Start recording" }).waitFor();
  expect(await third.getByText("Cut short earlier").count()).toBe(0);
  for (const each of [page, other]) {
    await each.getByRole("button", { name: "Stop and save" }).click();
    await each.waitForURL(/\/recordings\/[0-9a-f-]{36}$/);
  }
  const titles = await Promise.all(
    [page, other].map(async (each) => (await decode(idOf(each))).row.conversation.title),
  );
  expect(titles).toEqual(["One", "Two"]);
  await context.close();
});

test("a microphone that is unplugged ends a recording of it alone, which is kept", async () => {
  const { page, context } = await visitRecord();
  await page.evaluate(() => {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (wanted) => {
      const stream = await open(wanted);
      Object.assign(window, { unplug: () => stream.getTracks()[0]?.dispatchEvent(new Event("ended")) });
      return stream;
    };
  });
  await page.getByLabel("The sound of a tab or of this computer").uncheck();
  await start(page);
  await arrived(4_000);
  await page.evaluate(() => (window as unknown as { unplug: () => void }).unplug());
  await page.getByRole("alert").getByText("The microphone was unplugged or taken back.").waitFor();
  await page.getByRole("link", { name: "Open the recording" }).click();
  await page.waitForURL(/\/recordings\/[0-9a-f-]{36}$/);
  expect((await decode(idOf(page))).facts.durationMs).toBeGreaterThan(1_000);
  await context.close();
});

test("a tab that shares no sound is told of, and nothing is left of the try", async () => {
  const { page, context } = await visitRecord();
  await page.evaluate(() => {
    navigator.mediaDevices.getDisplayMedia = async () => document.createElement("canvas").captureStream();
  });
  const before = await pages.deps.prisma.upload.count();
  await page.getByLabel("Everybody in the meeting knows and agrees").check();
  await page.getByRole("button", { name: "Start recording" }).click();
  await page
    .getByRole("alert")
    .getByText(/tick “Also share tab audio”/)
    .waitFor();
  expect(await pages.deps.prisma.upload.count()).toBe(before);
  await context.close();
});

test("a phone, which shares no tab, is offered its microphone and told why", async () => {
  const visited = await visit(browser, { url: pages.url, width: 390 });
  const { page, context } = visited;
  await context.addCookies(cookiesOf(owner.cookie, pages.url));
  await page.addInitScript(() => Reflect.deleteProperty(MediaDevices.prototype, "getDisplayMedia"));
  await page.goto("/record");
  await page.getByText(/^Phones let no page hear another app/).waitFor();
  const tab = page.getByLabel("The sound of a tab or of this computer");
  expect([await tab.isChecked(), await tab.isDisabled()]).toEqual([false, true]);
  expect(await page.getByLabel("My microphone").isChecked()).toBe(true);
  await context.close();
});

for (const theme of themes) {
  for (const width of [390, 1280]) {
    test(`the page is accessible and fits, ${theme}, ${width} px wide`, async () => {
      const { page, context, complaints } = await visitRecord({ theme, width }, "/record?title=Planning");
      const findings: string[] = [];
      const look = async (name: string) => {
        await page.screenshot({ path: join(folder, `record-${name}-${theme}-${width}.png`), fullPage: true });
        if (isForAxe(theme, width)) findings.push(...(await axeFindings(page)));
        if ((await overflow(page)) > 0) findings.push(`${name} is wider than the window`);
      };
      await page.getByRole("button", { name: "Test the microphone" }).click();
      await page.getByRole("meter").waitFor();
      await look("form");
      await openMeeting(context);
      await page.bringToFront();
      await start(page);
      await arrived(8_000);
      await look("panel");
      // As the browser has it without network; every request of the page would complain.
      await context.route("**/api/uploads/*", (route) => route.fulfill({ status: 503, body: "" }));
      await page.getByText("The server did not take the recording.").waitFor();
      await look("outage");
      await page.getByRole("link", { name: "Recordings", exact: true }).click();
      await page.getByRole("link", { name: "Recording", exact: true }).waitFor();
      await look("indicator");
      await context.close();
      const unexpected = complaints.filter((each) => !each.includes("status of 503"));
      expect({ findings, unexpected }).toEqual({ findings: [], unexpected: [] });
    });
  }
}
