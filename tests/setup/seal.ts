import { createSealer, sealVariables } from "#records/seal.ts";

/** SEAL_KEYS of every process of the tests. */
export const testSealKeys = `test:${Buffer.alloc(32, 7).toString("base64")}`;

export const testSealer = createSealer(sealVariables.SEAL_KEYS.parse(testSealKeys));
