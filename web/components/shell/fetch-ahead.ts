import { useEffect } from "react";

interface Manifest {
  routes: Record<string, { module: string; imports?: readonly string[] } | undefined>;
}

/**
 * Fetches the code of every page once the first one stands, so that a link needs nothing but its data: code that does
 * not come would lead out of the page. Not where the person wants data to be saved.
 */
export function useFetchAhead() {
  useEffect(() => {
    if (!import.meta.env.PROD || wantsLess()) return;
    const begin = () => {
      const manifest = (globalThis as { __reactRouterManifest?: Manifest }).__reactRouterManifest;
      const routes = Object.values(manifest?.routes ?? {});
      const addresses = routes.flatMap((route) => (route ? [route.module, ...(route.imports ?? [])] : []));
      for (const href of new Set(addresses)) {
        if (document.head.querySelector(`link[rel="modulepreload"][href="${CSS.escape(href)}"]`)) continue;
        const link = Object.assign(document.createElement("link"), { rel: "modulepreload", href });
        document.head.append(link);
      }
    };
    const timer = setTimeout(begin, 1000);
    return () => clearTimeout(timer);
  }, []);
}

const wantsLess = () =>
  "connection" in navigator && (navigator.connection as { saveData?: boolean } | undefined)?.saveData === true;
