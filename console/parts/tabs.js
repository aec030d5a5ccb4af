// @ts-check
/** Tabs by the ARIA pattern: arrow keys move, and the chosen one is part of the address. */
import { html } from "htm/preact";
import { route, setQuery } from "../router.js";

/**
 * @param {{tabs: {id: string, title: string, show: () => any}[], name?: string, label: string}} given
 *   name: the name in the address's query.
 */
export function Tabs({ tabs, name = "tab", label }) {
  const asked = route.value.query.get(name);
  const chosen = tabs.find((each) => each.id === asked) || tabs[0];
  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(tabs.indexOf(chosen) + step + tabs.length) % tabs.length];
    setQuery({ [name]: next.id });
    document.getElementById(`tab-${name}-${next.id}`)?.focus();
  };
  return html`<div>
    <div role="tablist" aria-label=${label} onKeyDown=${move}>
      ${tabs.map(
        (each) => html`<button key=${each.id} type="button" role="tab" id=${`tab-${name}-${each.id}`} aria-selected=${each === chosen ? "true" : "false"}
          aria-controls=${`panel-${name}`} tabindex=${each === chosen ? 0 : -1} onClick=${() => setQuery({ [name]: each.id })}>${each.title}</button>`,
      )}
    </div>
    <div role="tabpanel" id=${`panel-${name}`} aria-labelledby=${`tab-${name}-${chosen.id}`} tabindex="0">${chosen.show()}</div>
  </div>`;
}
