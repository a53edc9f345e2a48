import { join } from "node:path";
import type { Page, WebSocket } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recording, runWhole } from "#tests/web/recording-run.ts";
import { relay } from "#tests/web/network-relay.ts";
import { openBrowser, visit } from "./browser.ts";
import type { mount as Mount, Shown } from "./hook-page.tsx";
import { startPages } from "./pages-server.ts";

declare global {
  var hookPage: { mount: typeof Mount };
  var unmount: () => void;
}

let pages: Awaited<ReturnType<typeof startPages>>;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let script: string;
beforeAll(async () => {
  [pages, browser, script] = await Promise.all([startPages(), openBrowser(), bundle()]);
});
afterAll(async () => {
  await browser.close();
  await pages[Symbol.asyncDispose]();
});

/** The page as a program of its own: the hook is given no help of ours. */
async function bundle(): Promise<string> {
  const entry = join(import.meta.dirname, "hook-page.tsx");
  const [made] = [
    await build({
      configFile: false,
      logLevel: "silent",
      // Else the mode of the tests gives the development form of JSX, beside React's production build.
      oxc: { jsx: { runtime: "automatic", development: false } },
      define: { "process.env.NODE_ENV": JSON.stringify("production") },
      build: { write: false, lib: { entry, formats: ["iife"], name: "hookPage" } },
    }),
  ].flat();
  if (made === undefined || !("output" in made)) throw new Error("nothing was built");
  return made.output[0].code;
}

/** A meeting, and a page that shows it by the hook, over a network that can be cut. */
async function mounted(given: Partial<Shown> = {}) {
  const network = await relay(Number(new URL(pages.url).port));
  const anna = await pages.signUp();
  const id = await recording(pages.deps, anna);
  const { page, context } = await visit(browser, { url: pages.url, bypassCsp: true });
  const sockets: WebSocket[] = [];
  page.on("websocket", (socket) => {
    if (socket.url().includes("/ws/meeting/")) sockets.push(socket);
  });
  // An address of the server without a page of ours, which would go on rendering in this place.
  await page.goto("/healthz");
  await page.addScriptTag({ content: script });
  const shown = {
    meetingId: id,
    token: anna.token,
    origin: `ws://127.0.0.1:${network.port}`,
    maxReconnectAttempts: 10,
  };
  await page.evaluate(
    (props) => {
      globalThis.unmount = globalThis.hookPage.mount(props);
    },
    { ...shown, ...given },
  );
  return {
    id,
    page,
    network,
    sockets,
    async [Symbol.asyncDispose]() {
      await context.close();
      await network[Symbol.asyncDispose]();
    },
  };
}

const state = (page: Page, words: string) => page.getByRole("status").getByText(words, { exact: true }).waitFor();

test("C-35 C-36 a page that mounts the hook is connected by itself and told each message by its type", async () => {
  await using at = await mounted();
  await state(at.page, "connected, connected");
  await runWhole(pages.deps, at.id);
  await at.page.getByText("completed done").waitFor();
  expect(await at.page.getByRole("listitem").allTextContents()).toEqual([
    "connected",
    "processing upload",
    "processing diarization",
    "processing transcription",
    "processing alignment",
    "SPEAKER_01: Hello everyone",
    "SPEAKER_02: Hi there",
    "The team discussed the timeline. Review PRs, Update docs",
    "completed done",
  ]);
  await at.page.getByRole("button", { name: "Disconnect" }).click();
  await state(at.page, "disconnected, not connected");
  await at.page.getByRole("button", { name: "Connect", exact: true }).click();
  await state(at.page, "connected, connected");
  expect(await at.page.getByText("Hello everyone").count()).toBe(1);
});

test("C-37 C-38 a lost connection comes back by itself; after its quick tries it says that it is offline", async () => {
  await using at = await mounted({ maxReconnectAttempts: 2 });
  await state(at.page, "connected, connected");
  at.network.down(true);
  await state(at.page, "offline, not connected");
  at.network.down(false);
  await state(at.page, "connected, connected");
  expect(at.sockets.length).toBeGreaterThan(2);
});

test("C-39 C-40 it says by itself that it is there, and leaves with its page", async () => {
  await using at = await mounted();
  await state(at.page, "connected, connected");
  const [socket] = at.sockets;
  const ping = await socket!.waitForEvent("framesent");
  expect(JSON.parse(String(ping.payload))).toEqual({ type: "ping" });
  const closed = socket!.waitForEvent("close");
  await at.page.evaluate(() => globalThis.unmount());
  await closed;
  // Nothing of it goes on: a network that comes and goes wakes nobody.
  at.network.down(true);
  at.network.down(false);
  await at.page.waitForFunction(() => document.querySelector("main") === null);
  expect(at.sockets).toHaveLength(1);
});
