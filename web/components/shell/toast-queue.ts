/** A notice as a person's feed tells it. */
export interface ToastNotice {
  id: string;
  type: string;
  title: string;
  body: string;
  link: string | null;
}

/** Shows one notice, and calls `done` when it is gone from the screen. */
export type ShowToast = (notice: ToastNotice, done: () => void) => void;

/** Shows notices in their order, a few at a time: twenty recordings that end at once must not fill the screen. */
export function createToastQueue(show: ShowToast, mostAtOnce = 3): (notice: ToastNotice) => void {
  const waiting: ToastNotice[] = [];
  let shown = 0;
  const next = () => {
    if (shown >= mostAtOnce) return;
    const notice = waiting.shift();
    if (notice === undefined) return;
    shown += 1;
    let isGone = false;
    show(notice, () => {
      if (isGone) return;
      isGone = true;
      shown -= 1;
      next();
    });
  };
  return (notice) => {
    waiting.push(notice);
    next();
  };
}
