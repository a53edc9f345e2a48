import { rm } from "node:fs/promises";
import type { Scenario } from "./scenario.ts";
import { newFolder, startProgram } from "./stack/stack.ts";

/** `npm start` to `ready:`, on an empty data folder and on the same folder again; programs and models are in place. */
export const startup: Scenario = {
  name: "startup",
  title: "npm start → ready",
  async run({ say }) {
    const folder = await newFolder();
    const once = async () => {
      await using program = await startProgram({ folder, say: () => {} });
      return program.readyMs / 1000;
    };
    try {
      say("empty data folder");
      const cold = await once();
      say("the same folder again");
      const warm = await once();
      return [
        { label: "empty data folder", value: cold, unit: "s" },
        { label: "second start", value: warm, unit: "s" },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
