import type { Prisma, PrismaClient } from "./generated/client.ts";

type Tx = Prisma.TransactionClient;
const endings = new WeakMap<Tx, (() => Promise<void>)[]>();

/**
 * Has a transaction do some work last, in the order of asking, when everything else in it is done; where that fails, all
 * is rolled back. False: this is no open transaction of a client with `runEndings`.
 */
export function beforeCommit(tx: Tx, work: () => Promise<void>): boolean {
  const known = endings.get(tx);
  known?.push(work);
  return known !== undefined;
}

/** Makes a client's transactions do what `beforeCommit` was given. */
export function runEndings(prisma: PrismaClient): void {
  const begin = prisma.$transaction.bind(prisma) as (work: unknown, options?: object) => Promise<unknown>;
  const transaction = (work: unknown, options?: object) =>
    typeof work === "function"
      ? begin(async (tx: Tx) => {
          const asked: (() => Promise<void>)[] = [];
          endings.set(tx, asked);
          const result: unknown = await work(tx);
          // From here on nothing can be added to: what comes now would be lost.
          endings.delete(tx);
          for (const end of asked) await end();
          return result;
        }, options)
      : begin(work, options);
  prisma.$transaction = transaction as typeof prisma.$transaction;
}
