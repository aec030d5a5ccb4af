// @ts-check
/** Tags and types: all tags of a PLC in a table that reads only what is visible, and the data types with their members. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { html } from "htm/preact";
import { path, send } from "../api.js";
import { may } from "../state.js";
import { number, t } from "../texts.js";
import { Dialog } from "../parts/dialog.js";
import { Importing, readRows } from "../parts/values/importing.js";
import { loaded, useRead } from "../parts/load.js";
import { Problem } from "../parts/problem.js";
import { Table } from "../parts/table.js";
import { Tabs } from "../parts/tabs.js";
import { TagEdit } from "../parts/values/tag-edit.js";

const PAGE = 200;
const COLUMNS = ["name", "dataType", "logicalAddress", "comment", "table"];

/** @param {{plc: string}} names */
export default function Tags({ plc }) {
  return html`<h1>${t("page.tags")}</h1>
    <${Tabs} label=${t("page.tags")} tabs=${[
      { id: "tags", title: t("tags"), show: () => html`<${TagTable} key=${plc} plc=${plc} />` },
      { id: "types", title: t("types"), show: () => html`<${Types} plc=${plc} />` },
    ]} />`;
}

/**
 * Rows that are read page by page when they become visible.
 * @param {string} target
 * @param {Record<string, any>} query
 */
function usePages(target, query) {
  const wanted = JSON.stringify([target, query]);
  const [state, setState] = useState({ rows: /** @type {any[]} */ ([]), total: -1, problem: /** @type {any} */ (null) });
  const [turn, setTurn] = useState(0);
  const pages = useRef(/** @type {Set<number>} */ (new Set()));
  const stopping = useRef(new AbortController());
  const read = useCallback(
    async (/** @type {number} */ page) => {
      if (pages.current.has(page)) return;
      pages.current.add(page);
      const { signal } = stopping.current;
      try {
        const answer = await send("GET", target, { query: { ...query, page: page + 1, pageSize: PAGE }, signal });
        setState((before) => {
          const total = answer.total ?? answer.data.length;
          const rows = before.rows.length === total ? [...before.rows] : Array(total).fill(undefined);
          answer.data.forEach((/** @type {any} */ each, /** @type {number} */ index) => (rows[page * PAGE + index] = each));
          return { rows, total, problem: null };
        });
      } catch (problem) {
        pages.current.delete(page);
        if (!signal.aborted) setState((before) => ({ ...before, problem }));
      }
    },
    [wanted, turn],
  );
  useEffect(() => {
    stopping.current = new AbortController();
    pages.current = new Set();
    setState({ rows: [], total: -1, problem: null });
    void read(0);
    return () => stopping.current.abort();
  }, [wanted, turn]);
  const need = useCallback(
    (/** @type {number} */ first, /** @type {number} */ last) => {
      for (let page = Math.floor(first / PAGE); page <= Math.floor(Math.max(last - 1, first) / PAGE); page++) void read(page);
    },
    [read],
  );
  return { ...state, need, reload: () => setTurn((before) => before + 1) };
}

/** @param {{plc: string}} given */
function TagTable({ plc }) {
  const [filters, setFilters] = useState(/** @type {Record<string, string>} */ ({}));
  const [typed, setTyped] = useState(/** @type {Record<string, string>} */ ({}));
  const [sort, setSort] = useState("");
  const [edited, setEdited] = useState(/** @type {any} */ (null));
  const [incoming, setIncoming] = useState(/** @type {any} */ (null));
  const filter = Object.entries(filters).filter(([, text]) => text).map(([name, text]) => `${name}~*${text.replace(/[;*?]/g, "?")}*`).join(";");
  const tags = usePages(path`devices/${plc}/tags/all`, { ...(filter ? { filter } : {}), ...(sort ? { sort } : {}) });
  useEffect(() => {
    const timer = setTimeout(() => setFilters(typed), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  /** @param {ClipboardEvent} event */
  const paste = (event) => {
    const text = event.clipboardData?.getData("text/plain") || "";
    if (!may("engineer") || /** @type {HTMLElement} */ (event.target).closest("input, textarea, dialog") || !text.trim()) return;
    event.preventDefault();
    begin(text);
  };
  /** @param {string} text */
  const begin = (text) => {
    const { tags: rows, lines } = readRows(text);
    setIncoming({ body: { tags: rows }, lines });
  };
  useEffect(() => {
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, []);
  return html`<div class="filters">
      ${COLUMNS.map((id) => html`<label>${t(`tag.${id}`)} <input type="search" size="12" value=${typed[id] || ""}
        onInput=${(event) => setTyped({ ...typed, [id]: event.target.value })} /></label>`)}
      <label>${t("sort")} <select value=${sort} onChange=${(event) => setSort(event.target.value)}>
        <option value="">${t("tags.order")}</option>${COLUMNS.map((id) => html`<option value=${id}>${t(`tag.${id}`)}</option>`)}</select></label>
    </div>
    ${may("engineer") && html`<${Sources} onText=${begin} onFile=${(filePath) => setIncoming({ body: { filePath } })} />`}
    ${tags.problem && html`<${Problem} problem=${tags.problem} retry=${tags.reload} />`}
    <p role="status" class="hint">${tags.total < 0 ? t("busy") : t("tags.count", { count: number(tags.total) })}</p>
    ${tags.total >= 0 &&
    html`<${Table} label=${t("tags")} rows=${tags.rows} keyOf=${(tag) => `${tag.table}/${tag.name}`} onNeed=${tags.need} empty=${t("tags.none")}
      columns=${COLUMNS.map((id) => ({ id, title: t(`tag.${id}`), wide: id === "comment",
        show: (tag) => (id === "table" || !may("engineer") ? tag[id]
          : html`<button type="button" class="quiet cell" onClick=${() => setEdited({ tag, field: id })}>${tag[id] || "–"}<span
            class="visually-hidden">, ${t("tags.edit", { field: t(`tag.${id}`), name: tag.name })}</span></button>`) }))} />`}
    ${edited && html`<${TagEdit} plc=${plc} tag=${edited.tag} field=${edited.field} onClose=${() => setEdited(null)}
      onDone=${() => (setEdited(null), tags.reload())} />`}
    ${incoming && html`<${Importing} plc=${plc} ...${incoming} onClose=${() => setIncoming(null)} onDone=${() => (setIncoming(null), tags.reload())} />`}`;
}

/** Where new tags come from: what is pasted, or a file. @param {{onText: (text: string) => void, onFile: (path: string) => void}} given */
function Sources({ onText, onFile }) {
  const [text, setText] = useState(/** @type {string|null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  /** @param {Event} event */
  const upload = async (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    if (!file) return;
    setProblem(null);
    try {
      const query = { path: `imports/${file.name}`, overwrite: true };
      onFile((await send("POST", "files", { query, body: new Blob([file], { type: "application/octet-stream" }) })).data.path);
    } catch (failed) {
      setProblem(failed);
    }
    input.value = "";
  };
  return html`<p class="buttons"><button type="button" onClick=${() => setText("")}>${t("tags.paste")}</button>
      <label class="button">${t("tags.file")} <input type="file" accept=".xlsx,.csv,.sdf,.json,.xml,.tsv,.txt" onChange=${upload} /></label></p>
    ${problem && html`<${Problem} problem=${problem} />`}
    ${text !== null &&
    html`<${Dialog} title=${t("tags.paste")} onClose=${() => setText(null)} wide>
      <p>${t("tags.paste.hint")}</p>
      <label class="field wide">${t("tags.paste.rows")}<textarea rows="12" autofocus value=${text}
        onInput=${(event) => setText(event.target.value)}></textarea></label>
      <p class="buttons"><button type="button" class="main" disabled=${!text.trim()}
        onClick=${() => (onText(text), setText(null))}>${t("tags.preview")}</button></p>
    <//>`}`;
}

/** @param {{plc: string}} given */
function Types({ plc }) {
  /** @type {Reading<Api.UdtInfo[]>} */
  const types = useRead(path`devices/${plc}/udts`);
  const [shown, setShown] = useState("");
  return loaded(types, (rows) => html`<${Table} label=${t("types")} rows=${rows} keyOf=${(type) => type.name} empty=${t("types.none")}
      columns=${[
        { id: "name", title: t("name"), sort: true, wide: true,
          show: (type) => html`<button type="button" class="link" onClick=${() => setShown(type.name)}>${type.name}</button>` },
        { id: "folder", title: t("folder"), sort: true },
        { id: "isConsistent", title: t("types.state"), show: (type) => t(type.isConsistent ? "types.consistent" : "code.inconsistent") },
      ]} />
      ${shown && html`<${Members} key=${shown} plc=${plc} name=${shown} />`}`);
}

/** @param {any[]} members @param {number} depth @param {string} above @returns {any[]} */
function flatten(members, depth, above) {
  return members.flatMap((each) => [{ ...each, depth, path: `${above}${each.name}` }, ...flatten(each.members || [], depth + 1, `${above}${each.name}.`)]);
}

/** @param {{plc: string, name: string}} given */
function Members({ plc, name }) {
  /** @type {Reading<Api.Udt>} */
  const found = useRead(path`devices/${plc}/udts/${name}`);
  return html`<h2>${name}</h2>
    ${loaded(found, (type) => html`${type.comment && html`<p>${type.comment}</p>`}
        <${Table} label=${t("types.members", { name })} rows=${flatten(type.members, 0, "")} keyOf=${(each) => each.path}
          columns=${[
            { id: "path", title: t("name"), wide: true },
            { id: "dataType", title: t("tag.dataType") },
            { id: "startValue", title: t("types.start"), show: (each) => String(each.startValue ?? "") },
            { id: "comment", title: t("tag.comment") },
          ]} />`)}`;
}
