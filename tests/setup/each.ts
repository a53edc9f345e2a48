import { afterEach, beforeEach } from "vitest";

const write = console.error;
let unexpected: string[] = [];
/** More than one where tests of a file run beside one another; any of them then answers for what went wrong. */
let running = 0;

beforeEach(() => {
  running += 1;
  if (running > 1) return;
  unexpected = [];
  console.error = (...args: unknown[]) => {
    unexpected.push(args.map(String).join(" "));
    write(...args);
  };
});

// Something that went wrong beside the assertions is a failure too. A test that expects an error replaces
// console.error by a spy of its own.
afterEach(() => {
  running -= 1;
  if (running === 0) console.error = write;
  const found = unexpected;
  unexpected = [];
  if (found.length > 0) throw new Error(`console.error was called: ${found.join("; ")}`);
});
