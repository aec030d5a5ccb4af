// @ts-check
/** An action: a button that sends a request, and the same request as curl, as a command of tia, and in Python. */
import { useState } from "preact/hooks";
import { html } from "htm/preact";
import { ApiProblem, send } from "../api.js";
import { asCurl, asPython, asTia } from "../copying.js";
import { link } from "../router.js";
import { may, toast } from "../state.js";
import { t } from "../texts.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icon.js";
import { Problem } from "./problem.js";

/**
 * @typedef {{method: string, path: string, body?: any, query?: Record<string, any>, headers?: Record<string, string>}} Request
 */

/**
 * @param {{request: Request | (() => Request), children: any, right?: "viewer"|"engineer"|"operator"|"administrator", confirm?: string,
 *   preview?: boolean, kind?: string, onDone?: (answer: any) => void, disabled?: boolean}} given
 *   confirm: a sentence that says what will happen; the reader agrees to it first.
 *   preview: whether the dry run's answer is shown before that.
 */
export function Action({ request, children, right = "engineer", confirm, preview, kind = "", onDone, disabled }) {
  const [isBusy, setBusy] = useState(false);
  const [asked, setAsked] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [isCopying, setCopying] = useState(false);
  const wanted = () => (typeof request === "function" ? request() : request);
  if (!may(right)) return html`<button type="button" class=${kind} disabled title=${t("right.needed", { right: t(`right.${right}`) })}>${children}</button>`;

  /** @param {Request} sent */
  const run = async (sent) => {
    setBusy(true);
    setProblem(null);
    try {
      const answer = await send(sent.method, sent.path, sent);
      setAsked(null);
      const job = answer.status === 202 && answer.data?.jobId;
      if (job) toast(t("job.started"), { href: link(["jobs", job]) });
      onDone?.(answer);
    } catch (failed) {
      setProblem(failed);
    } finally {
      setBusy(false);
    }
  };
  const begin = async () => {
    const sent = wanted();
    setProblem(null);
    if (!confirm && !preview) return run(sent);
    setAsked({ sent, answer: null });
    if (!preview) return;
    try {
      const answer = await send(sent.method, sent.path, { ...sent, query: { ...sent.query, dryRun: true } });
      setAsked({ sent, answer: answer.data });
    } catch (failed) {
      setProblem(failed instanceof ApiProblem ? failed : new ApiProblem({ detail: String(failed) }));
    }
  };
  return html`<span class="action">
    <button type="button" class=${kind} disabled=${disabled || isBusy} aria-busy=${isBusy ? "true" : undefined} onClick=${begin}>${children}</button>
    <button type="button" class="quiet copy" aria-label=${t("copy.as")} title=${t("copy.as")} onClick=${() => setCopying(true)}><${Icon} name="copy" /></button>
    ${isCopying && html`<${Copies} request=${wanted()} onClose=${() => setCopying(false)} />`}
    ${asked &&
    html`<${Dialog} title=${t("confirm")} onClose=${() => setAsked(null)}>
      ${confirm && html`<p>${confirm}</p>`}
      ${preview && (asked.answer ? html`<p>${asked.answer.summary}</p>` : !problem && html`<p class="busy">${t("busy")}</p>`)}
      ${problem && html`<${Problem} problem=${problem} />`}
      <p class="buttons"><button type="button" class="main danger" disabled=${isBusy || (preview && !asked.answer)}
        onClick=${() => run(asked.sent)}>${children}</button>
        <button type="button" onClick=${() => setAsked(null)}>${t("cancel")}</button></p>
    <//>`}
    ${problem && !asked && html`<${Dialog} title=${t("problem")} onClose=${() => setProblem(null)}><${Problem} problem=${problem} /><//>`}
  </span>`;
}

/** @param {{request: Request, onClose: () => void}} given */
function Copies({ request, onClose }) {
  const [texts, setTexts] = useState(/** @type {Record<string, string>|null} */ (null));
  if (!texts) void Promise.all([asTia(request), asPython(request)]).then(([tia, python]) => setTexts({ curl: asCurl(request), tia, Python: python }));
  return html`<${Dialog} title=${t("copy.as")} onClose=${onClose} wide>
    ${Object.entries(texts || {}).map(
      ([name, text]) => html`<h3>${name}</h3><pre tabindex="0">${text}</pre>
        <button type="button" onClick=${() => navigator.clipboard.writeText(text).then(() => toast(t("copied")))}>${t("copy")}</button>`,
    )}
  <//>`;
}
