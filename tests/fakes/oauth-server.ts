import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { SignJWT, generateKeyPair } from "jose";

export interface OauthPerson {
  sub: string;
  email: string;
}

interface Code {
  person: OauthPerson;
  challenge: string;
  redirectUri: string;
  nonce: string;
  scope: string;
}

const jsonType = { "content-type": "application/json" };

export const client = { id: "convene.apps.example.com", secret: "GOCSPX-secret" };

interface Manners {
  issuer: () => string;
  /** What the ID token says besides. */
  claims?: Record<string, unknown>;
  /** Whether it says who it is where the browser comes back (RFC 9207). */
  namesItself?: boolean;
  /** Whether a refresh token is good once, and is replaced by its answer. */
  rotates?: boolean;
  /** As the scopes are named in the answer. */
  scopeOf?: (asked: string) => string;
}

/**
 * A provider's sign-in as far as a web server meets it: `auth` asks the person, `token` and `revoke` are for programs. Codes
 * are good once and with their PKCE verifier only.
 */
export async function createFakeOauth({
  issuer,
  claims = {},
  namesItself = true,
  rotates = false,
  scopeOf = (asked) => asked,
}: Manners) {
  const { privateKey } = await generateKeyPair("RS256");
  const codes = new Map<string, Code>();
  /** Refresh tokens and access tokens with who they speak for. */
  const grants = new Map<string, OauthPerson>();
  const access = new Map<string, { refresh: string; until: number }>();
  const state = {
    /** Who sits at the browser; nobody says no. */
    person: null as OauthPerson | null,
    /** What the person leaves of what is asked for. */
    granted: (scope: string) => scope,
    accessSeconds: 3_600,
    /** What the token's answer becomes, to be wrong. */
    claims: {} as Record<string, unknown>,
    refreshes: 0,
    revoked: [] as string[],
    /** Answers instead of the token's and the revocation's. */
    fail: null as { status: number; body: string } | null,
  };

  function auth(url: URL, response: ServerResponse) {
    const query = url.searchParams;
    const asked = Object.fromEntries(query);
    const isWhole =
      asked["client_id"] === client.id &&
      asked["response_type"] === "code" &&
      asked["code_challenge_method"] === "S256" &&
      ["redirect_uri", "state", "nonce", "code_challenge", "scope"].every((name) => asked[name]);
    if (!isWhole) return void response.writeHead(400).end("Error 400: invalid_request");
    const back = new URL(asked["redirect_uri"] ?? "");
    back.searchParams.set("state", asked["state"] ?? "");
    if (namesItself) back.searchParams.set("iss", issuer());
    if (state.person === null) back.searchParams.set("error", "access_denied");
    else {
      const code = `4/${randomUUID()}`;
      codes.set(code, {
        person: state.person,
        challenge: asked["code_challenge"] ?? "",
        redirectUri: asked["redirect_uri"] ?? "",
        nonce: asked["nonce"] ?? "",
        scope: state.granted(scopeOf(asked["scope"] ?? "")),
      });
      back.searchParams.set("code", code);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  async function token(request: IncomingMessage, response: ServerResponse) {
    const form = new URLSearchParams(await text(request));
    const json = (status: number, body: object) => void response.writeHead(status, jsonType).end(JSON.stringify(body));
    if (state.fail !== null) return void response.writeHead(state.fail.status, jsonType).end(state.fail.body);
    if (form.get("client_id") !== client.id || form.get("client_secret") !== client.secret) {
      return json(401, { error: "invalid_client" });
    }
    if (form.get("grant_type") === "refresh_token") {
      state.refreshes += 1;
      const refresh = form.get("refresh_token") ?? "";
      if (!grants.has(refresh))
        return json(400, { error: "invalid_grant", error_description: "Token has been revoked." });
      const next = rotates ? newRefresh(grants.get(refresh)!) : refresh;
      if (rotates) grants.delete(refresh);
      const rotated = rotates ? { refresh_token: next, id_token: await idToken(grants.get(next)!, {}) } : {};
      return json(200, { ...newAccess(next), ...rotated, token_type: "Bearer" });
    }
    const code = codes.get(form.get("code") ?? "");
    codes.delete(form.get("code") ?? "");
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (code?.challenge !== challenge || code.redirectUri !== form.get("redirect_uri")) {
      return json(400, { error: "invalid_grant" });
    }
    const { nonce, scope, person } = code;
    const refresh = newRefresh(person);
    const identity = await idToken(person, { nonce });
    json(200, { ...newAccess(refresh), refresh_token: refresh, scope, id_token: identity, token_type: "Bearer" });
  }

  const idToken = (person: OauthPerson, more: Record<string, unknown>) =>
    new SignJWT({ email: person.email, ...claims, ...more, ...state.claims })
      .setProtectedHeader({ alg: "RS256" })
      .setIssuer(issuer())
      .setAudience(client.id)
      .setSubject(person.sub)
      .setIssuedAt()
      .setExpirationTime("1h")
      .sign(privateKey);

  function newRefresh(person: OauthPerson) {
    const refresh = `1//${randomUUID()}`;
    grants.set(refresh, person);
    return refresh;
  }

  function newAccess(refresh: string) {
    const accessToken = `ya29.${randomUUID()}`;
    access.set(accessToken, { refresh, until: Date.now() + state.accessSeconds * 1000 });
    return { access_token: accessToken, expires_in: state.accessSeconds };
  }

  async function revoke(request: IncomingMessage, response: ServerResponse) {
    const token = new URLSearchParams(await text(request)).get("token") ?? "";
    if (state.fail !== null) return void response.writeHead(state.fail.status, jsonType).end(state.fail.body);
    const person = grants.get(token);
    if (person === undefined) {
      return void response.writeHead(400, jsonType).end('{"error":"invalid_token"}');
    }
    state.revoked.push(token);
    withdraw(person.email);
    response.writeHead(200, jsonType).end("{}");
  }

  /** A person takes back what they allowed, as on their account's page: all of it at once. */
  function withdraw(email: string) {
    for (const [refresh, person] of grants) if (person.email === email) grants.delete(refresh);
  }

  return {
    state,
    auth,
    token,
    revoke,
    withdraw,
    /** Makes access tokens useless before their time. */
    forgetAccess: () => access.clear(),
    /** For whom a request's token speaks; null: it is none. */
    personOf(request: IncomingMessage): OauthPerson | null {
      const found = access.get(request.headers.authorization?.replace(/^Bearer /, "") ?? "");
      return found === undefined || found.until < Date.now() ? null : (grants.get(found.refresh) ?? null);
    },
  };
}
