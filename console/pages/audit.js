// @ts-check
/** Audit: who changed what, with the values before and after, and whether the log is complete. */
import { useState } from "preact/hooks";
import { html } from "htm/preact";
import { get } from "../api.js";
import { route, setQuery } from "../router.js";
import { range } from "../state.js";
import { t, when } from "../texts.js";
import { Action } from "../parts/action.js";
import { Dialog } from "../parts/dialog.js";
import { Download } from "../parts/download.js";
import { loaded, useRead } from "../parts/load.js";
import { Problem } from "../parts/problem.js";
import { State } from "../parts/state.js";
import { Table } from "../parts/table.js";

const FILTERS = ["caller", "operation", "outcome"];

/** Write what is there as lines of name and value. @param {any} value */
function lines(value) {
  return JSON.stringify(value, null, 2).split("\n");
}

export default function Audit() {
  const { query } = route.value;
  const times = { since: range.value.from || undefined, until: range.value.to || undefined };
  const wanted = { limit: 500, ...times, ...Object.fromEntries(FILTERS.map((name) => [name, query.get(name) || undefined])) };
  const entries = useRead("audit", wanted);
  const [shown, setShown] = useState(/** @type {Api.AuditEntry|null} */ (null));
  const [verdict, setVerdict] = useState(/** @type {Api.Verdict|null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [older, setOlder] = useState(/** @type {Api.AuditEntry[]} */ ([]));

  /** @param {Api.AuditEntry[]} rows */
  const more = (rows) => get("audit", { ...wanted, before: rows[rows.length - 1].number }).then((next) => setOlder([...older, ...next]), setProblem);

  return html`<h1>${t("page.audit")}</h1>
    <p class="buttons">
      <${Action} right="administrator" request=${{ method: "GET", path: "audit/verify" }} onDone=${(answer) => setVerdict(answer.data)}>${t("audit.verify")}<//>
      <${Download} path="audit/export" query=${{ format: "csv", ...times }} name="audit.csv">${t("audit.export")}<//>
    </p>
    ${verdict &&
    html`<p role="status"><${State} state=${verdict.ok ? t("audit.complete") : t("audit.broken")} kind=${verdict.ok ? "good" : "bad"} />
      ${" "}${t("audit.verdict", { entries: verdict.entries, last: verdict.last })} ${verdict.reason}</p>`}
    ${problem && html`<${Problem} problem=${problem} />`}
    <form class="filters" onSubmit=${(event) => event.preventDefault()}>
      ${FILTERS.map((name) => html`<label>${t(`audit.${name}`)} <input type="search" value=${query.get(name) || ""}
        onChange=${(event) => (setOlder([]), setQuery({ [name]: event.target.value }))} /></label>`)}
    </form>
    ${loaded(entries, (rows) => html`<${Table} label=${t("page.audit")} rows=${[...rows, ...older]} keyOf=${(entry) => entry.number}
      empty=${t("audit.none")} onOpen=${setShown}
          columns=${[
            { id: "number", title: "#", numeric: true },
            { id: "at", title: t("time"), show: (entry) => when(entry.at) },
            { id: "caller", title: t("audit.caller") },
            { id: "operation", title: t("operation"), wide: true,
              show: (entry) => html`<button type="button" class="quiet link" onClick=${() => setShown(entry)}>${entry.operation}</button>` },
            { id: "outcome", title: t("audit.outcome"), show: (entry) => html`<${State} state=${entry.outcome} />` },
            { id: "address", title: t("audit.address") },
          ]} />
        ${rows.length === 500 && html`<p><button type="button" onClick=${() => more([...rows, ...older])}>${t("audit.older")}</button></p>`}`)}
    ${shown && html`<${Entry} entry=${shown} onClose=${() => setShown(null)} />`}`;
}

/** @param {{entry: Api.AuditEntry, onClose: () => void}} given */
function Entry({ entry, onClose }) {
  const before = lines(entry.before ?? null);
  const after = lines(entry.after ?? null);
  return html`<${Dialog} title=${`${entry.operation} · ${when(entry.at)}`} onClose=${onClose} wide>
    <p>${entry.caller} · ${entry.address} · ${entry.client} · <${State} state=${entry.outcome} /> · ${entry.milliseconds} ms</p>
    <h3>${t("audit.request")}</h3><pre tabindex="0">${lines(entry.arguments).join("\n")}</pre>
    <h3>${t("audit.change")}</h3>
    ${entry.before === null && entry.after === null
      ? html`<p>${t("audit.unchanged")}</p>`
      : html`<pre tabindex="0" class="difference">${before.filter((line) => !after.includes(line)).map((line) =>
        html`<del>- ${line}${"\n"}</del>`)}${after.map((line) => (before.includes(line) ? `  ${line}\n` : html`<ins>+ ${line}${"\n"}</ins>`))}</pre>`}
  <//>`;
}
