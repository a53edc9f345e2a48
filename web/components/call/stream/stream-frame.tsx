import { StreamTheme } from "@stream-io/video-react-sdk";
import type { ReactNode } from "react";
import "@stream-io/video-react-sdk/dist/css/styles.css";

/** The theme that Stream Video's own parts need around them. */
export const StreamFrame = ({ children }: { children: ReactNode }) => <StreamTheme>{children}</StreamTheme>;
