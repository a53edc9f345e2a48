import type { JobsClient } from "#bench/naive/channels/client.ts";
import type { Answer } from "../system.ts";

/** What a job does that a scenario holds up, fails or counts; analysis is two pieces of work. */
export type Step = "download" | "analysis" | "upload";
export type Person = "owner" | "stranger";

/**
 * A design of channels behind the operations that its weak points show by. Each design has a driver that fulfils this; the
 * scenarios know nothing else of it. Every scenario gets a system of its own, with a database of its own.
 */
export interface JobsSystem extends AsyncDisposable {
  /** How long a scenario waits for what has to come; above what the system needs on a busy machine. */
  patienceMs: number;
  /** The owner adds the channel, whose source holds what was laid there before; gives its id. */
  addAgent(): Promise<string>;
  /** The source holds a video of long ago. */
  lay(title: string): void;
  /** The source publishes a video and tells of it. */
  publish(agentId: string, title: string): Promise<void>;
  /** The owner orders what was published since 2024; resolves when that is answered, whatever the answer. */
  backfill(agentId: string): Promise<void>;
  /** From now on the source answers that it is gone. */
  loseSource(): void;

  /** Lets so many of these pass from now on, and holds up what follows until it is released. */
  hold(step: Step, after?: number): void;
  release(): void;
  failNext(step: Step, times: number): void;
  /** How often it was begun. */
  timesOf(step: Step): number;

  /** The words that were there for the analysis of the channel's only job. */
  wordsOf(agentId: string): Promise<string>;
  /** The reference design's own client, as this person's. */
  watch(agentId: string, who?: Person): JobsClient;
  ask(path: string, who?: Person): Promise<Answer>;
  /** A page of the owner's, whose components share its connection. */
  screen(): Screen;
}

export interface Screen {
  /** A component appears that follows a channel. */
  mount(agentId: string): Component;
}

export interface Component {
  isReady(): boolean;
  /** How many jobs at work it shows. */
  jobs(): number;
  /** The names of the events that changed something on it. */
  handled: readonly string[];
  unmount(): void;
}
