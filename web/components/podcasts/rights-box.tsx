import { useId } from "react";
import { CheckBox } from "../ui/check-box.tsx";

interface RightsBoxProps {
  /** Of what it is said. */
  label: string;
  isTicked: boolean;
  problem: string | undefined;
}

/** Who adds a channel says that it may be republished. */
export function RightsBox({ label, isTicked, problem }: RightsBoxProps) {
  const id = useId();
  return (
    <div className="space-y-1.5">
      <CheckBox
        name="rights"
        required
        defaultChecked={isTicked}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        label={label}
        hint="It is yours, its licence allows it, or whoever owns it has agreed."
      />
      {problem ? (
        <p id={`${id}-problem`} className="text-sm text-danger">
          {problem}
        </p>
      ) : null}
    </div>
  );
}
