const mostKeys = 1_000;

/**
 * Names each creation for Recall, which answers a name it has seen within the hour with what it answered then, a refusal
 * too. A try whose outcome nobody knows is repeated under its name, and one that was refused is another's.
 * Source: docs.recall.ai `reference/idempotency` ("Idempotency and 507s").
 */
export function createTries() {
  const refused = new Map<string, number>();
  return {
    nameOf: (key: string): string => `${key}:${refused.get(key) ?? 0}`,
    wasRefused(key: string): void {
      const times = refused.get(key) ?? 0;
      // Those that were refused lately stay: the oldest goes.
      refused.delete(key);
      refused.set(key, times + 1);
      const oldest = refused.keys().next();
      if (refused.size > mostKeys && !oldest.done) refused.delete(oldest.value);
    },
  };
}
