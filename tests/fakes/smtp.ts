import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

export interface Letter {
  to: string;
  /** Head and body, decoded so far that its words can be found. */
  text: string;
}

/** A mail server that takes every letter, or refuses the first ones with a passing failure. */
export async function startSmtp({ refuse = 0 } = {}) {
  const letters: Letter[] = [];
  let left = refuse;
  const server = createServer((socket) => {
    let to = "";
    let body: string | null = null;
    let rest = "";
    const say = (line: string) => socket.write(`${line}\r\n`);
    const hear = (line: string) => {
      if (body !== null) {
        if (line !== ".") {
          body += `${line}\n`;
          return;
        }
        letters.push({ to, text: decoded(body) });
        body = null;
        say("250 taken");
      } else if (/^EHLO|^HELO/i.test(line)) say("250 fake");
      else if (/^RCPT TO:<(.*)>/i.test(line)) {
        to = /<(.*)>/.exec(line)?.[1] ?? "";
        say(left-- > 0 ? "451 try again later" : "250 ok");
      } else if (/^DATA/i.test(line)) {
        body = "";
        say("354 go on");
      } else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n");
      else say("250 ok");
    };
    socket.setEncoding("utf8");
    socket.on("error", () => {});
    socket.on("data", (chunk: string) => {
      const lines = `${rest}${chunk}`.split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) hear(line);
    });
    say("220 fake");
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    letters,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** Quoted-printable, as short letters that are mostly ASCII come. */
const decoded = (body: string) =>
  Buffer.from(
    body
      .replaceAll("=\n", "")
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  ).toString("utf8");
