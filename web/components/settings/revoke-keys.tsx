/** Whether a new password ends the person's API keys too: field `revokeKeys`, "yes" or left out. */
export function RevokeKeys() {
  return (
    <label className="flex min-h-6 items-start gap-3 text-sm">
      <input
        type="checkbox"
        name="revokeKeys"
        value="yes"
        defaultChecked
        className="mt-0.5 size-5 shrink-0 accent-accent"
      />
      Also revoke my API keys
    </label>
  );
}
