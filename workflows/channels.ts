import { reading, sweeps } from "./policies.ts";

/** Started by a schedule each minute: looks at the channels whose time has come. */
export async function channelPass(): Promise<void> {
  await sweeps.checkDueChannels();
}

/** One channel's check, because a person asked for it or added it just now. */
export async function channelCheck({ channelId }: { channelId: string }): Promise<void> {
  await reading.checkChannel({ channelId });
}
