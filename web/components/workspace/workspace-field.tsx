import { Select } from "../ui/field.tsx";

interface WorkspaceFieldProps {
  label?: string;
  /** Those that the person may write to; with one there is nothing to choose. */
  workspaces: readonly { id: string; name: string }[];
  /** The one that is chosen before anybody does; the first where left out. */
  chosen?: string | undefined;
  problem?: string | undefined;
}

/** Which workspace something new goes to, as the form's `workspaceId`. */
export function WorkspaceField({ label = "Workspace", workspaces, chosen, problem }: WorkspaceFieldProps) {
  const [only, ...others] = workspaces;
  if (only === undefined) return null;
  if (others.length === 0) return <input type="hidden" name="workspaceId" value={only.id} />;
  const options = workspaces.map(({ id, name }) => ({ value: id, words: name }));
  return <Select label={label} name="workspaceId" options={options} defaultValue={chosen} problem={problem} />;
}
