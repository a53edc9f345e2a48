import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";

export const themes = ["light", "dark"] as const;
export type Look = (typeof themes)[number];

/** A microphone that plays this WAV file once, allowed without asking. */
export const microphone = (file: string): string[] => [
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
  `--use-file-for-fake-audio-capture=${file}%noloop`,
];

/** The machine's own Chromium, without a window; `isAudible` where one of its tabs shall hear another. */
export const openBrowser = (more: string[] = [], { isAudible = false } = {}): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    ...(isAudible ? { ignoreDefaultArgs: ["--mute-audio"] } : {}),
    args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", ...more],
  });

/**
 * Where pages are given to axe: both themes and both widths, each once, since colours depend on the one and layout on
 * the other. Width and console are looked at in all four.
 */
export const isForAxe = (theme: Look, width: number) => (theme === "light") === (width === 1280);

export interface Visit {
  url: string;
  width?: number;
  theme?: Look;
  calm?: boolean;
  /** A phone: touched, and without a pointer. */
  touch?: boolean;
  /** The browser's time zone; the machine's where left out. */
  zone?: string;
  /** Lets a test put a script of its own on the page. */
  bypassCsp?: boolean;
}

/** A new page with cookies of its own. What the browser complains of is kept in `complaints`. */
export async function visit(
  browser: Browser,
  { url, width = 1280, theme = "light", calm = true, touch = false, zone, bypassCsp = false }: Visit,
) {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height: width < 600 ? 844 : 900 },
    colorScheme: theme,
    hasTouch: touch,
    isMobile: touch,
    bypassCSP: bypassCsp,
    reducedMotion: calm ? "reduce" : "no-preference",
    ...(zone === undefined ? {} : { timezoneId: zone }),
  });
  context.on("page", waitAfterNavigation);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} at ${page.url()}`);
  });
  return { context, page, complaints };
}

/**
 * Makes `goto` and `reload` wait until React has taken the page over. What is clicked before does nothing, and on a busy
 * machine "load" comes seconds earlier. Pages that are not ours, and `waitUntil: "commit"`, wait for nothing more.
 */
function waitAfterNavigation(page: Page): void {
  const goto = page.goto.bind(page);
  const reload = page.reload.bind(page);
  page.goto = async (path, options) => {
    const response = await goto(path, options);
    if (options?.waitUntil !== "commit") await page.waitForFunction(isTakenOver);
    return response;
  };
  page.reload = async (options) => {
    const response = await reload(options);
    await page.waitForFunction(isTakenOver);
    return response;
  };
}

/** In the page: whether React has its elements; always so where no page of ours is shown. */
const isTakenOver = () =>
  !("__reactRouterContext" in globalThis) ||
  Object.keys(document.body.firstElementChild ?? {}).some((key) => key.startsWith("__reactProps"));

export async function signIn(page: Page, { email, password }: { email: string; password: string }) {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Home", level: 1 }).waitFor();
}

/**
 * Waits until the page is what people look at: taken over by the browser, its fonts and images there, and, where it says
 * whether it is live, live. An idle network would say less, half a second later, and waits for the other pages' code.
 */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(isTakenOver);
  await page.waitForFunction(() => {
    const connections = [...document.querySelectorAll("[data-state]")];
    const isLive = connections.every((each) => !/^(idle|connecting)$/.test(each.getAttribute("data-state") ?? ""));
    const areImagesThere = [...document.images].every(({ complete }) => complete);
    return isLive && areImagesThere && document.fonts.status === "loaded";
  });
}

/**
 * What axe finds wrong on the page as it is, one line each; empty is good. Our pages have no frames of other origins, for
 * which axe would put its results together in a second page, in twice the time.
 */
export async function axeFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ["violations"] })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ""}`),
  );
}

/** How far the page is wider than its window, in pixels; 0 is good (WCAG 1.4.10). */
export const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** A `Cookie` header's content as the browser's own cookies. */
export const cookiesOf = (header: string, url: string) =>
  header.split("; ").map((cookie) => {
    const at = cookie.indexOf("=");
    return { name: cookie.slice(0, at), value: cookie.slice(at + 1), url };
  });
