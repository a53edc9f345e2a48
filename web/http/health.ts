import { connect } from "node:net";
import type { RequestHandler } from "express";
import { Router } from "express";
import { databaseState } from "#prisma/migration-state.ts";
import type { WebDeps } from "../deps.ts";
import { otherMethods } from "./methods.ts";

export interface Lifecycle {
  /** Whether this process is going down; readiness is taken back at once, so that a balancer looks elsewhere. */
  isStopping: boolean;
  /** Errors that nothing caught: with any, the process serves on but is to be replaced. */
  faults: number;
}

/**
 * `/healthz`: the process lives (`degraded` after errors that nothing caught). `/readyz`: it can serve. Uploads work
 * without Temporal, so that only is told.
 */
export function createHealth({ env, prisma }: Pick<WebDeps, "env" | "prisma">, lifecycle: Lifecycle): Router {
  const readiness: RequestHandler = async (_request, response) => {
    const [database, temporal] = await Promise.all([databaseState(prisma), reachable(env.TEMPORAL_ADDRESS)]);
    const isReady = database === "ok" && !lifecycle.isStopping;
    response.status(isReady ? 200 : 503).json({
      status: lifecycle.isStopping ? "stopping" : isReady ? "ready" : "not ready",
      database,
      temporal: temporal ? "ok" : "unreachable",
    });
  };
  const router = Router();
  router.get("/healthz", (_request, response) => {
    const { faults } = lifecycle;
    response.json(faults === 0 ? { status: "ok" } : { status: "degraded", faults });
  });
  router.get("/readyz", readiness);
  router.all(["/healthz", "/readyz"], otherMethods(["GET"]));
  return router;
}

/** Whether something takes connections there; that it is Temporal is the worker's to know. */
function reachable(address: string): Promise<boolean> {
  const [, host = "", port = "7233"] = /^(.*?)(?::(\d+))?$/.exec(address) ?? [];
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ""), port: Number(port), timeout: 1_000 });
    const end = (isReachable: boolean) => () => {
      socket.destroy();
      resolve(isReachable);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}
