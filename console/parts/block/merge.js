// @ts-check
/** Two texts side by side; the editor is loaded when one is shown. */
import { useEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { t } from "../../texts.js";

/**
 * @param {{left: string, right: string, labels: [string, string], onChange?: (text: string) => void}} given
 *   onChange: gets the right text after each edit; without it nothing can be edited.
 */
export function Merge({ left, right, labels, onChange }) {
  const host = useRef(/** @type {HTMLDivElement|null} */ (null));
  useEffect(() => {
    let view = /** @type {any} */ (null);
    let isWanted = true;
    void import("./editor.js").then(({ createMerge }) => {
      if (isWanted && host.current) view = createMerge({ host: host.current, left, right, labels, onChange });
    });
    return () => {
      isWanted = false;
      view?.destroy();
    };
  }, [left, Boolean(onChange)]);
  return html`<div class="merge">
    <div class="merge-heads"><span>${labels[0]}</span><span>${labels[1]}</span></div>
    ${left === right && html`<p class="hint">${t("merge.equal")}</p>`}
    <div class="editor" ref=${host}></div>
  </div>`;
}
