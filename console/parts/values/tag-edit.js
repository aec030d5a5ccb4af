// @ts-check
/** A cell of the table of tags: the new value is tried first, and written only if nobody has changed the tag meanwhile. */
import { useState } from "preact/hooks";
import { html } from "htm/preact";
import { path, send } from "../../api.js";
import { toast } from "../../state.js";
import { t } from "../../texts.js";
import { Dialog } from "../dialog.js";
import { Problem } from "../problem.js";

/** The name of each field in the request. @type {Record<string, string>} */
const SENT = { name: "newName", dataType: "dataType", logicalAddress: "logicalAddress", comment: "comment" };

/** @param {{plc: string, tag: any, field: string, onDone: () => void, onClose: () => void}} given */
export function TagEdit({ plc, tag, field, onDone, onClose }) {
  const target = path`devices/${plc}/tag-tables/${tag.table}/tags/${tag.name}`;
  const [value, setValue] = useState(tag[field]);
  const [tried, setTried] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [isBusy, setBusy] = useState(false);

  /** @param {boolean} isTrial */
  const put = async (isTrial) => {
    setBusy(true);
    setProblem(null);
    try {
      const table = await send("GET", path`devices/${plc}/tag-tables/${tag.table}/tags`, { query: { filter: `name=${tag.name}`, pageSize: 10 } });
      const now = table.data.find((/** @type {any} */ each) => each.name === tag.name);
      if (!now || ["dataType", "logicalAddress", "comment"].some((each) => now[each] !== tag[each])) throw new Error(t("tags.changed"));
      const answer = await send("PUT", target, { body: { [SENT[field]]: value }, query: isTrial ? { dryRun: true } : {} });
      if (isTrial) return setTried({ value, answer: answer.data });
      toast(t("tags.saved", { name: tag.name }), { kind: "done" });
      onDone();
    } catch (failed) {
      setTried(null);
      setProblem(failed);
    } finally {
      setBusy(false);
    }
  };
  const isTried = tried?.value === value;
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    if (value !== tag[field]) void put(!isTried);
  };
  return html`<${Dialog} title=${t("tags.edit", { field: t(`tag.${field}`), name: tag.name })} onClose=${onClose}>
    <form onSubmit=${submit}>
      <label class="field">${t(`tag.${field}`)}<input autofocus value=${value} onInput=${(event) => setValue(event.target.value)} /></label>
      ${isTried && html`<p role="status">${tried.answer.summary}</p><p class="difference"><del>${tag[field] || "–"}</del> <ins>${value || "–"}</ins></p>`}
      ${problem && html`<${Problem} problem=${problem} />`}
      <p class="buttons"><button type="submit" class="main" disabled=${isBusy || value === tag[field]}>${t(isTried ? "save" : "tags.preview")}</button>
        <button type="button" onClick=${onClose}>${t("cancel")}</button></p>
    </form>
  <//>`;
}
