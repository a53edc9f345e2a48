import { z } from "zod";
import { commaList } from "../comma-list.ts";

/** As links have it: a name, with a port where it is not the usual one. */
const isHost = (host: string) => URL.canParse(`https://${host}`) && new URL(`https://${host}`).host === host;

/** The variable by which both processes know the Jitsi servers that are one's own. */
export const jitsiVariables = {
  JITSI_HOSTS: commaList()
    .pipe(z.array(z.string().refine(isHost, "not a host such as meet.example.org or meet.example.org:8443")))
    .describe("Hosts of Jitsi servers of one's own, by commas, whose links are known as meetings"),
};
