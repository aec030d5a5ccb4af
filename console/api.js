// @ts-check
/** Requests to version 2 of the API. Each goes through here, so that login, errors and limits are in one place. */
import { signal } from "@preact/signals";

/** The address of the service: everything before /console/. */
export const BASE = new URL("..", import.meta.url);
const KEPT = "console.login";

/**
 * @typedef {{key?: string, accessToken?: string, refreshToken?: string}} Login
 * @typedef {{data: any, etag: string, total: number|null, status: number, location: string}} Answer
 */

/** What the requests are sent with. @type {Login} */
let login = handed() || JSON.parse(sessionStorage.getItem(KEPT) || "{}");
/** Whether the service wants to know who asks. */
export const needsLogin = signal(false);
/** Whether the service answers. */
export const reachable = signal(true);

/** A refusal of the service, or its silence. */
export class ApiProblem extends Error {
  /**
   * @param {{status?: number, code?: string, detail?: string, message?: string, title?: string, place?: any, candidates?: string[], details?: any[]}} answered
   */
  constructor(answered) {
    super(answered.detail || answered.message || answered.title || "");
    this.status = answered.status || 0;
    this.code = answered.code || "";
    this.place = answered.place || null;
    this.candidates = answered.candidates || [];
    this.details = answered.details || [];
    /** @type {any} */
    this.problem = answered;
  }
}

/** Take the key that `tia demo --open` hands over behind the #, and remove it from the address. @returns {Login|null} */
function handed() {
  const found = /^#login=([\w.~-]+)$/.exec(location.hash);
  if (!found) return null;
  history.replaceState(null, "", location.pathname);
  sessionStorage.setItem(KEPT, JSON.stringify({ key: found[1] }));
  return { key: found[1] };
}

/** @returns {Record<string, string>} */
export function credentials() {
  if (login.accessToken) return { Authorization: `Bearer ${login.accessToken}` };
  return login.key ? { "X-API-Key": login.key } : {};
}

/**
 * Use a login from now on.
 * @param {Login} given
 * @param {boolean} [keep] Whether it outlives a reload of this tab: the key, or the token that renews the login.
 */
export function use(given, keep = false) {
  login = given;
  sessionStorage.removeItem(KEPT);
  if (keep) sessionStorage.setItem(KEPT, JSON.stringify(given.key ? { key: given.key } : { refreshToken: given.refreshToken }));
  needsLogin.value = false;
}

/**
 * Return the full address of a route.
 * @param {string} path Below /api/v2/, with escaped segments.
 * @param {Record<string, any>} [query] Lists repeat their name.
 */
export function address(path, query) {
  const url = new URL(`api/v2/${path}`, BASE);
  for (const [name, value] of Object.entries(query || {}))
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && each !== null && each !== "") url.searchParams.append(name, String(each));
  return url;
}

/**
 * Escape the segments of a path: route`devices/${name}/blocks`.
 * @param {TemplateStringsArray} parts
 * @param {...string} names
 */
export function path(parts, ...names) {
  return parts.reduce((whole, part, index) => whole + encodeURIComponent(names[index - 1]) + part);
}

/**
 * Send a request.
 * @param {string} method
 * @param {string} target As `address` takes it.
 * @param {{query?: Record<string, any>, body?: any, headers?: Record<string, string>, signal?: AbortSignal, raw?: boolean}} [options]
 *   raw: whether the answer is the text, not JSON.
 * @returns {Promise<Answer>}
 * @throws {ApiProblem}
 */
export async function send(method, target, options = {}) {
  const response = await request(method, address(target, options.query), options);
  const text = response.status === 204 ? "" : await response.text();
  if (!response.ok) throw problemOf(response, text);
  return {
    data: options.raw ? text : text ? JSON.parse(text) : null,
    etag: response.headers.get("ETag") || "",
    total: response.headers.has("X-Total-Count") ? Number(response.headers.get("X-Total-Count")) : null,
    status: response.status,
    location: response.headers.get("Location") || "",
  };
}

/**
 * What a route answers, as docs/openapi.json describes it; any for a path with names, whose reader says what it expects.
 * @template {string} R
 * @typedef {R extends keyof Api.Answers ? Api.Answers[R] : any} AnswerOf
 */

/**
 * Read something.
 * @template {string} R
 * @template [T=AnswerOf<R>]
 * @param {R} target
 * @param {Record<string, any>} [query]
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
export async function get(target, query, signal) {
  return (await send("GET", target, { query, signal })).data;
}

/**
 * Fetch with the login; renew it once where it has expired.
 * @param {string} method
 * @param {URL} url
 * @param {{body?: any, headers?: Record<string, string>, signal?: AbortSignal}} options
 * @returns {Promise<Response>}
 */
export async function request(method, url, options) {
  const isForm = options.body instanceof FormData || options.body instanceof Blob;
  const content = options.body === undefined ? undefined : isForm ? options.body : JSON.stringify(options.body);
  const sent = login;
  const ask = () =>
    fetch(url, {
      method,
      body: content,
      headers: {
        ...(content === undefined || isForm ? {} : { "Content-Type": "application/json" }),
        ...credentials(),
        ...options.headers,
      },
      credentials: "omit",
      cache: "no-store",
      signal: options.signal,
    });
  let response;
  try {
    if (!login.accessToken && login.refreshToken) await renew(sent);
    response = await ask();
    if (response.status === 401 && sent.refreshToken && (await renew(sent))) response = await ask();
  } catch (error) {
    if (options.signal?.aborted) throw error;
    reachable.value = false;
    throw new ApiProblem({ code: "client.unreachable", detail: "The service does not answer." });
  }
  reachable.value = true;
  if (response.status === 401) needsLogin.value = true;
  return response;
}

/** @type {Promise<boolean>|null} */
let renewing = null;

/**
 * Renew a login; requests at the same time share it, since a token renews once.
 * @param {Login} sent The login of the refused request.
 */
async function renew(sent) {
  if (login !== sent) return true;
  renewing ??= (async () => {
    const url = address("auth/refresh");
    const body = JSON.stringify({ refreshToken: sent.refreshToken });
    const response = await fetch(url, { method: "POST", body, headers: { "Content-Type": "application/json" }, credentials: "omit" });
    if (response.ok) use(await response.json(), sessionStorage.getItem(KEPT) !== null);
    else use({});
    return response.ok;
  })().finally(() => (renewing = null));
  return renewing;
}

/**
 * Make the refusal of an answer.
 * @param {Response} response
 * @param {string} text
 */
export function problemOf(response, text) {
  try {
    return new ApiProblem({ ...JSON.parse(text), status: response.status });
  } catch {
    return new ApiProblem({ status: response.status, title: response.statusText, detail: text.slice(0, 300) });
  }
}
