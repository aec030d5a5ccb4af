// @ts-check
/** Trends: values over time, logged and live, with the alarms of that time; two cursors say what changed between them. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { html } from "htm/preact";
import { link, route, setQuery } from "../router.js";
import { range, rangeQuery } from "../state.js";
import { number, t, when } from "../texts.js";
import { Action } from "../parts/action.js";
import { shapeOf } from "../parts/values/alarms.js";
import { Chart, colour } from "../parts/values/chart.js";
import { useRead } from "../parts/load.js";
import { Problem } from "../parts/problem.js";
import { Range, setRange, span } from "../parts/range.js";
import { at, axesOf, drawn, useSeries } from "../parts/values/series.js";
import { Past } from "../parts/state.js";
import { Table } from "../parts/table.js";
import { keyOf, Live, StreamState } from "../parts/values/values.js";

const MOST = 16;
const AGGREGATES = ["", "raw", "Average", "Minimum", "Maximum", "LastValue", "Range", "StdDev", "PctGood"];

/** The times of the two cursors, in seconds. @typedef {Record<string, number|null>} Moments */

export default function Trends() {
  const { query } = route.value;
  const tags = [...new Set(query.getAll("tag"))].slice(0, MOST);
  const aggregate = query.get("aggregate") || "";
  const compare = query.get("compare") === "1";
  const isLive = range.value.last > 0;
  const [turn, setTurn] = useState(0);
  const [cursors, setCursors] = useState(/** @type {Moments} */ ({ A: null, B: null }));
  const { from, to } = span();
  const { series, isBusy } = useSeries({ tags, from, to, isLive, aggregate, compare, turn });
  const logging = useRead("runtime/logging");
  const logged = new Set((logging.data?.series || []).map((each) => keyOf(each.tag)));
  const since = useMemo(() => new Date(from).toISOString(), [isLive ? range.value.last : from]);
  const alarms = useRead("runtime/alarms/journal", { event: "raised", limit: 200, since, ...(isLive ? {} : { until: new Date(to).toISOString() }) });
  useTick(isLive, alarms.reload);
  const points = series.map((each) => drawn(each, isLive, from / 1000));
  const { axis, names } = axesOf(series.map((each, index) => ({ ...each, points: points[index] })));
  const lines = () => [
    ...series.map((each, index) => ({ label: each.tag, points: drawn(each, isLive, span().from / 1000), axis: axis[index], colour: index })),
    ...(compare ? series.map((each, index) =>
      ({ label: `${each.tag} −`, points: shifted(each.before, (to - from) / 1000), axis: axis[index], colour: index, isBefore: true })) : []),
  ];
  const raised = (alarms.data?.events || []).filter((each) => Date.parse(each.time || "") >= from && Date.parse(each.time || "") <= to);
  const marks = raised.map((each) => ({ x: Date.parse(each.time || "") / 1000, text: each.alarm.text, shape: shapeOf(each.alarm.priority) }));
  return html`<h1>${t("page.trends")}</h1>
    <${StreamState} />
    <${Range} />
    <${AddTag} tags=${tags} logged=${logging.data?.series || []} />
    ${tags.length === 0
      ? html`<p class="empty">${t("trends.none")} <a href=${link(["runtime"])}>${t("page.runtime")}</a></p>`
      : html`<${Chart} lines=${lines} axes=${names.length ? names : [""]} marks=${marks} cursors=${cursors} range=${span} isLive=${isLive}
            version=${`${tags.join("\n")} ${axis} ${names} ${compare}`} label=${t("trends.chart", { count: tags.length })} onRange=${setRange}
            onCursor=${(name, x) => setCursors((before) => ({ ...before, [name]: x }))} />
          <p class="hint" role="status">${isBusy ? t("busy") : t("trends.hint")}</p>
          <${Options} tags=${tags} aggregate=${aggregate} compare=${compare} />
          <${Cursors} cursors=${cursors} setCursors=${setCursors} from=${from / 1000} to=${to / 1000} />
          <${Values} series=${series} points=${points} axis=${axis} names=${names} cursors=${cursors} logged=${logged} isLogging=${logging.data !== null}
            onLogged=${() => (logging.reload(), setTurn(turn + 1))} />
          <${Raised} events=${raised} />`}`;
}

/** While the trend is live, show its newest state each second, and read the alarms again. @param {boolean} isLive @param {() => void} reload */
function useTick(isLive, reload) {
  const [, setTick] = useState(0);
  useEffect(() => {
    if (!isLive) return;
    const timers = [setInterval(() => setTick((tick) => tick + 1), 1000), setInterval(reload, 5000)];
    return () => timers.forEach(clearInterval);
  }, [isLive, reload]);
}

/** @param {import("../parts/values/series.js").Points} points @param {number} seconds */
function shifted(points, seconds) {
  return { x: points.x.map((x) => x + seconds), y: points.y };
}

/** @param {{tags: string[], logged: Api.LoggedSeries[]}} given */
function AddTag({ tags, logged }) {
  const [tag, setTag] = useState("");
  /** @param {Event} event */
  const add = (event) => {
    event.preventDefault();
    if (tag.trim()) setQuery({ tag: [...tags, tag.trim()] });
    setTag("");
  };
  return html`<form class="buttons" onSubmit=${add}>
    <label>${t("trends.tag")} <input type="text" list="logged" size="32" value=${tag} placeholder="PLC_1:Motor_DB.speed" disabled=${tags.length >= MOST}
      onInput=${(event) => setTag(event.target.value)} /></label>
    <datalist id="logged">${logged.map((each) => html`<option value=${each.tag}></option>`)}</datalist>
    <button disabled=${tags.length >= MOST}>${t("trends.add")}</button>
    ${tags.length >= MOST && html`<span class="hint">${t("trends.full", { most: MOST })}</span>`}
  </form>`;
}

/** @param {{tags: string[], aggregate: string, compare: boolean}} given */
function Options({ tags, aggregate, compare }) {
  const exported = () => {
    const { from, to } = span();
    return { method: "GET", path: "runtime/history/export", raw: true,
      query: { tag: tags, from: new Date(from).toISOString(), to: new Date(to).toISOString(), format: "csv" } };
  };
  return html`<div class="buttons">
    <label>${t("trends.aggregate")} <select value=${aggregate} onChange=${(event) => setQuery({ aggregate: event.target.value })}>
      ${AGGREGATES.map((each) => html`<option
        value=${each}>${each === "" ? t("trends.auto") : each === "raw" ? t("trends.raw") : each}</option>`)}</select></label>
    <label><input type="checkbox" checked=${compare}
      onChange=${(event) => setQuery({ compare: event.target.checked ? "1" : "" })} />${t("trends.compare")}</label>
    <${Action} right="viewer" request=${exported} onDone=${({ data }) => save(data, "history.csv")}>${t("trends.csv")}<//>
  </div>`;
}

/** Let the browser save a text as a file. @param {string} text @param {string} name */
function save(text, name) {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
}

/** @param {{cursors: Moments, setCursors: (set: Moments | ((before: Moments) => Moments)) => void, from: number, to: number}} given */
function Cursors({ cursors, setCursors, from, to }) {
  return html`<fieldset class="cursors"><legend>${t("trends.cursors")}</legend>
    ${["A", "B"].map(
      (name) => html`<label>${name} <input type="range" min=${from} max=${to} step=${(to - from) / 1000} value=${cursors[name] ?? from}
        aria-valuetext=${cursors[name] === null ? t("trends.unset") : when(cursors[name] * 1000)}
        onInput=${(event) => setCursors((before) => ({ ...before, [name]: Number(event.target.value) }))} />
        <output>${cursors[name] === null ? t("trends.unset") : when(cursors[name] * 1000)}</output></label>`,
    )}
    ${cursors.A !== null && cursors.B !== null && html`<output>Δ ${number(cursors.B - cursors.A, 3)} s</output>`}
    ${(cursors.A !== null || cursors.B !== null) && html`<button type="button" onClick=${() => setCursors({ A: null, B: null })}>${t("trends.clear")}</button>`}
  </fieldset>`;
}

/**
 * The trend as text: the newest values, and those at the cursors.
 * @param {{series: import("../parts/values/series.js").Series[], points: import("../parts/values/series.js").Points[], axis: number[], names: string[],
 *   cursors: Moments, logged: Set<string>, isLogging: boolean, onLogged: () => void}} given
 */
function Values({ series, points, axis, names, cursors, logged, isLogging, onLogged }) {
  /** @param {number} index @param {number|null} x */
  const value = (index, x) => (x === null ? null : at(points[index], x));
  /** @param {number|null} y */
  const shown = (y) => (y === null ? "" : number(y, 4));
  const rows = series.map((each, index) => ({ ...each, index, a: value(index, cursors.A), b: value(index, cursors.B) }));
  /** @param {number|null} x */
  const moment = (x) => (x === null ? "–" : when(x * 1000));
  return html`${(cursors.A !== null || cursors.B !== null) && html`<${Past}>${t("past.cursor", { a: moment(cursors.A), b: moment(cursors.B) })}<//>`}
    <${Table} label=${t("trends.values")} rows=${rows} keyOf=${(row) => row.tag}
    columns=${[
      { id: "tag", title: t("runtime.tag"), wide: true,
        show: (row) => html`<span class="swatch" style=${{ backgroundColor: colour(row.index) }} aria-hidden="true"></span> ${row.tag}` },
      { id: "axis", title: t("trends.axis"), show: (row) => names[axis[row.index]] },
      { id: "now", title: t("trends.now"), numeric: true, show: (row) => html`<${Live} tag=${row.tag} />` },
      { id: "a", title: "A", numeric: true, show: (row) => shown(row.a) },
      { id: "b", title: "B", numeric: true, show: (row) => shown(row.b) },
      { id: "d", title: "B − A", numeric: true, show: (row) => (row.a === null || row.b === null ? "" : shown(row.b - row.a)) },
      { id: "logged", title: t("trends.logged"),
        show: (row) => html`<${Logged} row=${row} isLogged=${logged.has(keyOf(row.tag))} isKnown=${isLogging} onLogged=${onLogged} />` },
      { id: "remove", title: t("actions"),
        show: (row) => html`<button type="button" class="quiet" aria-label=${`${t("trends.remove")} ${row.tag}`}
          onClick=${() => setQuery({ tag: series.map((each) => each.tag).filter((tag) => tag !== row.tag) })}>×</button>` },
    ]} />`;
}

/** @param {{row: import("../parts/values/series.js").Series, isLogged: boolean, isKnown: boolean, onLogged: () => void}} given */
function Logged({ row, isLogged, isKnown, onLogged }) {
  if (isLogged) return html`${t("trends.logged.yes")}${row.aggregate
    && html` <small>${row.aggregate === "raw" ? t("trends.part") : row.aggregate}</small>`}${row.problem && html`<${Problem} problem=${row.problem} />`}`;
  if (!isKnown) return "";
  return html`<${Action} request=${{ method: "POST", path: "runtime/logging", body: { tag: row.tag } }} onDone=${onLogged}>${t("trends.log")}<//>`;
}

/** @param {{events: Api.RuntimeAlarmEvent[]}} given */
function Raised({ events }) {
  if (!events.length) return null;
  return html`<details><summary>${t("trends.alarms", { count: events.length })}</summary><ul>
    ${events.map((each) => html`<li><span aria-hidden="true">${shapeOf(each.alarm.priority)}</span> ${when(each.time)} <a
      href=${link(["alarms"], { ...rangeQuery(), tab: "journal" })}>${each.alarm.text || each.alarm.name}</a></li>`)}
  </ul></details>`;
}
