import { summariserLabel } from "../runs/run-labels.ts";
import { Section } from "./section.tsx";

/** What does the work behind the results, and what would change it. */
export function Engines({ analysis, speakers, speech }: Record<"analysis" | "speakers" | "speech", string | null>) {
  return (
    <Section title="What does the work" lead="As seen in your newest results.">
      <dl className="panel divide-y divide-line text-sm">
        <Row name="Recognising speech" value={speech === null ? "Nothing heard yet" : engineWords(speech)} />
        <Row name="Summaries" value={analysis === null ? "Nothing read yet" : summariserLabel(analysis)} />
        <Row name="Telling speakers apart" value={speakers === null ? "Nothing heard yet" : methodWords(speakers)} />
      </dl>
      <p className="text-sm text-soft">
        Without an account everything runs on this server: speech recognition understands English, and the reader quotes
        instead of rephrasing. Setting <code className="font-mono">OPENAI_API_KEY</code> for the worker, or{" "}
        <code className="font-mono">OPENAI_BASE_URL</code> for a compatible server, makes its models do both, in other
        languages too.
      </p>
    </Section>
  );
}

const methods: Record<string, string> = {
  embedded: "by voice, on this server",
  provider: "by the speech service",
  channels: "by audio channel",
};
const methodWords = (method: string) => methods[method] ?? method;

const engineWords = (model: string) => (model === "moonshine-tiny" ? "Moonshine tiny, on this server" : model);

function Row({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-6 px-4 py-3">
      <dt className="text-soft">{name}</dt>
      <dd className="font-medium">{value}</dd>
    </div>
  );
}
