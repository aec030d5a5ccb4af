// @ts-check
/** Reading for a page: what is there, whether it is being read, and what went wrong. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { html } from "htm/preact";
import { send } from "../api.js";
import { returns } from "../live.js";
import { t } from "../texts.js";
import { Problem } from "./problem.js";

/**
 * What has been read: null before the first answer.
 * @template T
 * @typedef {{data: T|null, etag: string, total: number|null, problem: any, isBusy: boolean, reload: () => void}} Reading
 */

/**
 * Read a route again whenever its address or query changes.
 * @template {string} R
 * @template [T=import("../api.js").AnswerOf<R>]
 * @param {R|null} target As `address` takes it; null reads nothing.
 * @param {Record<string, any>} [query]
 * @returns {Reading<T>}
 */
export function useRead(target, query) {
  const [state, setState] = useState(/** @type {Omit<Reading<T>, "reload">} */ ({ data: null, etag: "", total: null, problem: null, isBusy: true }));
  const [turn, setTurn] = useState(0);
  const last = useRef("");
  const wanted = `${target} ${JSON.stringify(query || {})}`;
  useEffect(() => {
    if (target === null) return;
    const stopping = new AbortController();
    const isOther = last.current !== wanted;
    last.current = wanted;
    setState((before) => ({ ...before, ...(isOther ? { data: null, etag: "", total: null } : {}), isBusy: true }));
    send("GET", target, { query, signal: stopping.signal }).then(
      (answer) => setState({ data: answer.data, etag: answer.etag, total: answer.total, problem: null, isBusy: false }),
      (problem) => !stopping.signal.aborted && setState((before) => ({ ...before, problem, isBusy: false })),
    );
    return () => stopping.abort();
  }, [wanted, turn, returns.value]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { ...state, reload };
}

/**
 * Load a module when it is needed; what an outage kept from loading is tried again when the connection is back.
 * @param {() => Promise<any>} load
 * @param {string} key What identifies the module.
 * @returns {{key: string, module?: any, problem?: any}|null} Null while it is loaded.
 */
export function useModule(load, key) {
  const [found, setFound] = useState(/** @type {any} */ (null));
  const isMissing = found?.key !== key || Boolean(found.problem);
  useEffect(() => {
    let isWanted = isMissing;
    if (isWanted) load().then((module) => isWanted && setFound({ key, module }), (problem) => isWanted && setFound({ key, problem }));
    return () => (isWanted = false);
  }, [key, returns.value]);
  return found?.key === key ? found : null;
}

/**
 * Show what `useRead` gives: the problem, "busy" before the first answer, otherwise its data.
 * @template T
 * @param {Reading<T>} reading
 * @param {(data: T) => any} show
 */
export function loaded({ problem, data, isBusy, reload }, show) {
  if (problem) return html`<${Problem} problem=${problem} retry=${reload} />`;
  if (data === null) return isBusy ? html`<p class="busy" role="status">${t("busy")}</p>` : null;
  return show(data);
}
