// @ts-check
/**
 * Live values: one stream for all tags that are on the screen, painted at most ten times a second. A value that is not live
 * (the stream is cut, the source is off, its quality is bad) says how old it is.
 */
import { batch, effect, signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "../../api.js";
import { clock, returns } from "../../live.js";
import { follow } from "../../sse.js";
import { age, t, when } from "../../texts.js";
import { written } from "./formats.js";

/** Milliseconds from one reading to the next, and the least from one painting to the next. */
const PERIOD = 100;
/** Milliseconds to wait for further changes of the list of tags. */
const SETTLE = 200;
/** An address may have 16 KiB. */
const LONGEST = 14000;
const MOST = 1000;
/** UncertainLastUsableValue and UncertainNoCommunicationLastUsableValue: nobody refreshed the value. */
const NOT_REFRESHED = new Set([0x40900000, 0x408f0000]);

/**
 * @typedef {{tag: string, value: any, text?: string, dataType: string, quality: string, statusCode: number,
 *   sourceTime: string|null, serverTime: string|null, unit?: string, error?: {code: string, message: string}}} Value
 * @typedef {{value: Value|null, since: number}} Shown since: when it ceased to be live, in milliseconds; 0 while it is live.
 * @typedef {{tag: string, shown: import("@preact/signals").Signal<Shown>, mounted: number, wanted: number, isLeftOut?: boolean,
 *   listeners: Set<(value: Shown) => void>}} Entry
 * @typedef {{tags: Set<string>, close: () => void}} Opened
 */

/** @type {Map<string, Entry>} */
const entries = new Map();
/** @type {Map<string, Value>} */
const pending = new Map();
/** @type {Opened|null} */
let opened = null;
let settling = 0;
let painting = 0;
let painted = 0;

/** How the stream of values is: its state, and why it was refused. */
export const stream = signal({ state: "idle", problem: /** @type {any} */ (null) });
/** By source, whether its CPU executes the project's program: equal, differs or unknown. */
export const programs = signal(/** @type {Record<string, string>} */ ({}));
effect(() => void (returns.value && retry()));
/** The name of a tag by which spellings of it are one. @param {string} tag */
export function keyOf(tag) {
  return tag.replace(/["\s]/g, "").toLowerCase();
}

/** @param {string} tag @returns {Entry} */
function entryOf(tag) {
  const key = keyOf(tag);
  let entry = entries.get(key);
  if (!entry) {
    entry = { tag, shown: signal({ value: null, since: 0 }), mounted: 0, wanted: 0, listeners: new Set() };
    entries.set(key, entry);
  }
  return entry;
}

/**
 * Have the values of a tag until the returned function is called.
 * @param {string} tag source:path
 * @param {(shown: Shown) => void} [listener] Called with each new value.
 * @returns {() => void}
 */
export function hold(tag, listener) {
  const entry = entryOf(tag);
  entry.mounted++;
  if (listener) entry.listeners.add(listener);
  const release = want(entry);
  return () => {
    release();
    if (listener) entry.listeners.delete(listener);
    drop(entry);
  };
}

/** @param {Entry} entry */
function want(entry) {
  if (entry.wanted++ === 0) settle();
  return () => {
    if (--entry.wanted === 0) settle();
  };
}

/** @param {Entry} entry */
function drop(entry) {
  if (--entry.mounted === 0) entries.delete(keyOf(entry.tag));
}

function settle() {
  clearTimeout(settling);
  settling = setTimeout(open, SETTLE);
}

/** Open a stream for the tags that are wanted now; the one before ends as soon as the new one has sent its values. */
function open() {
  const wanted = [...entries.values()].filter((each) => each.wanted > 0 && !each.isLeftOut);
  const tags = [];
  let length = 0;
  for (const { tag } of wanted) {
    length += encodeURIComponent(tag).length + 5;
    if (tags.length < MOST && length < LONGEST) tags.push(tag);
  }
  const keys = new Set(tags.map(keyOf));
  if (opened && keys.size === opened.tags.size && [...keys].every((key) => opened?.tags.has(key))) return;
  ageAll((key) => !keys.has(key));
  const before = opened;
  if (!tags.length) {
    before?.close();
    opened = null;
    stream.value = { state: "idle", problem: null };
    return;
  }
  const mine = { tags: keys, close: () => {} };
  const endBefore = () => before?.close();
  const stop = follow("runtime/values/stream", { tag: tags, period: PERIOD, int64: "string" }, {
    resume: false,
    onMessage: (message) => {
      endBefore();
      if (opened !== mine) return;
      const data = JSON.parse(message.data);
      if (message.event === "values") receive(data);
      else if (message.event === "error") stream.value = { state: "cut", problem: data };
    },
    onBeat: ({ online }) => {
      if (opened === mine && JSON.stringify(online) !== JSON.stringify(programs.value)) programs.value = online || {};
    },
    onState: (state, problem) => {
      if (opened !== mine) return;
      stream.value = { state, problem: problem || (state === "live" ? null : stream.value.problem) };
      if (state === "cut" || state === "refused") {
        endBefore();
        ageAll();
      }
      if (state === "refused") void leaveOutUnknown(problem);
    },
  });
  mine.close = () => (endBefore(), stop());
  opened = mine;
}

/** A tag of a source that is not there keeps all others from their values: leave it out. @param {any} problem */
async function leaveOutUnknown(problem) {
  if (!/^(source\.not_found|runtime\.no_default_source)$/.test(problem?.code)) return;
  const known = new Set((await get("runtime/sources")).map((each) => keyOf(each.name)));
  for (const [key, entry] of entries) {
    if (known.has(key.split(":")[0])) continue;
    const value = { tag: entry.tag, value: null, dataType: "", quality: "Bad", statusCode: 0, sourceTime: null, serverTime: null, error: problem };
    entry.shown.value = { value, since: Date.now() };
    entry.isLeftOut = true;
  }
  opened = null;
  open();
}

/** Ask again for what was left out: after an outage its source may be there again. */
function retry() {
  for (const entry of entries.values()) entry.isLeftOut = false;
  if (stream.value.state === "refused") opened = null;
  settle();
}

/** @param {Value[]} values */
function receive(values) {
  for (const value of values) pending.set(keyOf(value.tag), value);
  if (!painting) painting = setTimeout(paint, Math.max(0, PERIOD - (performance.now() - painted)));
}

function paint() {
  painting = 0;
  painted = performance.now();
  const now = Date.now();
  batch(() => {
    for (const [key, value] of pending) {
      const entry = entries.get(key);
      if (!entry) continue;
      const { value: last, since } = entry.shown.value;
      const began = since || (last ? now : Date.parse(value.sourceTime || value.serverTime || "") || now);
      show(entry, { value, since: isLive(value) ? 0 : began });
    }
  });
  pending.clear();
}

/** What was live is not live any more. @param {(key: string) => boolean} [isMeant] */
function ageAll(isMeant = () => true) {
  if (painting) clearTimeout(painting);
  paint();
  const now = Date.now();
  batch(() => {
    for (const [key, entry] of entries)
      if (isMeant(key) && entry.shown.value.value && !entry.shown.value.since) show(entry, { ...entry.shown.value, since: now });
  });
}

/** @param {Entry} entry @param {Shown} shown */
function show(entry, shown) {
  entry.shown.value = shown;
  for (const listener of entry.listeners) listener(shown);
}

/** @param {Value} value */
export function isLive(value) {
  return value.quality !== "Bad" && !NOT_REFRESHED.has(value.statusCode);
}

/** @type {WeakMap<Element, (isShown: boolean) => void>} */
const observed = new WeakMap();
const observer = new IntersectionObserver((changes) => {
  for (const change of changes) observed.get(change.target)?.(change.isIntersecting);
}, { rootMargin: "64px" });

/**
 * The value of a tag. It is read only while it is on the screen.
 * @param {{tag: string, format?: string}} given format: a display format of a watch table.
 */
export function Live({ tag, format = "" }) {
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  const entry = useMemo(() => entryOf(tag), [tag]);
  useEffect(() => {
    const element = /** @type {HTMLElement} */ (box.current);
    /** @type {(() => void)|null} */
    let release = null;
    entry.mounted++;
    entries.set(keyOf(tag), entry);
    observed.set(element, (isShown) => {
      if (isShown && !release) release = want(entry);
      else if (!isShown && release) {
        release();
        release = null;
      }
    });
    observer.observe(element);
    return () => {
      observer.unobserve(element);
      release?.();
      drop(entry);
    };
  }, [entry]);
  const { value, since } = entry.shown.value;
  const isStale = value !== null && since > 0;
  const about = value ? [value.error?.message, t(`quality.${value.quality}`), when(value.sourceTime)].filter(Boolean).join(" · ") : "";
  return html`<span class="live" ref=${box} data-tag=${tag} data-stale=${isStale ? "yes" : undefined} title=${about}>${
    value === null ? "…" : value.value === null && !value.text ? "—" : written(value, format)
  }${value?.unit ? ` ${value.unit}` : ""}${value?.quality === "Uncertain" && !isStale ? html` <small>?</small>` : ""}${
    isStale ? html` <small>${value.value === null && value.error ? value.error.message : t("values.old", { age: age(clock.value - since) })}</small>` : ""
  }</span>`;
}

/** Say why no value of the page is live, and whose program the CPU does not execute; nothing where all are. */
export function StreamState() {
  const { state, problem } = stream.value;
  const differing = Object.keys(programs.value).filter((each) => programs.value[each] === "differs");
  return html`${/cut|refused/.test(state) && html`<p class="warning" role="status">${t("values.cut")} ${problem?.message}</p>`}
    ${differing.length > 0 && html`<p class="warning sticky" role="status" data-online="differs">${t("values.differs", { cpus: differing.join(", ") })}</p>`}`;
}
