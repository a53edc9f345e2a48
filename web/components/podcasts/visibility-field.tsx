import type { channelVisibilities } from "#domain/channels/channel.ts";
import { Select } from "../ui/field.tsx";

const words: Record<(typeof channelVisibilities)[number], string> = {
  public: "Whoever has its address",
  private: "Those with their own address",
};
const options = Object.entries(words).map(([value, said]) => ({ value, words: said }));

/** Whether the podcast's own address works. */
export const VisibilityField = ({ chosen, problem }: { chosen: string; problem: string | undefined }) => (
  <Select label="Who can listen" name="visibility" options={options} defaultValue={chosen} problem={problem} />
);
