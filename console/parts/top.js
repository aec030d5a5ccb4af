// @ts-check
/** The top bar: the open project and PLC, the search, the connection, language and theme, and who is logged in. */
import { html } from "htm/preact";
import { send, use, needsLogin } from "../api.js";
import { go, route } from "../router.js";
import { connection, me, plc, plcs, project } from "../state.js";
import { language, speak, t } from "../texts.js";
import { openPalette } from "./palette.js";
import { applyTheme, theme } from "./theme.js";

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
  return html`<header class="top">
    <span class="where">
      ${project.value ? html`<strong>${project.value.name}</strong>${project.value.isModified && html` <span class="badge">${t("project.modified")}</span>`}` : t("project.none")}
      ${plcs.value.length > 1 &&
      html` <label><span class="visually-hidden">${t("plc")}</span><select value=${plc.value} onChange=${choosePlc}>${plcs.value.map((each) => html`<option value=${each}>${each}</option>`)}</select></label>`}
      ${plcs.value.length === 1 && html` <span>${plc.value}</span>`}
    </span>
    <button type="button" class="search" onClick=${openPalette}>${t("search")} <kbd>Ctrl K</kbd></button>
    <span class="lamp" data-state=${connection.value}>${t(`connection.${connection.value}`)}</span>
    <label><span class="visually-hidden">${t("language")}</span>
      <select value=${language.value} onChange=${(event) => speak(event.target.value)}><option value="en">English</option><option value="de">Deutsch</option></select></label>
    <label><span class="visually-hidden">${t("theme")}</span>
      <select value=${theme.value} onChange=${(event) => applyTheme(event.target.value)}>${["", "light", "dark"].map((each) => html`<option value=${each}>${t(`theme.${each || "system"}`)}</option>`)}</select></label>
    <span class="user">${me.value.name} · ${t(`right.${me.value.right}`)}</span>
    <button type="button" class="quiet" onClick=${logout}>${t("logout")}</button>
  </header>`;
}
