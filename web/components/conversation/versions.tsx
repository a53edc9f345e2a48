import { Link } from "react-router";
import type { RecordingData } from "../../pages/recordings/recording-data.ts";
import { isOver, summariserLabel } from "../runs/run-labels.ts";
import { Time } from "../ui/time.tsx";

/** Which reading is shown, who made it with what, and the others to choose from. */
export function Versions({ versions, shown }: { versions: RecordingData["versions"]; shown: number }) {
  const current = versions.find(({ version }) => version === shown);
  return (
    <div className="space-y-2 text-sm text-soft">
      {current === undefined ? null : (
        <p>
          {current.model === null ? "" : `Read by ${summariserLabel(current.model)}`}
          {current.completedAt === null ? null : (
            <>
              {", "}
              <Time at={current.completedAt} />
            </>
          )}
          {current.instructions === "" ? "" : ` · asked: “${current.instructions}”`}
        </p>
      )}
      {versions.length < 2 ? null : (
        <ul aria-label="Versions of the reading" className="flex flex-wrap gap-2">
          {versions.map((version) => (
            <li key={version.version}>
              <Version version={version} isShown={version.version === shown} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const chip = "inline-flex min-h-8 items-center rounded-full border border-line px-3";

function Version({
  version: { version, completedAt, run },
  isShown,
}: {
  version: RecordingData["versions"][number];
  isShown: boolean;
}) {
  if (completedAt !== null) {
    return (
      <Link
        to={`?version=${version}`}
        preventScrollReset
        aria-current={isShown ? "true" : undefined}
        className={`${chip} hover:text-ink aria-[current]:border-accent aria-[current]:text-accent-strong`}
      >
        Version {version}
      </Link>
    );
  }
  if (run !== null && run.status !== "failed" && isOver(run.status)) return null;
  return (
    <span className={`${chip} ${run?.status === "failed" ? "text-danger" : ""}`} title={run?.message ?? undefined}>
      Version {version}: {run?.status === "failed" ? "failed" : "being read…"}
    </span>
  );
}
