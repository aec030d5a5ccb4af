// @ts-check
/** Messages in passing. */
import { html } from "htm/preact";
import { dismiss, toasts } from "../state.js";
import { t } from "../texts.js";

export function Toasts() {
  return html`<div class="toasts" role="status" aria-live="polite">
    ${toasts.value.map(
      (each) => html`<p key=${each.id} class="toast" data-kind=${each.kind}>
        ${each.href ? html`<a href=${each.href}>${each.text}</a>` : each.text}
        <button type="button" class="quiet" aria-label=${t("close")} onClick=${() => dismiss(each.id)}>×</button>
      </p>`,
    )}
  </div>`;
}
