// @ts-check
/** An import of tags: how the rows are understood, what would change and all errors first; then the import. */
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { path, send } from "../api.js";
import { toast } from "../state.js";
import { number, t } from "../texts.js";
import { Dialog } from "./dialog.js";
import { Problem } from "./problem.js";
import { Table } from "./table.js";

/**
 * @param {{plc: string, body: any, lines?: number[], onDone: () => void, onClose: () => void}} given
 *   body: the tags, or the path of a file. lines: the lines of the tags in what was pasted.
 */
export function Importing({ plc, body, lines, onDone, onClose }) {
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
      const done = (await send("POST", target, { body })).data;
      toast(t("tags.imported", { created: done.created, updated: done.updated }), { kind: "done" });
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
    html`<p role="status">${t("tags.would", { created: number(report.created), updated: number(report.updated), unchanged: number(report.unchanged), errors: number(report.errors.length) })}</p>
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
    <p class="buttons"><button type="button" class="main" disabled=${!report || report.errors.length > 0 || isBusy} onClick=${run}>${t("tags.import.run")}</button>
      <button type="button" onClick=${onClose}>${t("cancel")}</button></p>
  <//>`;
}
