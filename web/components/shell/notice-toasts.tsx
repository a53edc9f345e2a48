import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { NoticeLink } from "./notice-link.tsx";
import { createToastQueue } from "./toast-queue.ts";
import type { ToastNotice } from "./toast-queue.ts";

const manager = Toast.createToastManager<ToastNotice>();
const isFailure = ({ type }: ToastNotice) => type.endsWith("failed");

/** Shows a notice for some seconds. It stays among the notifications in any case. */
export const showToast = createToastQueue((notice, onRemove) => {
  manager.add({
    id: notice.id,
    data: notice,
    title: notice.title,
    description: notice.body,
    priority: isFailure(notice) ? "high" : "low",
    timeout: isFailure(notice) ? 15_000 : 8_000,
    onRemove,
  });
});

/** Where notices appear when they come, over everything else: at the top on phones, else away from a page's head. */
export function NoticeToasts() {
  return (
    <Toast.Provider toastManager={manager}>
      <Toast.Portal>
        <Toast.Viewport aria-label="New notifications" className="toasts z-50 flex flex-col gap-2">
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Toasts() {
  const { toasts, close } = Toast.useToastManager<ToastNotice>();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection={["right", "up", "down"]}
      className={`rounded-xl border bg-card p-4 shadow-lift transition-opacity data-[ending-style]:opacity-0 data-[starting-style]:opacity-0 ${toast.data !== undefined && isFailure(toast.data) ? "border-danger" : "border-line"}`}
    >
      <Toast.Content className="flex items-start gap-2">
        <div className="min-w-0 flex-1 space-y-1 text-sm">
          <Toast.Title render={<p />} className="font-semibold break-words" />
          <Toast.Description className="text-soft" />
          {toast.data?.link ? (
            <NoticeLink
              id={toast.data.id}
              to={toast.data.link}
              onFollow={() => close(toast.id)}
              className="link inline-block py-1"
            >
              Open<span className="sr-only">: {toast.title}</span>
            </NoticeLink>
          ) : null}
        </div>
        <Toast.Close
          aria-label="Dismiss"
          className="-m-1.5 grid size-11 shrink-0 place-items-center rounded-lg text-soft hover:bg-sunken"
        >
          <X size={16} aria-hidden="true" />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}
