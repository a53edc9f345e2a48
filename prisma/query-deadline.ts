import type { Client, Pool, PoolClient } from "pg";

/**
 * Gives up every statement that takes longer than this, with its connection: a Postgres that is frozen, or gone without
 * a word, says nothing that could be waited for. A transaction under way is undone by the loss of its connection.
 */
export function limitQueries(pool: Pool, deadlineMs: number): void {
  pool.on("connect", (client: PoolClient) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    const limited = (...args: unknown[]): unknown => {
      // While a statement is under way this destroys the socket, and the statement fails with "Connection terminated".
      const timer = setTimeout(() => void (client as PoolClient & Pick<Client, "end">).end(), deadlineMs);
      const done = args.at(-1);
      if (typeof done === "function") {
        const settled = (...answer: unknown[]) => {
          clearTimeout(timer);
          (done as (...answer: unknown[]) => void)(...answer);
        };
        return query(...args.slice(0, -1), settled);
      }
      const answer = query(...args);
      const stop = () => clearTimeout(timer);
      if (answer instanceof Promise) answer.then(stop, stop);
      // A cursor has no end that could be told of here.
      else stop();
      return answer;
    };
    client.query = limited as typeof client.query;
  });
}
