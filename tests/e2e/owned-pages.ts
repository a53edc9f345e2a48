import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { cookiesOf, openBrowser, visit } from "./browser.ts";
import type { Visit } from "./browser.ts";
import { startPages } from "./pages-server.ts";

/** The pages in a browser, with one account, its owner: for tests that look at what is made once for all of them. */
export async function openOwnedPages() {
  await using made = new AsyncDisposableStack();
  const browser = await openBrowser();
  made.defer(() => browser.close());
  const pages = made.use(await ownedPagesIn(browser));
  const all = made.move();
  return { ...pages, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/**
 * For each test of a file, and for each try of one, the pages on a database of their own: none meets what another left
 * behind. The browser is the file's.
 */
export function ownedPagesForEach(take: (pages: OwnedPages) => void, settings?: () => Record<string, string>): void {
  let browser: Browser;
  let pages: OwnedPages | undefined;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    pages = await ownedPagesIn(browser, settings?.());
    take(pages);
  });
  afterEach(async () => {
    await pages?.[Symbol.asyncDispose]();
    pages = undefined;
  });
}

async function ownedPagesIn(browser: Browser, settings: Record<string, string> = {}) {
  await using made = new AsyncDisposableStack();
  const pages = made.use(await startPages(settings));
  // What a failed test left open would go on asking for a server that is gone.
  made.defer(async () => void (await Promise.all(browser.contexts().map((context) => context.close()))));
  const owner = await pages.signUp("ada@example.com");
  const all = made.move();
  return {
    ...pages,
    browser,
    owner,
    /** A new page in which the owner is signed in, at `path` where one is given. */
    async visitAsOwner(path?: string, how: Omit<Visit, "url"> = {}) {
      const visited = await visit(browser, { url: pages.url, ...how });
      await visited.context.addCookies(cookiesOf(owner.cookie, pages.url));
      if (path !== undefined) await visited.page.goto(path);
      return visited;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
export type OwnedPages = Awaited<ReturnType<typeof ownedPagesIn>>;
