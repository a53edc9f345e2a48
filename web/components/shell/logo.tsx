/** The product's mark: a ring that opens towards three voices. */
export function Mark({ className = "size-8" }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="8" fill="#14594a" />
      <path d="M22.5 10.2a8 8 0 1 0 0 11.6" fill="none" stroke="#fffefb" strokeWidth="2.6" strokeLinecap="round" />
      <path d="M12.5 14v4M16 11.5v9M19.5 14v4" stroke="#a3e2cb" strokeWidth="2.2" strokeLinecap="round" />
    </svg>
  );
}
