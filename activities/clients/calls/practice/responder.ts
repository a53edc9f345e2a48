/** A line of the conversation, as the agent remembers it. */
export interface Line {
  speaker: "user" | "agent";
  text: string;
}

/** What makes an agent's replies. Never throws, except the signal's reason once it is aborted. */
export interface Responder {
  /**
   * The reply to a conversation, the oldest line first, in pieces as they come. The last line is a person's; an empty
   * conversation asks for the first words of the call.
   */
  reply(lines: readonly Line[], signal: AbortSignal): AsyncIterable<string>;
}
