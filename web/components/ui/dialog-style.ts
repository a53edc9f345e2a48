/** How dialogs look, and what lies behind them. */
export const backdrop = "fixed inset-0 z-40 bg-shade transition-opacity data-[starting-style]:opacity-0";
export const dialogPopup =
  "fixed top-1/2 left-1/2 z-50 max-h-[90dvh] w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-2xl border border-line bg-card p-6 shadow-lift transition-opacity data-[starting-style]:opacity-0";
