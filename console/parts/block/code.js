// @ts-check
/** The code of a block: SCL to edit, with findings while typing; any other language as text. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "htm/preact";
import { BASE, path, send } from "../../api.js";
import { may } from "../../state.js";
import { t } from "../../texts.js";
import { loaded, useRead } from "../load.js";
import { Problem } from "../problem.js";
import { Saving } from "./saving.js";

/**
 * Texts that are not saved yet, by PLC and block: a view that is left and opened again has them.
 * @type {Map<string, {text: string, base: string, etag: string}>}
 */
const drafts = new Map();
addEventListener("beforeunload", (event) => drafts.size && event.preventDefault());

/** @param {{plc: string, block: string}} given */
export function Code({ plc, block }) {
  /** @type {Reading<Api.BlockContent>} */
  const content = useRead(path`devices/${plc}/blocks/${block}/content`);
  return loaded(content, (found) =>
      found.sourceText === null
        ? html`<${Listing} content=${found} />`
        : html`<${Source} key=${`${plc}/${block}/${content.etag}`} plc=${plc} block=${block} content=${found} etag=${content.etag}
          reload=${content.reload} />`);
}

/** @param {{content: Api.BlockContent}} given */
function Listing({ content }) {
  if (!content.listing) return html`<p class="empty">${t(content.isKnowHowProtected ? "code.protected" : "code.unknown")}</p>`;
  return html`<p class="hint">${t("code.listing", { language: content.programmingLanguage })}</p><pre tabindex="0">${content.listing}</pre>`;
}

/** @param {{plc: string, block: string, content: Api.BlockContent, etag: string, reload: () => void}} given */
function Source({ plc, block, content, etag, reload }) {
  const key = `${plc}/${block}`;
  const kept = drafts.get(key);
  const base = useRef({ text: kept?.base ?? content.sourceText ?? "", etag: kept?.etag ?? etag });
  const [text, setText] = useState(kept?.text ?? base.current.text);
  const [checked, setChecked] = useState(/** @type {Checked|null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [isSaving, setSaving] = useState(false);
  const host = useRef(/** @type {HTMLDivElement|null} */ (null));
  const view = useRef(/** @type {import("@codemirror/view").EditorView|null} */ (null));
  const isChanged = text !== base.current.text;

  useEffect(() => {
    let asking = new AbortController();
    let isWanted = true;
    /** @param {string} written */
    const check = async (written) => {
      asking.abort();
      asking = new AbortController();
      try {
        const answer = await send("POST", "check/scl", { body: { deviceName: plc, text: written, blockName: block }, signal: asking.signal });
        const findings = answer.data.findings.map((/** @type {Api.TextFinding} */ each) =>
          ({ ...each, address: each.page && new URL(`docs/${each.page}`, BASE).href }));
        setChecked({ ...answer.data, findings });
        setProblem(null);
        return findings;
      } catch (failed) {
        if (!asking.signal.aborted) setProblem(failed);
        return [];
      }
    };
    void import("./editor.js").then(({ createEditor }) => {
      if (isWanted && host.current)
        view.current = createEditor({ host: host.current, text, label: t("code.label", { block }), onChange: setText, check });
    }, setProblem);
    return () => {
      isWanted = false;
      asking.abort();
      view.current?.destroy();
    };
  }, []);
  useLayoutEffect(() => {  // before the page is painted: another page may follow at once
    if (isChanged) drafts.set(key, { text, base: base.current.text, etag: base.current.etag });
    else drafts.delete(key);
  }, [text]);

  /** @param {string} written */
  const write = (written) => view.current?.dispatch({ changes: { from: 0, to: view.current.state.doc.length, insert: written } });
  const done = () => {
    drafts.delete(key);
    setSaving(false);
    reload();
  };
  return html`<p class="buttons">
      <button type="button" class="main" disabled=${!isChanged || !may("engineer")}
        title=${may("engineer") ? undefined : t("right.needed", { right: t("right.engineer") })}
        onClick=${() => setSaving(true)}>${t("save")}</button>
      <button type="button" disabled=${!isChanged} onClick=${() => write(base.current.text)}>${t("code.discard")}</button>
      ${content.needsCompilation && html`<span class="badge">${t("code.inconsistent")}</span>`}
      ${isChanged && html`<span class="badge">${t("code.unsaved")}</span>`}
    </p>
    <div class="editor" ref=${host}></div>
    <p class="hint">${t("code.keys")}</p>
    ${problem && html`<${Problem} problem=${problem} />`}
    ${checked && html`<${Findings} checked=${checked} show=${(finding) => show(view.current, finding)} />`}
    ${isSaving &&
    html`<${Saving} plc=${plc} block=${block} base=${base.current} mine=${text} onSaved=${done} onClose=${() => setSaving(false)}
      onTake=${(theirs, tag) => {
        base.current = { text: theirs, etag: tag };
        write(theirs);
        setSaving(false);
      }} />`}`;
}

/**
 * Show the place of a finding.
 * @param {import("@codemirror/view").EditorView|null} view
 * @param {Api.TextFinding} finding
 */
function show(view, finding) {
  if (!view) return;
  const line = view.state.doc.line(Math.min(finding.line, view.state.doc.lines));
  view.dispatch({ selection: { anchor: Math.min(line.from + finding.column - 1, line.to) }, scrollIntoView: true });
  view.focus();
}

/**
 * @typedef {Api.TextFinding & {address: string}} Finding
 * @typedef {Omit<Api.CheckedText, "findings"> & {findings: Finding[]}} Checked
 */

/** @param {{checked: Checked, show: (finding: Api.TextFinding) => void}} given */
function Findings({ checked, show }) {
  const count = (/** @type {string} */ severity) => checked.findings.filter((each) => each.severity === severity).length;
  const order = { error: 0, warning: 1, note: 2 };
  const rows = [...checked.findings].sort((one, other) => order[one.severity] - order[other.severity] || one.line - other.line);
  return html`<section aria-label=${t("code.findings")}>
    <p role="status">${t("code.count", { errors: count("error"), warnings: count("warning"), notes: count("note") })}</p>
    <ul class="findings">
      ${rows.slice(0, 200).map(
        (each) => html`<li data-severity=${each.severity}>
          <button type="button" class="link" onClick=${() => show(each)}>${t("code.line", { line: each.line })}</button>
          <strong>${t(`severity.${each.severity}`)}</strong> ${each.message}
          ${each.address ? html` <a href=${each.address} target="_blank" rel="noreferrer">${each.code}</a>` : html` <code>${each.code}</code>`}
        </li>`,
      )}
    </ul>
    ${checked.leftOut > 0 && html`<p class="hint">${t("more", { count: checked.leftOut })}</p>`}
    ${checked.unread.length > 0 && html`<p class="warning">${t("code.unread", { names: checked.unread.map((each) => each.name).join(", ") })}</p>`}
  </section>`;
}
