// @ts-check
/** What is around each page: the rail of the pages, the top bar, and messages in passing. */
import { useEffect, useRef } from "preact/hooks";
import { html } from "htm/preact";
import { send, use, needsLogin } from "../api.js";
import { PAGES, match, pathTo } from "../pages.js";
import { go, link, route } from "../router.js";
import { connection, dismiss, may, me, plc, plcs, project, rangeQuery, toasts } from "../state.js";
import { language, speak, t } from "../texts.js";
import { Commands, Save } from "./commands.js";
import { Icon } from "./icon.js";
import { openPalette } from "./palette.js";
import { applyTheme, theme } from "./theme.js";

export function Rail() {
  const present = match(route.value.path)?.page;
  const names = { project: project.value?.name, plc: plc.value };
  const shown = PAGES.filter((page) => page.rail && (!page.need?.right || may(page.need.right)));
  return html`<nav class="rail" aria-label=${t("pages")}>
    <ul>
      ${shown.map(
        (page) => html`<li key=${page.name}>
          <a href=${link(pathTo(page, names), page.hasRange ? rangeQuery() : {})} aria-current=${page.icon === present?.icon ? "page" : undefined}>
            <${Icon} name=${page.icon} /><span>${t(`page.${page.name}`)}</span>
          </a>
        </li>`,
      )}
    </ul>
  </nav>`;
}

/** @param {Event} event */
function choosePlc(event) {
  const chosen = /** @type {HTMLSelectElement} */ (event.target).value;
  const { path } = route.value;
  go(path[0] === "p" ? ["p", path[1], chosen, ...path.slice(3, 4)] : ["p", project.value.name, chosen]);
}

function logout() {
  send("POST", "auth/logout", { body: {} }).catch(() => null); // a key has no login that could end
  use({});
  needsLogin.value = true;
}

export function Top() {
  const bar = useRef(/** @type {HTMLElement|null} */ (null));
  useEffect(() => {
    const observer = new ResizeObserver(([{ target }]) => document.documentElement.style.setProperty("--top", `${target.clientHeight}px`));
    observer.observe(/** @type {HTMLElement} */ (bar.current));
    return () => observer.disconnect();
  }, []);
  return html`<header class="top" ref=${bar}>
    <span class="where">
      ${project.value ? html`<strong>${project.value.name}</strong>${project.value.isModified
        && html` <span class="badge">${t("project.modified")}</span> <${Save} />`}` : t("project.none")}
      ${plcs.value.length > 1 &&
      html` <label><span class="visually-hidden">${t("plc")}</span><select value=${plc.value}
        onChange=${choosePlc}>${plcs.value.map((each) => html`<option value=${each}>${each}</option>`)}</select></label>`}
      ${plcs.value.length === 1 && html` <span>${plc.value}</span>`}
    </span>
    <${Commands} />
    <button type="button" class="search" onClick=${openPalette}>${t("search")} <kbd>Ctrl K</kbd></button>
    <span class="lamp" data-state=${connection.value}>${t(`connection.${connection.value}`)}</span>
    <label><span class="visually-hidden">${t("language")}</span>
      <select value=${language.value} onChange=${(event) => speak(event.target.value)}><option value="en">English</option><option
        value="de">Deutsch</option></select></label>
    <label><span class="visually-hidden">${t("theme")}</span>
      <select value=${theme.value} onChange=${(event) => applyTheme(event.target.value)}>${["", "light",
        "dark"].map((each) => html`<option value=${each}>${t(`theme.${each || "system"}`)}</option>`)}</select></label>
    <span class="user">${me.value.name} · ${t(`right.${me.value.right}`)}</span>
    <button type="button" class="quiet" onClick=${logout}>${t("logout")}</button>
  </header>`;
}

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
