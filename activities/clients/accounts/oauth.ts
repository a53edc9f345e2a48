import { decodeJwt } from "jose";
import type { JWTPayload } from "jose";
import * as oauth from "oauth4webapi";
import { z } from "zod";
import { problemOfStatus } from "#domain/calendar/sync-problem.ts";
import { SyncFailed } from "../calendar/source.ts";
import { cappedFetch } from "../capped-fetch.ts";
import { ConsentFailed } from "./account-client.ts";
import type { AccountClient, ConsentSecrets, Grant, Tokens } from "./account-client.ts";
import { answered, failed } from "./provider-fetch.ts";

export interface OauthSettings {
  server: oauth.AuthorizationServer & { authorization_endpoint: string };
  clientId: string;
  clientSecret: string;
  /** Where people come back to. */
  redirectUri: string;
  /** Those that are asked for; a grant without one of `needed` is of no use. */
  scopes: readonly string[];
  needed: readonly string[];
  /** What this provider wants to be asked besides. */
  parameters: Record<string, string>;
  /** The issuer of an ID token that says this of itself, where that is not the server's. */
  issuerOf?: (claims: JWTPayload) => string;
}

type Oauth = Pick<AccountClient, "authorizationUrl" | "grantOf" | "refresh" | "revoke">;

const address = z.email().max(254).toLowerCase();
const Claims = z.object({
  sub: z.string().min(1).max(255),
  email: address.optional(),
  /** What a person signs in with, at Microsoft: their address where they have none besides. */
  preferred_username: address.optional().catch(undefined),
});

/** How long a token is taken to hold whose provider does not say it. */
const usualSeconds = 3_600;

/** Consent by the code flow with PKCE and a nonce (RFC 9700, OpenID Connect), its tokens and their end. */
export function createOauth(settings: OauthSettings): Oauth {
  const { server, redirectUri, scopes, needed } = settings;
  const client: oauth.Client = { client_id: settings.clientId };
  const secret = oauth.ClientSecretPost(settings.clientSecret);
  const options = (signal: AbortSignal) => ({
    signal,
    [oauth.customFetch]: cappedFetch,
    // An address of http is one that the operator set.
    [oauth.allowInsecureRequests]: server.issuer.startsWith("http:"),
  });
  /** The answer of the provider's server; what it cannot help, or says of its state, is told in our words. */
  const ask = (request: (signal: AbortSignal) => Promise<Response>) =>
    answered(async (deadline) => {
      const response = await request(deadline);
      if (response.status === 429 || response.status >= 500) {
        throw failed(problemOfStatus(response.status), response.headers);
      }
      // Read here, where the deadline holds.
      const { status, headers } = response;
      return new Response(await response.arrayBuffer(), { status, headers });
    });

  return {
    async authorizationUrl({ state, secrets: { verifier, nonce }, email }) {
      const url = new URL(server.authorization_endpoint);
      const query = {
        client_id: settings.clientId,
        redirect_uri: redirectUri,
        response_type: "code",
        scope: scopes.join(" "),
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        ...settings.parameters,
        ...(email === undefined ? {} : { login_hint: email }),
      };
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      return url.href;
    },

    async grantOf(parameters, state, { verifier, nonce }) {
      try {
        const checked = oauth.validateAuthResponse(server, client, parameters, state);
        const response = await ask((signal) =>
          oauth.authorizationCodeGrantRequest(server, client, secret, checked, redirectUri, verifier, options(signal)),
        );
        const checks = { expectedNonce: nonce, requireIdToken: true };
        const issuer = await issuerFor(response);
        const answer = await oauth.processAuthorizationCodeResponse(issuer, client, response, checks);
        const claims = Claims.parse(oauth.getValidatedIdTokenClaims(answer));
        return granted(answer, claims);
      } catch (error) {
        throw consentFailed(error);
      }
    },

    async refresh(refreshToken) {
      const response = await ask((signal) =>
        oauth.refreshTokenGrantRequest(server, client, secret, refreshToken, options(signal)),
      );
      try {
        return tokensOf(await oauth.processRefreshTokenResponse(await issuerFor(response), client, response));
      } catch (error) {
        if (error instanceof oauth.ResponseBodyError && consentEnded.has(error.error)) return null;
        // Such as a client that the provider does not know, or whose secret was replaced.
        if (error instanceof oauth.ResponseBodyError || error instanceof oauth.WWWAuthenticateChallengeError) {
          throw new SyncFailed("not_permitted", { cause: error });
        }
        if (error instanceof oauth.OperationProcessingError) throw new SyncFailed("damaged", { cause: error });
        throw error;
      }
    },

    async revoke(refreshToken) {
      if (server.revocation_endpoint === undefined) return;
      const response = await ask((signal) =>
        oauth.revocationRequest(server, client, secret, refreshToken, options(signal)),
      );
      // 400: there is nothing to be revoked any more.
      if (!response.ok && response.status !== 400) throw failed(problemOfStatus(response.status), response.headers);
    },
  };

  function granted(answer: oauth.TokenEndpointResponse, claims: z.infer<typeof Claims>): Grant {
    const { refreshToken, ...tokens } = tokensOf(answer);
    const given = (answer.scope?.split(" ") ?? scopes).map(scopeName);
    const isWhole = needed.every((scope) => given.includes(scopeName(scope)));
    if (refreshToken === null || !isWhole) throw new ConsentFailed("incomplete");
    const email = claims.email ?? claims.preferred_username;
    if (email === undefined) throw new ConsentFailed("unconfirmed");
    return { ...tokens, refreshToken, subject: claims.sub, email };
  }

  /** The server, as the ID token of its answer has to name it. */
  async function issuerFor(response: Response): Promise<oauth.AuthorizationServer> {
    const body =
      settings.issuerOf &&
      IdToken.safeParse(
        await response
          .clone()
          .json()
          .catch(() => null),
      ).data;
    if (settings.issuerOf === undefined || body === undefined) return server;
    return { ...server, issuer: settings.issuerOf(decodeJwt(body.id_token)) };
  }
}

const IdToken = z.object({ id_token: z.jwt() });

/** Some name a scope by its address, some by its last part, whichever was asked for. */
const scopeName = (scope: string) => scope.slice(scope.lastIndexOf("/") + 1).toLowerCase();

/** What is answered to a refresh token that only the person's new consent can replace. */
const consentEnded = new Set(["invalid_grant", "interaction_required", "consent_required", "login_required"]);

export const newSecrets = (): ConsentSecrets => ({
  verifier: oauth.generateRandomCodeVerifier(),
  nonce: oauth.generateRandomNonce(),
});

const tokensOf = ({ access_token, expires_in = usualSeconds, refresh_token }: oauth.TokenEndpointResponse): Tokens => ({
  accessToken: access_token,
  accessUntil: new Date(Date.now() + expires_in * 1000),
  refreshToken: refresh_token ?? null,
});

function consentFailed(error: unknown): unknown {
  if (error instanceof ConsentFailed) return error;
  if (error instanceof SyncFailed) return new ConsentFailed("unreachable", { cause: error });
  if (error instanceof oauth.AuthorizationResponseError) {
    return new ConsentFailed(error.error === "access_denied" ? "denied" : "unconfirmed", { cause: error });
  }
  const isTheirs =
    error instanceof oauth.ResponseBodyError ||
    error instanceof oauth.WWWAuthenticateChallengeError ||
    error instanceof oauth.OperationProcessingError ||
    error instanceof oauth.UnsupportedOperationError ||
    error instanceof z.ZodError;
  return isTheirs ? new ConsentFailed("unconfirmed", { cause: error }) : error;
}
