import { afterEach, beforeEach } from "vitest";

const write = console.error;
let unexpected: string[] = [];

beforeEach(() => {
  unexpected = [];
  console.error = (...args: unknown[]) => {
    unexpected.push(args.map(String).join(" "));
    write(...args);
  };
});

// Something that went wrong beside the assertions is a failure too. A test that expects an error replaces
// console.error by a spy of its own.
afterEach(() => {
  console.error = write;
  if (unexpected.length > 0) throw new Error(`console.error was called: ${unexpected.join("; ")}`);
});
