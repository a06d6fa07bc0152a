import { isHttpFailure, type HttpFailure, type HttpResponse } from "../ports/http.ts";
import type { AirflowApp } from "./airflow-app.ts";
import { findAirflowLogins, type NamedLogin } from "../topology/find-airflow-logins.ts";
import { createProofUser, readSimpleLogins, type AirflowLogin } from "./airflow-login.ts";
import { pollFor, type ProofContext } from "./proof-context.ts";
import { rememberSession } from "./session-journal.ts";

/** 2.x takes 5 logins in 40 s and answers 429 to more (`[webserver] auth_rate_limit`). */
const rateLimitMs = 45_000;

/** A login to Airflow's REST interface that worked. */
export interface AirflowApi {
  /** Who is logged in, for people. */
  readonly as: string;
  request(method: "GET" | "POST", path: string, body?: unknown): Promise<HttpResponse | HttpFailure>;
}

/**
 * Logs in to Airflow's API: with what the project names, what the simple auth manager generated, else as a user made for
 * this proof. A reason instead when nothing worked.
 */
export async function openAirflowApi(
  context: ProofContext,
  airflow: AirflowApp,
  proofUser: string,
): Promise<AirflowApi | { readonly reason: string }> {
  if (airflow.api === undefined) return { reason: `${airflow.id} has no running API server` };
  const app = context.session.topology.apps.find((one) => one.id === airflow.id);
  const roles = Object.values(context.session.topology.services);
  const own = roles.filter(({ service }) => app?.services.includes(service) === true);
  const known = [...(await readSimpleLogins(airflow)), ...findAirflowLogins(own).map(asLogin)];
  const reasons: string[] = [];
  for (const login of known) {
    const api = await logIn(context, airflow, login);
    if ("request" in api) return api;
    reasons.push(`${login.user} (${login.from}): ${api.reason}`);
  }
  const open = airflow.major >= 3 ? await logInAsEverybody(context, airflow) : undefined;
  if (open !== undefined) return open;
  context.signal.throwIfAborted();
  const made = await createProofUser(context, airflow, proofUser);
  if (made === undefined) return { reason: ["no user could be made", ...reasons].join("; ") };
  const api = await logIn(context, airflow, made);
  return "request" in api ? api : { reason: [...reasons, `${made.from}: ${api.reason}`].join("; ") };
}

function logIn(
  context: ProofContext,
  airflow: AirflowApp,
  login: AirflowLogin,
): Promise<AirflowApi | { readonly reason: string }> {
  return airflow.major >= 3 ? logInForToken(context, airflow, login) : logInByForm(context, airflow, login);
}

/** 3.x: `POST /auth/token` of the FAB and the simple auth manager. */
async function logInForToken(
  context: ProofContext,
  airflow: AirflowApp,
  login: AirflowLogin,
): Promise<AirflowApi | { readonly reason: string }> {
  const answer = await ask(context, airflow, {
    method: "POST",
    path: "/auth/token",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: login.user, password: login.password }),
  });
  return withToken(context, airflow, answer, `${login.user} (${login.from})`);
}

/** 3.x with `[core] simple_auth_manager_all_admins`: everybody gets a token. */
async function logInAsEverybody(context: ProofContext, airflow: AirflowApp): Promise<AirflowApi | undefined> {
  const answer = await ask(context, airflow, { method: "GET", path: "/auth/token", headers: {} });
  const api = withToken(context, airflow, answer, "everybody");
  return "request" in api ? api : undefined;
}

function withToken(
  context: ProofContext,
  airflow: AirflowApp,
  answer: HttpResponse | HttpFailure,
  as: string,
): AirflowApi | { readonly reason: string } {
  if (isHttpFailure(answer)) return { reason: answer.reason };
  if (answer.status !== 200 && answer.status !== 201) return { reason: `/auth/token answered ${answer.status}` };
  const { access_token: token } = JSON.parse(answer.text) as { access_token?: string };
  if (token === undefined) return { reason: "/auth/token gave no token" };
  return api(context, airflow, as, { authorization: `Bearer ${token}` });
}

/** 2.x: the login form with its CSRF token, then the session's cookie, which every default `auth_backends` accepts. */
async function logInByForm(
  context: ProofContext,
  airflow: AirflowApp,
  login: AirflowLogin,
): Promise<AirflowApi | { readonly reason: string }> {
  // To its end also when interrupted: each answer's session is a row to be removed, so its id must be known.
  const whole = { ...context, signal: undefined };
  const page = await ask(whole, airflow, { method: "GET", path: "/login/", headers: {} });
  if (isHttpFailure(page)) return { reason: page.reason };
  const input = /<input[^>]*name="csrf_token"[^>]*>/.exec(page.text)?.[0];
  const csrf = /value="([^"]+)"/.exec(input ?? "")?.[1];
  const first = joinCookies(page.cookies);
  await rememberSession(context, airflow, first);
  const body = new URLSearchParams({
    username: login.user,
    password: login.password,
    ...(csrf === undefined ? {} : { csrf_token: csrf }),
  });
  const answer = await pollFor(
    context,
    rateLimitMs,
    async () => {
      const one = await ask(whole, airflow, {
        method: "POST",
        path: "/login/",
        headers: { "content-type": "application/x-www-form-urlencoded", cookie: first },
        body: body.toString(),
      });
      return !isHttpFailure(one) && one.status === 429 ? undefined : one;
    },
    2_000,
  );
  if (answer === undefined) return { reason: "the login form still answers 429, too many logins" };
  if (isHttpFailure(answer)) return { reason: answer.reason };
  const cookie = joinCookies(answer.cookies) || first;
  await rememberSession(context, airflow, cookie);
  const reads = api(context, airflow, `${login.user} (${login.from})`, { cookie });
  const check = await reads.request("GET", "/api/v1/dags?limit=1");
  if (!isHttpFailure(check) && check.status === 200) return reads;
  const secret = Buffer.from(`${login.user}:${login.password}`).toString("base64");
  const basic = api(context, airflow, reads.as, { authorization: `Basic ${secret}` });
  const second = await basic.request("GET", "/api/v1/dags?limit=1");
  if (!isHttpFailure(second) && second.status === 200) return basic;
  return {
    reason: isHttpFailure(check) ? check.reason : `the login form answered ${answer.status}, the API ${check.status}`,
  };
}

function joinCookies(cookies: readonly string[]): string {
  return cookies.map((cookie) => cookie.split(";")[0] ?? "").join("; ");
}

function api(
  context: ProofContext,
  airflow: AirflowApp,
  as: string,
  headers: Readonly<Record<string, string>>,
): AirflowApi {
  return {
    as,
    request: (method, path, body) =>
      ask(context, airflow, {
        method,
        path,
        headers: {
          accept: "application/json",
          ...headers,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

function ask(
  context: Pick<ProofContext, "session"> & { readonly signal: AbortSignal | undefined },
  airflow: AirflowApp,
  request: { method: "GET" | "POST"; path: string; headers: Readonly<Record<string, string>>; body?: string },
): Promise<HttpResponse | HttpFailure> {
  const { path, ...rest } = request;
  return context.session.home.ports.http.request({
    ...rest,
    url: `${airflow.api?.url ?? ""}${path}`,
    timeoutMs: 30_000,
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
}

function asLogin({ user, password, service, variable }: NamedLogin): AirflowLogin {
  return { user, password, from: variable === undefined ? `users create of ${service}` : `${variable} of ${service}` };
}
