// @ts-check
/**
 * The way of a text into the project: try it, show the difference, import it if nobody has changed the block meanwhile, compile.
 * Where somebody has, three versions are shown: that of the beginning, theirs, and mine. Nothing is overwritten unseen.
 */
import { useEffect, useState } from "preact/hooks";
import { html } from "htm/preact";
import { path, send } from "../../api.js";
import { toast } from "../../state.js";
import { t } from "../../texts.js";
import { Dialog } from "../dialog.js";
import { Merge } from "./merge.js";
import { Problem } from "../problem.js";

/**
 * @param {{plc: string, block: string, base: {text: string, etag: string}, mine: string, onSaved: () => void, onClose: () => void,
 *   onTake: (theirs: string, etag: string) => void}} given
 *   onTake: gets the other version where the reader drops the own one.
 */
export function Saving({ plc, block, base, mine, onSaved, onClose, onTake }) {
  const target = path`devices/${plc}/blocks/${block}`;
  const [onto, setOnto] = useState(base);
  const [text, setText] = useState(mine);
  const [stage, setStage] = useState("trying");
  const [theirs, setTheirs] = useState(/** @type {any} */ (null));
  const [errors, setErrors] = useState(/** @type {Api.TextFinding[]} */ ([]));
  const [words, setWords] = useState(/** @type {any[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [report, setReport] = useState(/** @type {Api.CompileReport|null} */ (null));

  /** @param {{text: string, etag: string}} version @param {boolean} isTrial */
  const put = (version, isTrial) =>
    send("PUT", `${target}/content`, { body: { sourceText: text }, query: isTrial ? { dryRun: true } : {}, headers: { "If-Match": version.etag } });

  /** @param {any} failed @param {{text: string, etag: string}} version @returns {Promise<any>} */
  const fail = async (failed, version) => {
    if (failed.status === 412) return tryOn(version);
    setProblem(failed);
    setStage("refused");
  };

  /** @param {{text: string, etag: string}} version @returns {Promise<any>} */
  const tryOn = async (version) => {
    setStage("trying");
    setProblem(null);
    try {
      const read = await send("GET", `${target}/content`);
      const now = { text: read.data.sourceText ?? read.data.listing, etag: read.etag };
      if (now.text !== version.text) {
        setTheirs(now);
        return setStage("conflict");
      }
      setOnto(now); // it may be compiled or moved meanwhile, with the same text
      await put(now, true);
    } catch (failed) {
      return fail(failed, version);
    }
    const body = { deviceName: plc, blockName: block, left: "project", right: "text", text };
    const compared = await send("POST", "diff", { body }).catch(() => null); // the texts show it, too
    setWords(compared?.data.changes || []);
    const checked = await send("POST", "check/scl", { body: { deviceName: plc, blockName: block, text } }).catch(() => null); // a compilation finds them, too
    setErrors((checked?.data.findings || []).filter((/** @type {Api.TextFinding} */ each) => each.severity === "error"));
    setStage("ready");
  };
  useEffect(() => void tryOn(base), []);

  const save = async () => {
    setStage("saving");
    try {
      await put(onto, false);
    } catch (failed) {
      return fail(failed, onto);
    }
    try {
      const compiled = (await send("POST", `${target}/actions/compile`, { body: {} })).data;
      if (!compiled.result.errorCount) {
        toast(t("save.done", { block }), { kind: "done" });
        return onSaved();
      }
      setReport(compiled);
    } catch (failed) {
      setProblem(failed);
    }
    setStage("saved");
  };

  const end = stage === "saved" ? onSaved : onClose;
  return html`<${Dialog} title=${t(stage === "conflict" ? "save.conflict" : "save.title", { block })} onClose=${end} wide>
    ${(stage === "trying" || stage === "saving") && html`<p class="busy" role="status">${t(`save.${stage}`)}</p>`}
    ${problem && html`<${Problem} problem=${problem} />`}
    ${(stage === "ready" || stage === "saving") &&
    html`${errors.length > 0 && html`<div class="warning" role="alert">${t("save.known", { count: errors.length })}
        <ul>${errors.map((each) => html`<li>${each.message}</li>`)}</ul></div>`}
      <ul>${words.map((each) => html`<li>${each.text}</li>`)}</ul>
      <${Merge} left=${onto.text} right=${text} labels=${[t("save.now"), t("save.mine")]} />
      <p class="buttons"><button type="button" class="main" disabled=${stage === "saving"} onClick=${save}>${t("save.import")}</button>
        <button type="button" onClick=${onClose}>${t("cancel")}</button></p>`}
    ${stage === "conflict" &&
    html`<${Conflict} base=${base.text} theirs=${theirs.text} mine=${text} onMine=${setText} />
      <p class="buttons"><button type="button" class="main" onClick=${() => tryOn(theirs)}>${t("save.merged")}</button>
        <button type="button" class="danger" onClick=${() => onTake(theirs.text, theirs.etag)}>${t("save.theirs.take")}</button>
        <button type="button" onClick=${onClose}>${t("cancel")}</button></p>`}
    ${report &&
    html`<p class="warning">${t("save.errors", { count: report.result.errorCount })}</p>
      <ul>${report.diagnostics.map((each) => html`<li>${each.text || each.message}</li>`)}</ul>`}
    ${(stage === "saved" || stage === "refused") && html`<p><button type="button" onClick=${end}>${t("close")}</button></p>`}
  <//>`;
}

/** @param {{base: string, theirs: string, mine: string, onMine: (text: string) => void}} given */
function Conflict({ base, theirs, mine, onMine }) {
  const [shown, setShown] = useState("both");
  /** @type {Record<string, {left: string, right: string, labels: string[], onChange?: (text: string) => void}>} */
  const views = {
    both: { left: theirs, right: mine, labels: [t("save.theirs"), t("save.mine")], onChange: onMine },
    theirs: { left: base, right: theirs, labels: [t("save.base"), t("save.theirs")] },
    mine: { left: base, right: mine, labels: [t("save.base"), t("save.mine")] },
  };
  return html`<p class="warning">${t("save.conflict.hint")}</p>
    <fieldset><legend class="visually-hidden">${t("save.compare")}</legend>
      ${Object.keys(views).map(
        (name) => html`<label><input type="radio" name="views" checked=${name === shown} onChange=${() => setShown(name)} />${t(`save.view.${name}`)}</label>`,
      )}
    </fieldset>
    <${Merge} key=${shown} ...${views[shown]} />`;
}
