import { createContext, use } from "react";

const NonceContext = createContext("");

/** Gives the response's CSP nonce to the scripts of the document; empty in the browser, which hides nonces. */
export const NonceProvider = NonceContext.Provider;
export const useNonce = () => use(NonceContext);
