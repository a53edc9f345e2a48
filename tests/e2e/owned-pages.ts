import { cookiesOf, openBrowser, visit } from "./browser.ts";
import type { Visit } from "./browser.ts";
import { startPages } from "./pages-server.ts";

/** The pages in a browser, with one account, its owner. */
export async function openOwnedPages(settings: Record<string, string> = {}) {
  await using made = new AsyncDisposableStack();
  const [pages, browser] = await Promise.all([startPages(settings), openBrowser()]);
  made.use(pages);
  made.defer(() => browser.close());
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
export type OwnedPages = Awaited<ReturnType<typeof openOwnedPages>>;
