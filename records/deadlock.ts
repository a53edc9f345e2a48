import { Prisma } from "#prisma/generated/client.ts";

const mostTimes = 3;

/** Does a transaction anew where Postgres ended it to break a deadlock with another: nothing of it is left then. */
export async function againAfterDeadlock<T>(transaction: () => Promise<T>): Promise<T> {
  for (let time = 1; ; time += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (time === mostTimes || !isDeadlock(error)) throw error;
    }
  }
}

// Prisma has a code for it where a query is its own, and Postgres's in the words where it is raw.
const isDeadlock = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && (error.code === "P2034" || /40P01/.test(error.message));
