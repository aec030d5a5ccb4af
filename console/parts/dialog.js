// @ts-check
/** A dialog: the browser's own, so focus and Escape behave as everywhere. */
import { useEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { t } from "../texts.js";

/** @param {{title: string, onClose: () => void, children: any, wide?: boolean}} given */
export function Dialog({ title, onClose, children, wide }) {
  const element = useRef(/** @type {HTMLDialogElement|null} */ (null));
  useEffect(() => {
    const before = /** @type {HTMLElement|null} */ (document.activeElement);
    element.current?.showModal();
    return () => before?.focus?.();
  }, []);
  return html`<dialog ref=${element} class=${wide ? "wide" : ""} aria-label=${title} onClose=${onClose} onCancel=${onClose}>
    <div class="dialog-head"><h2>${title}</h2><button type="button" class="quiet" aria-label=${t("close")} onClick=${onClose}>×</button></div>
    ${children}
  </dialog>`;
}
