// @ts-check
/** The current in a block: asked up to ten times a second, only for the networks in sight, only while the page is visible. */
import { useEffect, useRef, useState } from "preact/hooks";
import { path, send } from "../../api.js";
import { isStale } from "../../live.js";

const PERIOD = 100;
const PAUSE = 1000;

/**
 * @typedef {{answer: Api.PowerFlow|null, problem: any, at: number, isLive: boolean}} Flow
 *   at: when the answer came; 0 before the first. isLive: whether its values are of now.
 */

/**
 * Follow the current in a block.
 * @param {{plc: string, block: string, source: string, instance: string, inSight: Set<number>, onFlow: (flow: Flow) => void,
 *   values?: Record<string, any>|null, at?: string}} given
 *   values: those of one moment, which `at` names; then they are asked for once,
 *   in place of a source. source: empty asks nothing. inSight: the numbers of the networks; the set changes while the reader scrolls.
 * @returns {Flow} The latest, for what is around the drawings; it changes once a second at most.
 */
export function useFlow({ plc, block, source, instance, inSight, onFlow, values = null, at = "" }) {
  const [shown, setShown] = useState(/** @type {Flow} */ ({ answer: null, problem: null, at: 0, isLive: false }));
  const latest = useRef(shown);
  useEffect(() => {
    const target = path`devices/${plc}/blocks/${block}/actions/power-flow`;
    if (values) return askOnce(target, values, instance, (found) => {
      latest.current = found;
      setShown(found);
      onFlow(found);
    });
    if (!source) {
      latest.current = { answer: null, problem: null, at: 0, isLive: false };
      setShown(latest.current);
      onFlow(latest.current);
      return;
    }
    const stopping = new AbortController();
    let timer = 0;
    /** @param {Partial<Flow>} found */
    const tell = (found) => {
      const before = latest.current;
      latest.current = { ...before, ...found };
      onFlow(latest.current);
      const isNew = before.isLive !== latest.current.isLive || before.problem !== latest.current.problem
        || before.answer?.instance !== latest.current.answer?.instance ||
        before.answer?.online !== latest.current.answer?.online;
      if (isNew || !before.at) setShown(latest.current);
    };
    const ask = async () => {
      const begun = performance.now();
      let pause = PAUSE;
      if (document.visibilityState === "visible" && inSight.size) {
        try {
          const body = { source, networks: [...inSight].sort((one, other) => one - other), ...(instance ? { instance } : {}) };
          const { data } = await send("POST", target, { body, signal: stopping.signal });
          tell({ answer: data, problem: null, at: Date.now(), isLive: data.live });
          pause = Math.max(0, PERIOD - (performance.now() - begun));
        } catch (problem) {
          if (stopping.signal.aborted) return;
          tell({ problem, isLive: false });
        }
      }
      timer = setTimeout(ask, pause);
    };
    const watch = setInterval(() => {
      if (latest.current.isLive && isStale(latest.current.at)) tell({ isLive: false });
      setShown({ ...latest.current });
    }, 1000);
    void ask();
    return () => {
      stopping.abort();
      clearTimeout(timer);
      clearInterval(watch);
    };
  }, [plc, block, source, instance, at, values === null]);
  return shown;
}

/**
 * Ask for the current with values that are known.
 * @param {string} target
 * @param {Record<string, any>} values
 * @param {string} instance
 * @param {(flow: Flow) => void} tell
 */
function askOnce(target, values, instance, tell) {
  const stopping = new AbortController();
  const body = { values, ...(instance ? { instance } : {}) };
  send("POST", target, { body, signal: stopping.signal }).then(
    ({ data }) => tell({ answer: data, problem: null, at: Date.now(), isLive: true }),
    (problem) => stopping.signal.aborted || tell({ answer: null, problem, at: 0, isLive: false }),
  );
  return () => stopping.abort();
}
