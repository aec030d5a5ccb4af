// @ts-check
/** An import of tags, from a file or a spreadsheet: what would change, and all errors, are shown first. */
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { path, send } from "../../api.js";
import { toast } from "../../state.js";
import { number, t } from "../../texts.js";
import { Dialog } from "../dialog.js";
import { Problem } from "../problem.js";
import { Table } from "../table.js";

/**
 * @param {{plc: string, body: any, lines?: number[], onDone: () => void, onClose: () => void}} given
 *   body: the tags, or the path of a file. lines: the lines of the tags in what was pasted.
 */
export function Importing({ plc, body: given, lines, onDone, onClose }) {
  const body = { ...given, mode: "update" };
  const target = path`devices/${plc}/tags/actions/import-sync`;
  const [report, setReport] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    send("POST", target, { body: { ...body, dryRun: true } }).then((answer) => setReport(answer.data), setProblem);
  }, []);
  const run = async () => {
    setBusy(true);
    try {
      toast(t("tags.imported", (await send("POST", target, { body })).data), { kind: "done" });
      onDone();
    } catch (failed) {
      setProblem(failed);
      setBusy(false);
    }
  };
  /** @param {any} each */
  const place = (each) => [each.sheet, lines ? lines[each.row - 1] ?? each.row : each.row].filter(Boolean).join(" ");
  return html`<${Dialog} title=${t("tags.import")} onClose=${onClose} wide>
    ${!report && !problem && html`<p class="busy" role="status">${t("busy")}</p>`}
    ${problem && html`<${Problem} problem=${problem} />`}
    ${report &&
    html`<p role="status">${t("tags.would",
      { created: number(report.created), updated: number(report.updated), unchanged: number(report.unchanged), errors: number(report.errors.length) })}</p>
      ${report.newTables.length > 0 && html`<p>${t("tags.tables.new", { names: report.newTables.join(", ") })}</p>`}
      ${report.errors.length > 0 &&
      html`<h3>${t("tags.errors")}</h3>
        <${Table} label=${t("tags.errors")} rows=${report.errors} keyOf=${(each) => report.errors.indexOf(each)} height=${12}
          columns=${[
            { id: "row", title: t("row"), show: place, numeric: true },
            { id: "column", title: t("column") },
            { id: "message", title: t("problem"), wide: true },
            { id: "code", title: t("code"), show: (each) => html`<code>${each.code}</code>` },
          ]} />`}
      ${report.notes.length + report.skippedRows.length > 0 &&
      html`<details><summary>${t("tags.notes", { count: report.notes.length + report.skippedRows.length })}</summary>
        <ul>${[...report.notes, ...report.skippedRows].slice(0, 200).map((each) => html`<li>${place(each)}: ${each.message}</li>`)}</ul></details>`}
      <h3>${t("tags.first")}</h3>
      <${Table} label=${t("tags.first")} rows=${report.firstRows} keyOf=${(each) => `${each.sheet} ${each.row}`} height=${12}
        columns=${["name", "dataType", "logicalAddress", "value", "comment", "path"].map((id) => ({ id, title: t(`tag.${id}`) }))} />`}
    <p class="buttons"><button type="button" class="main" disabled=${!report || report.errors.length > 0 || isBusy}
      onClick=${run}>${t("tags.import.run")}</button>
      <button type="button" onClick=${onClose}>${t("cancel")}</button></p>
  <//>`;
}

/** Titles in English and German, as spreadsheets of TIA Portal have them. @type {Record<string, string>} */
const TITLES = {
  name: "name", symbol: "name", "tag name": "name", variable: "name",
  path: "path", table: "path", "tag table": "path", pfad: "path", tabelle: "path", variablentabelle: "path",
  "data type": "dataType", type: "dataType", datentyp: "dataType", typ: "dataType",
  "logical address": "logicalAddress", address: "logicalAddress", adresse: "logicalAddress", "logische adresse": "logicalAddress",
  comment: "comment", kommentar: "comment",
};
const ORDER = ["name", "dataType", "logicalAddress", "comment", "path"];

/**
 * Read rows.
 * @param {string} text
 * @returns {{tags: Record<string, string>[], fields: string[], lines: number[]}} The tags, the fields of the columns ("" for
 *   one that is not used), and the line of each tag, from 1.
 */
export function readRows(text) {
  const rows = split(text);
  const titles = (rows[0]?.cells || []).map((cell) => TITLES[cell.trim().toLowerCase()] || "");
  const isTitled = titles.includes("name") && titles.filter(Boolean).length > 1;
  const fields = isTitled ? titles : ORDER;
  /** @type {Record<string, string>[]} */
  const tags = [];
  const lines = [];
  for (const { cells, line } of rows.slice(isTitled ? 1 : 0)) {
    const tag = Object.fromEntries(cells.map((cell, index) => [fields[index], cell.trim()]).filter(([field, cell]) => field && cell));
    if (!Object.keys(tag).length) continue;
    tags.push({ name: "", ...tag });
    lines.push(line);
  }
  return { tags, fields, lines };
}

/**
 * Cut a text into cells; a spreadsheet puts a cell with line breaks in quotes.
 * @param {string} text
 */
function split(text) {
  /** @type {{cells: string[], line: number}[]} */
  const rows = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r?\n|$)/y;
  let row = { cells: /** @type {string[]} */ ([]), line: 1 };
  let line = 1;
  for (let found; cell.lastIndex < text.length && (found = cell.exec(text)); ) {
    row.cells.push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
    line += (found[0].match(/\n/g) || []).length;
    if (found[3] === "\t") continue;
    rows.push(row);
    row = { cells: [], line };
  }
  if (row.cells.length) rows.push(row);
  return rows;
}
