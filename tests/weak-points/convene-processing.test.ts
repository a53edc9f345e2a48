import { expect, test } from "vitest";
import { startConveneSystem } from "./convene.ts";
import { testConvene, withinMs } from "./convene-scenarios.ts";
import { ordinaryMeeting } from "./scenarios.ts";
import { processing } from "./scenarios/processing.ts";

test("Convene passes an ordinary meeting", { timeout: withinMs }, async () => {
  await using system = await startConveneSystem();
  await expect(ordinaryMeeting(system)).resolves.toBeUndefined();
});

testConvene(processing);
