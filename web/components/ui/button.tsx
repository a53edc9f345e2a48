import type { ComponentProps, SyntheticEvent } from "react";

type Look = "primary" | "plain" | "quiet" | "danger";

const looks: Record<Look, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  plain: "border border-edge bg-card text-ink hover:bg-sunken",
  quiet: "text-soft hover:bg-sunken hover:text-ink",
  danger: "border border-danger text-danger hover:bg-danger-wash",
};

/** The classes of a button, for links that look like one. */
export const buttonClass = (look: Look) =>
  `inline-flex min-h-10 items-center justify-center gap-2 rounded-lg px-4 py-2 text-sm font-medium transition-colors disabled:opacity-50 aria-disabled:opacity-50 ${looks[look]}`;

export function Button({ look = "plain", className = "", ...rest }: ComponentProps<"button"> & { look?: Look }) {
  const { disabled = false, type = "button" } = rest;
  // What sends a form is pressed in vain meanwhile, and keeps the focus: `disabled` would take it away for good.
  const inVain =
    disabled && type === "submit" ? { disabled: false, "aria-disabled": true, onClick: preventDefault } : {};
  return <button type="button" {...rest} {...inVain} className={`${buttonClass(look)} ${className}`} />;
}

const preventDefault = (event: SyntheticEvent) => event.preventDefault();

/** A square button that shows an icon only; `label` is its name for everybody. */
export function IconButton({ label, className = "", ...rest }: ComponentProps<"button"> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`inline-grid size-9 shrink-0 place-items-center rounded-lg text-soft transition-colors hover:bg-sunken hover:text-ink disabled:opacity-40 ${className}`}
    />
  );
}
