import { Link, useSearchParams } from "react-router";

interface NumberPagerProps {
  /** Of the page's number in the address. */
  name: string;
  label: string;
  page: number;
  totalPages: number;
}

/** The way to the newer and the older page of a list whose pages have numbers. */
export function NumberPager({ name, label, page, totalPages }: NumberPagerProps) {
  const [params] = useSearchParams();
  if (totalPages < 2 && page === 1) return null;
  const linkTo = (target: number, words: string) => {
    const next = new URLSearchParams(params);
    if (target === 1) next.delete(name);
    else next.set(name, String(target));
    return (
      <Link to={`?${next}`} preventScrollReset className="link inline-flex min-h-9 items-center">
        {words}
      </Link>
    );
  };
  return (
    <nav aria-label={label} className="flex items-center justify-between gap-3 text-sm">
      {page > 1 ? linkTo(Math.min(page - 1, Math.max(totalPages, 1)), "Newer") : <span />}
      <span className="figures text-soft">
        Page {page} of {Math.max(totalPages, 1)}
      </span>
      {page < totalPages ? linkTo(page + 1, "Older") : <span />}
    </nav>
  );
}
