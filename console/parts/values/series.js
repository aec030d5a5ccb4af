// @ts-check
/** The values of a trend: what was logged, and what comes now. */
import { useEffect, useRef, useState } from "preact/hooks";
import { get } from "../../api.js";
import { hold } from "./values.js";

/** Values of one series as they were logged; above, the means of this many intervals are shown. */
const MOST = 5000;
const INTERVALS = 500;
/** Values of one series that came while the page is open. */
const MOST_RECENT = 20000;

/**
 * @typedef {{x: number[], y: (number|null)[]}} Points x in seconds, ascending.
 * @typedef {{tag: string, unit: string, dataType: string, past: Points, before: Points, recent: Points, isLive: boolean, problem: any,
 *   aggregate: string}} Series
 */

/** @returns {Points} */
function none() {
  return { x: [], y: [] };
}

/**
 * Read series and follow them.
 * @param {{tags: string[], from: number, to: number, isLive: boolean, aggregate: string, compare: boolean, turn: number}} asked
 *   from, to: in milliseconds; of a live trend those of its beginning. turn: read again when it changes.
 * @returns {{series: Series[], isBusy: boolean}} The same objects while they grow.
 */
export function useSeries({ tags, from, to, isLive, aggregate, compare, turn }) {
  const known = useRef(/** @type {Map<string, Series>} */ (new Map()));
  const [isBusy, setBusy] = useState(true);
  const [, setVersion] = useState(0);
  const list = tags.join("\n");
  for (const tag of tags)
    if (!known.current.has(tag))
      known.current.set(tag, { tag, unit: "", dataType: "", past: none(), before: none(), recent: none(), isLive: false, problem: null, aggregate: "" });

  useEffect(() => {
    const releases = tags.map((tag) => hold(tag, (shown) => add(/** @type {Series} */ (known.current.get(tag)), shown)));
    return () => {
      for (const release of releases) release();
      for (const series of known.current.values()) cut(series, Date.now());
    };
  }, [list]);

  useEffect(() => {
    const stopping = new AbortController();
    setBusy(true);
    const readings = tags.map(async (tag) => {
      const series = /** @type {Series} */ (known.current.get(tag));
      try {
        const found = await past(tag, from, to, aggregate, stopping.signal);
        Object.assign(series, { past: found.points, aggregate: found.aggregate, unit: found.unit || series.unit, problem: null });
        series.before = compare ? (await past(tag, from - (to - from), from, aggregate, stopping.signal)).points : none();
      } catch (problem) {
        if (!stopping.signal.aborted) Object.assign(series, { past: none(), before: none(), problem });
      }
    });
    void Promise.all(readings).then(() => {
      if (stopping.signal.aborted) return;
      setBusy(false);
      setVersion((version) => version + 1);
    });
    return () => stopping.abort();
  }, [list, isLive ? to - from : `${from} ${to}`, aggregate, compare, turn]);
  return { series: tags.map((tag) => /** @type {Series} */ (known.current.get(tag))), isBusy };
}

/** @param {Series} series @param {import("./values.js").Shown} shown */
function add(series, { value, since }) {
  if (!value) return;
  series.dataType = value.dataType || series.dataType;
  series.unit = value.unit || series.unit;
  if (since) return cut(series, since);
  const y = numberOf(value.value);
  push(series.recent, Date.parse(value.sourceTime || value.serverTime || "") / 1000 || Date.now() / 1000, y);
  series.isLive = y !== null;
}

/** Nothing is known from here on. @param {Series} series @param {number} time */
function cut(series, time) {
  if (series.isLive) push(series.recent, time / 1000, null);
  series.isLive = false;
}

/** @param {Points} points @param {number} x @param {number|null} y */
function push(points, x, y) {
  const last = points.x.length - 1;
  if (last >= 0 && x < points.x[last]) return;
  if (last >= 0 && x === points.x[last]) points.y[last] = y;
  else {
    points.x.push(x);
    points.y.push(y);
  }
  if (points.x.length > MOST_RECENT) {
    points.x.splice(0, MOST_RECENT / 4);
    points.y.splice(0, MOST_RECENT / 4);
  }
}

/** @param {any} value @returns {number|null} */
function numberOf(value) {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : null;
}

/**
 * Read the past of a tag: as it was logged, or means where that is too much.
 * @param {string} tag
 * @param {number} from
 * @param {number} to
 * @param {string} aggregate "" chooses, "raw" never calculates.
 * @param {AbortSignal} signal
 */
async function past(tag, from, to, aggregate, signal) {
  const query = { tag, from: new Date(from).toISOString(), to: new Date(to).toISOString(), pageSize: 10000 };
  let calculated = aggregate === "raw" ? "" : aggregate;
  const means = { ...query, interval: (to - from) / 1000 / INTERVALS };
  let answer = await get("runtime/history", calculated ? { ...means, aggregate: calculated } : { ...query, limit: MOST, bounds: true }, signal);
  if (!calculated && answer.nextPage && !aggregate) {
    calculated = "Average";
    answer = await get("runtime/history", { ...means, aggregate: calculated }, signal);
  }
  const points = none();
  for (const each of answer.values) push(points, Date.parse(each.time) / 1000, each.quality === "Bad" ? null : numberOf(each.value));
  return { points, unit: answer.unit, aggregate: calculated || (answer.nextPage ? "raw" : "") };
}

/**
 * Return the points of a series that are to be drawn: the logged ones, those that came since, and the present moment.
 * @param {Series} series
 * @param {boolean} isLive
 * @param {number} from Seconds; of the points before it only the last is drawn.
 * @returns {Points}
 */
export function drawn({ past: logged, recent, isLive: isFresh }, isLive, from) {
  const begin = Math.max(0, after(logged.x, from) - 1);
  const first = Math.max(after(recent.x, logged.x.at(-1) ?? -Infinity), after(recent.x, from) - 1);
  const points = { x: logged.x.slice(begin).concat(recent.x.slice(first)), y: logged.y.slice(begin).concat(recent.y.slice(first)) };
  if (isLive && isFresh && points.x.length) {
    points.x.push(Math.max(Date.now() / 1000, /** @type {number} */ (points.x.at(-1)) + 0.001));
    points.y.push(recent.y.at(-1) ?? null);
  }
  return points;
}

/**
 * Return the value that held at a moment.
 * @param {Points} points
 * @param {number} x
 */
export function at({ x: times, y }, x) {
  const index = after(times, x);
  return index ? y[index - 1] : null;
}

/** The index of the first time after a moment. @param {number[]} times @param {number} moment */
function after(times, moment) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Distribute series to at most three axes: by unit where one has a unit, otherwise by magnitude.
 * @param {{unit: string, dataType: string, points: Points}[]} series
 * @returns {{axis: number[], names: string[]}} The axis of each series, and what stands at each axis.
 */
export function axesOf(series) {
  const groups = series.map(({ unit, dataType, points }) => {
    if (dataType.toLowerCase() === "bool") return "0 / 1";
    if (unit) return unit;
    const largest = points.y.reduce((/** @type {number} */ most, y) => Math.max(most, Math.abs(y ?? 0)), 0);
    const power = largest > 0 ? Math.floor((Math.log10(largest) + 1) / 2) * 2 : 0;
    return `~${power < 6 && power > -4 ? String(10 ** power) : (10 ** power).toExponential()}`;
  });
  const names = [...new Set(groups)].slice(0, 3);
  return { axis: groups.map((group) => (names.includes(group) ? names.indexOf(group) : names.length - 1)), names };
}
