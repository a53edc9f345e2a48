import { expect, test } from "vitest";
import { isKnownAddress } from "#records/accounts/known-addresses.ts";
import { sweepLimits } from "#records/accounts/rate-limit.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { post } from "../requests.ts";
import { cookieOf, startWeb } from "../server.ts";

const password = "correct horse battery";

/** A server that takes each address from its proxy, and people who try passwords there. */
async function startDoor(db: { url: string }) {
  const settings = { TRUST_PROXY: "1", SIGN_IN_BURST: "3", SIGN_IN_PER_MINUTE: "1" };
  const web = await startWeb(db, { settings });
  const send = (path: string, address: string, json: object, cookie = "") =>
    post(web, { headers: { cookie, origin: web.url } }, `/api/auth/${path}`, {
      json,
      headers: { "x-forwarded-for": address },
    });
  const signUp = async (name: string, address: string) => {
    const email = `${name}@example.com`;
    const made = await send("sign-up/email", address, { email, name, password });
    expect(made.status).toBe(200);
    return { email, cookie: cookieOf(made) };
  };
  const signIn = async (email: string, address: string, guess = password) =>
    (await send("sign-in/email", address, { email, password: guess })).status;
  return { send, signUp, signIn, [Symbol.asyncDispose]: () => web[Symbol.asyncDispose]() };
}

test("guesses from many addresses are slowed, and do not keep the owner out where they signed in before", async () => {
  await using db = await testDatabase();
  await using door = await startDoor(db);
  const ada = await door.signUp("ada", "198.51.100.7");
  await door.send("sign-out", "198.51.100.7", {}, ada.cookie);
  const answers: number[] = [];
  for (let host = 1; host <= 12; host++) {
    for (let turn = 0; turn < 3; turn++)
      answers.push(await door.signIn("Ada@example.com", `203.0.113.${host}`, "wrong"));
  }
  expect(answers).toEqual([...Array(30).fill(401), ...Array(6).fill(429)]);
  expect(await door.signIn(ada.email, "203.0.113.99")).toBe(429);
  expect(await door.signIn(ada.email, "198.51.100.7", "wrong")).toBe(401);
  expect(await door.signIn(ada.email, "198.51.100.7")).toBe(200);
});

test("who shares an address is not kept out by another's failures there; strangers to it are", async () => {
  await using db = await testDatabase();
  await using door = await startDoor(db);
  const ada = await door.signUp("ada", "198.51.100.7");
  const bob = await door.signUp("bob", "198.51.100.7");
  const eve = await door.signUp("eve", "203.0.113.1");
  for (const expected of [401, 401, 401, 429]) {
    expect(await door.signIn(ada.email, "198.51.100.7", "wrong")).toBe(expected);
  }
  expect(await door.signIn(ada.email, "198.51.100.7")).toBe(429);
  expect(await door.signIn(bob.email, "198.51.100.7")).toBe(200);
  expect(await door.signIn(eve.email, "198.51.100.7")).toBe(429);
  expect(await door.signIn(eve.email, "203.0.113.1")).toBe(200);
});

test("signing in to one's own account buys no guesses at others", async () => {
  await using db = await testDatabase();
  await using door = await startDoor(db);
  const ada = await door.signUp("ada", "198.51.100.7");
  const eve = await door.signUp("eve", "203.0.113.1");
  for (const expected of [401, 401, 401, 429]) {
    expect(await door.signIn(ada.email, "203.0.113.1", "wrong")).toBe(expected);
  }
  for (let turn = 0; turn < 3; turn++) expect(await door.signIn(eve.email, "203.0.113.1")).toBe(200);
  expect(await door.signIn("other@example.com", "203.0.113.1", "wrong")).toBe(429);
});

test.for(["change-password", "verify-password"])("%s spends the limit of sign-ins", async (path) => {
  await using db = await testDatabase();
  await using door = await startDoor(db);
  const { email, cookie } = await door.signUp("ada", "198.51.100.7");
  const tryPassword = async (guess: string) => {
    const json = { currentPassword: guess, password: guess, newPassword: "another horse battery" };
    return (await door.send(path, "198.51.100.7", json, cookie)).status;
  };
  expect(await door.signIn(email, "198.51.100.7", "wrong")).toBe(401);
  expect([await tryPassword("wrong"), await tryPassword("wrong")]).toEqual([400, 400]);
  expect(await tryPassword(password)).toBe(429);
  expect(await door.signIn(email, "198.51.100.7")).toBe(429);
});

test("a changed password ends the trust in every address but the one it was changed from", async () => {
  await using db = await testDatabase();
  await using door = await startDoor(db);
  const ada = await door.signUp("ada", "203.0.113.50");
  expect(await door.signIn(ada.email, "198.51.100.7")).toBe(200);
  const json = { currentPassword: password, newPassword: "another horse battery" };
  expect((await door.send("change-password", "198.51.100.7", json, ada.cookie)).status).toBe(200);
  const known = await db.prisma.knownAddress.findMany({ select: { address: true } });
  expect(known).toEqual([{ address: "198.51.100.7" }]);
});

test("an address where nobody signed in for half a year is known no longer, and then not kept", async () => {
  await using db = await testDatabase();
  await using door = await startDoor(db);
  const ada = await door.signUp("ada", "198.51.100.7");
  const known = () => isKnownAddress(db.prisma, { email: ada.email, address: "198.51.100.7" });
  await sweepLimits(db.prisma);
  expect(await known()).toBe(true);
  await db.prisma.knownAddress.updateMany({ data: { seenAt: new Date(Date.now() - 181 * 86_400_000) } });
  expect(await known()).toBe(false);
  await sweepLimits(db.prisma);
  expect(await db.prisma.knownAddress.count()).toBe(0);
});
