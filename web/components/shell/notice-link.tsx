import type { ReactNode } from "react";
import { Link, href, useFetcher } from "react-router";

interface NoticeLinkProps {
  /** The notice's id, while it is unread. */
  id: string | null;
  to: string;
  className: string;
  onFollow?: () => void;
  children: ReactNode;
}

/** The way to what a notice tells of; who takes it, also into another tab, has read the notice. */
export function NoticeLink({ id, to, className, onFollow, children }: NoticeLinkProps) {
  const fetcher = useFetcher();
  const open = () => {
    if (id !== null) void fetcher.submit({ id }, { method: "post", action: href("/notifications") });
    onFollow?.();
  };
  return (
    <Link to={to} className={className} onClick={open} onAuxClick={({ button }) => (button === 1 ? open() : undefined)}>
      {children}
    </Link>
  );
}
