import type { Prisma, PrismaClient } from "#prisma/generated/client.ts";

/** Anything that can run queries: the client itself or an open transaction. */
export type Db = PrismaClient | Prisma.TransactionClient;
export type Tx = Prisma.TransactionClient;
export type { PrismaClient } from "#prisma/generated/client.ts";

/** The unique key that a failed insert ran into, or null when the error is another one. */
export function isUniqueViolation(error: unknown): boolean {
  return hasCode(error, "P2002");
}

/** A row that a query needed was not there (deleted meanwhile, for one). */
export function isMissingRow(error: unknown): boolean {
  return hasCode(error, "P2025") || hasCode(error, "P2003");
}

const hasCode = (error: unknown, code: string) =>
  typeof error === "object" && error !== null && "code" in error && error.code === code;

/**
 * A consistent picture for a reader: every query inside sees the same instant, so rows and the feed's sequence
 * number read together belong together.
 */
export function readAtOneInstant<T>(prisma: PrismaClient, read: (tx: Tx) => Promise<T>): Promise<T> {
  return prisma.$transaction(
    async (tx) => {
      await tx.$executeRaw`SET TRANSACTION READ ONLY`;
      return read(tx);
    },
    { isolationLevel: "RepeatableRead" },
  );
}
