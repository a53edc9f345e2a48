/** How menus look, wherever they open. */
export const menuPopup =
  "min-w-44 rounded-xl border border-line bg-card p-1.5 text-sm shadow-lift outline-none data-[starting-style]:opacity-0 transition-opacity";
export const menuItem =
  "flex min-h-9 cursor-pointer items-center gap-2.5 rounded-lg px-2.5 outline-none select-none data-[highlighted]:bg-accent-wash data-[highlighted]:text-accent-strong";
