// @ts-check
/** Reading for a page: what is there, whether it is being read, and what went wrong. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { html } from "htm/preact";
import { send } from "../api.js";
import { t } from "../texts.js";
import { Problem } from "./problem.js";

/**
 * Read a route again whenever its address or query changes.
 * @param {string|null} target As `address` takes it; null reads nothing.
 * @param {Record<string, any>} [query]
 * @returns {{data: any, etag: string, total: number|null, problem: any, isBusy: boolean, reload: () => void}}
 */
export function useRead(target, query) {
  const [state, setState] = useState({ data: null, etag: "", total: null, problem: null, isBusy: true });
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
  }, [wanted, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { ...state, reload };
}

/**
 * Show what `useRead` gives: the problem, "busy" before the first answer, otherwise the children.
 * @param {{of: ReturnType<typeof useRead>, children: (data: any) => any}} given
 */
export function Loaded({ of, children }) {
  if (of.problem) return html`<${Problem} problem=${of.problem} retry=${of.reload} />`;
  if (of.data === null) return of.isBusy ? html`<p class="busy" role="status">${t("busy")}</p>` : null;
  return children(of.data);
}
