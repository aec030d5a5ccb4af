// @ts-check
/** Watch: the watch tables of a PLC, with the values that its CPU has now. */
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { get, path } from "../api.js";
import { clock, isStale } from "../live.js";
import { link, route, setQuery } from "../router.js";
import { may } from "../state.js";
import { age, t } from "../texts.js";
import { Action } from "../parts/action.js";
import { FORMATS } from "../parts/values/formats.js";
import { loaded, useRead } from "../parts/load.js";
import { useSource } from "../parts/values/source.js";
import { Table } from "../parts/table.js";
import { Live, StreamState } from "../parts/values/values.js";
import { Write } from "../parts/values/write.js";

/** The most series of a trend. */
const SERIES = 16;
/** Milliseconds from one reading to the next, of rows that have only an address. */
const PERIOD = 1000;

/** @param {{plc: string}} given */
export default function Watch({ plc }) {
  /** @type {Reading<Api.WatchTableInfo[]>} */
  const tables = useRead(path`devices/${plc}/watch-tables`, { pageSize: 10000 });
  const { source, isKnown } = useSource(plc);
  const { query } = route.value;
  return html`<h1>${t("page.watch")}</h1>
    <${StreamState} />
    ${isKnown && !source &&
    html`<p class="warning">${t("watch.nocpu", { plc })} <a href=${link(["runtime"])}>${t("page.runtime")}</a></p>`}
    ${loaded(tables, (found) => {
        const name = query.get("table") || (found[0] ? nameOf(found[0]) : "");
        return html`<div class="buttons">
            ${found.length > 0 &&
            html`<label>${t("watch.table")} <select value=${name} onChange=${(event) => setQuery({ table: event.target.value })}>
              ${found.map((each) => html`<option value=${nameOf(each)}>${nameOf(each)} (${each.entryCount})</option>`)}</select></label>`}
            <${NewTable} plc=${plc} onDone=${(made) => (setQuery({ table: made }), tables.reload())} />
          </div>
          ${name
            ? html`<${Rows} key=${name} plc=${plc} table=${name} source=${source} onChange=${tables.reload} />`
            : html`<p class="empty">${t("watch.none")}</p>`}`;
      })}`;
}

/** The name of a table with its folders. @param {{name: string, folder: string}} table */
function nameOf({ name, folder }) {
  return folder ? `${folder}/${name}` : name;
}

/** @param {{plc: string, onDone: (name: string) => void}} given */
function NewTable({ plc, onDone }) {
  const [name, setName] = useState("");
  if (!may("engineer")) return null;
  return html`<label>${t("watch.new")} <input type="text" value=${name} onInput=${(event) => setName(event.target.value)} /></label>
    <${Action} disabled=${!name.trim()} request=${() => ({ method: "POST", path: path`devices/${plc}/watch-tables`, body: { name: name.trim() } })}
      onDone=${() => (onDone(name.trim()), setName(""))}>${t("watch.create")}<//>`;
}

/** @param {{plc: string, table: string, source: Api.RuntimeSource|null, onChange: () => void}} given */
function Rows({ plc, table, source, onChange }) {
  /** @type {Reading<Api.TableContent>} */
  const content = useRead(path`devices/${plc}/watch-tables/${table}`);
  const [formats, setFormats] = useState(/** @type {Record<number, string>} */ ({}));
  const reload = () => (content.reload(), onChange());
  return loaded(content, ({ entries }) => {
      const tags = entries.map((each) => tagOf(each, source)).filter(Boolean).slice(0, SERIES);
      const marked = entries.filter((each) => each.modifyIntention && each.modifyValue);
      const hasAddresses = Boolean(source) && entries.some((each) => each.kind === "Operand" && !each.name);
      return html`<${Addresses} plc=${plc} table=${table} isNeeded=${hasAddresses}>${(values) => html`<${Table}
        label=${t("watch.rows", { table })} rows=${entries} keyOf=${(row) => row.number} height=${60} empty=${t("watch.empty")}
        columns=${[
          { id: "name", title: t("watch.operand"), show: (row) => (row.kind === "Operand" ? html`<code>${row.name || row.address}</code>` : row.comment) },
          { id: "displayFormat", title: t("watch.format"),
            show: (row) => row.name && html`<${Format} row=${row} chosen=${formats[row.number] ?? row.displayFormat}
              onChoose=${(format) => setFormats({ ...formats, [row.number]: format })} />` },
          { id: "value", title: t("watch.value"), numeric: true,
            show: (row) => html`<${Value} row=${row} tag=${tagOf(row, source)} format=${formats[row.number] ?? row.displayFormat} values=${values} />` },
          { id: "modifyValue", title: t("watch.modify"),
            show: (row) => html`${row.modifyIntention && html`<span title=${t("watch.marked")}>✎ </span>`}${row.modifyValue}` },
          { id: "actions", title: t("actions"),
            show: (row) => html`<${Buttons} plc=${plc} table=${table} row=${row} tag=${tagOf(row, source)} isReal=${source?.real} onDone=${reload} />` },
        ]} />`}<//>
        <p class="buttons">
          ${tags.length > 0 && html`<a class="button" href=${link(["trends"], { tag: tags })}>${t("watch.trend")}</a>`}
          ${marked.length > 0 &&
          html`<${Action} right="operator" request=${{ method: "POST", path: path`devices/${plc}/watch-tables/${table}/actions/modify`, body: {} }}
            confirm=${t("watch.modify.confirm",
              { values: marked.map((row) => `${row.name || row.address} := ${row.modifyValue}`).join(", ") })}>${t("watch.modify.marked")}<//>`}
        </p>
        <${Add} plc=${plc} table=${table} source=${source} onDone=${reload} />`;
    });
}

/** The tag of a row at the runtime; empty where it has none. @param {Api.WatchTagsEntry} row @param {Api.RuntimeSource|null} source */
function tagOf(row, source) {
  return source && row.kind === "Operand" && row.name ? `${source.name}:${row.name.replaceAll('"', "")}` : "";
}

/** @param {{row: Api.WatchTagsEntry, chosen: string, onChoose: (format: string) => void}} given */
function Format({ row, chosen, onChoose }) {
  const shown = chosen === "Undef" ? "" : chosen;
  const all = FORMATS.includes(shown) ? FORMATS : [...FORMATS, shown];
  return html`<select aria-label=${`${t("watch.format")} ${row.name}`} value=${shown} onChange=${(event) => onChoose(event.target.value)}>
    ${all.map((format) => html`<option value=${format}>${format || t("watch.format.type")}</option>`)}</select>`;
}

/** @param {{row: Api.WatchTagsEntry, tag: string, format: string, values: Values}} given */
function Value({ row, tag, format, values }) {
  if (row.kind !== "Operand") return null;
  if (tag) return html`<${Live} tag=${tag} format=${format} />`;
  const read = values.rows.find((each) => each.number === row.number);
  if (!read) return "—";
  return html`<span data-stale=${isStale(values.at) || read.error ? "yes" : undefined}>${read.error ? read.error.message
    : read.text} <small>${t("values.old", { age: age(clock.value - values.at) })}</small></span>`;
}

/**
 * Read rows that have only an address: the runtime has names, so the table is read again and again.
 * @typedef {{rows: Api.RowValue[], at: number}} Values
 * @param {{plc: string, table: string, isNeeded: boolean, children: (values: Values) => any}} given
 */
function Addresses({ plc, table, isNeeded, children }) {
  const [values, setValues] = useState(/** @type {Values} */ ({ rows: [], at: 0 }));
  const [, setTurn] = useState(0);
  useEffect(() => {
    if (!isNeeded) return;
    const stopping = new AbortController();
    let timer = 0;
    const read = async () => {
      try {
        const rows = await get(path`devices/${plc}/watch-tables/${table}/values`, { pageSize: 10000 }, stopping.signal);
        setValues({ rows, at: Date.now() });
      } catch {
        setTurn((turn) => turn + 1); // the values before stay, with their age
      }
      if (!stopping.signal.aborted) timer = setTimeout(read, PERIOD);
    };
    void read();
    return () => (stopping.abort(), clearTimeout(timer));
  }, [isNeeded, plc, table]);
  return children(values);
}

/** @param {{plc: string, table: string, row: Api.WatchTagsEntry, tag: string, isReal: boolean, onDone: () => void}} given */
function Buttons({ plc, table, row, tag, isReal, onDone }) {
  const name = row.name || row.address;
  return html`<span class="buttons">
    ${tag && html`<${Write} tag=${tag} isReal=${isReal} value=${row.modifyValue} /><a class="button"
      href=${link(["trends"], { tag: [tag] })}>${t("page.trends")}</a>`}
    ${may("engineer") &&
    html`<${Action} kind="quiet" request=${{ method: "POST", path: path`devices/${plc}/watch-tables/${table}/entries/actions/remove`,
      body: { numbers: [row.number] } }}
      confirm=${t("watch.remove.confirm", { name: name || row.comment, table })} onDone=${onDone}>${t("watch.remove")}<//>`}
  </span>`;
}

/** Add a tag; another page may name one in the address. @param {{plc: string, table: string, source: Api.RuntimeSource|null, onDone: () => void}} given */
function Add({ plc, table, source, onDone }) {
  const asked = route.value.query.get("add") || "";
  const [name, setName] = useState(asked);
  const [format, setFormat] = useState("");
  useEffect(() => setName(asked), [asked]);
  if (!may("engineer")) return null;
  const operand = name.trim().replace(/^[^:"]+:/, "");
  const entry = { ...(operand.startsWith("%") ? { address: operand } : { name: operand }), ...(format ? { displayFormat: format } : {}) };
  return html`<h2>${t("watch.add")}</h2>
    <p class="buttons">
      <label>${t("watch.operand")} <input type="text" value=${name} placeholder="Motor_DB.speed, %MW10" autofocus=${Boolean(asked)}
        onInput=${(event) => setName(event.target.value)} /></label>
      <label>${t("watch.format")} <select value=${format} onChange=${(event) => setFormat(event.target.value)}>
        ${FORMATS.map((each) => html`<option value=${each}>${each || t("watch.format.type")}</option>`)}</select></label>
      <${Action} kind="main" disabled=${!operand}
        request=${() => ({ method: "POST", path: path`devices/${plc}/watch-tables/${table}/entries`, body: { entries: [entry] } })}
        onDone=${() => (setName(""), setQuery({ add: "" }), onDone())}>${t("watch.add")}<//>
      ${asked && source && operand && !operand.startsWith("%")
        && html`<span>${t("write.now")} <${Live} tag=${`${source.name}:${operand.replaceAll('"', "")}`} /></span>`}
    </p>`;
}
