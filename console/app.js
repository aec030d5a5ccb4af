// @ts-check
/** The console's frame: rail, top bar, the page of the address, messages; and the login where the service wants one. */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { get, needsLogin, reachable } from "./api.js";
import { match } from "./pages.js";
import { route } from "./router.js";
import { connection, followNews, me, project, readProject } from "./state.js";
import { language, speak, t } from "./texts.js";
import { Login } from "./parts/login.js";
import { Rail } from "./parts/rail.js";
import { Palette } from "./parts/palette.js";
import { Problem } from "./parts/problem.js";
import { Toasts } from "./parts/toasts.js";
import { Top } from "./parts/top.js";
import { applyTheme } from "./parts/theme.js";

const failure = signal(/** @type {any} */ (null));

/** Read who asks and what is open, then follow the events. */
async function begin() {
  failure.value = null;
  try {
    me.value = await get("auth/me");
    await readProject();
    return followNews();
  } catch (problem) {
    if (!needsLogin.value) failure.value = problem;
    return () => {};
  }
}

/** The page of the present address. */
function Outlet() {
  const found = match(route.value.path);
  const [shown, setShown] = useState(/** @type {any} */ (null));
  const name = found?.page.name;
  useEffect(() => {
    let isWanted = true;
    found?.page.load().then(
      (module) => isWanted && setShown({ name, Page: module.default }),
      (problem) => isWanted && setShown({ name, problem }),
    );
    return () => (isWanted = false);
  }, [name]);
  useEffect(() => {
    document.title = `${t(found ? `page.${name}` : "page.missing")} · ${project.value?.name || "SIMATIC"}`;
  }, [name, project.value?.name, language.value]);
  if (!found) return html`<h1>${t("page.missing")}</h1><p>${t("page.missing.hint")}</p><p><a href="#/">${t("page.status")}</a></p>`;
  if (shown?.name !== name) return html`<p class="busy" role="status">${t("busy")}</p>`;
  if (shown.problem) return html`<${Problem} problem=${shown.problem} retry=${() => location.reload()} />`;
  if (found.page.need?.project && !project.value)
    return html`<h1>${t(`page.${name}`)}</h1><p>${t("need.project")}</p><p><a class="button" href="#/">${t("page.status")}</a></p>`;
  return html`<${shown.Page} ...${found.names} key=${location.hash.split("?")[0]} />`;
}

function Console() {
  const isLoggedOut = needsLogin.value;
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    if (isLoggedOut) return setReady(false);
    let end = () => {};
    void begin().then((stop) => {
      end = stop;
      setReady(true);
    });
    return () => end();
  }, [isLoggedOut]);
  if (isLoggedOut) return html`<${Login} />`;
  if (failure.value)
    return html`<main class="alone"><${Problem} problem=${failure.value} retry=${() => location.reload()} /></main>`;
  if (!isReady || !me.value) return html`<p class="busy" role="status">${t("busy")}</p>`;
  const isCut = !reachable.value || !/live|refused/.test(connection.value);
  return html`
    <a class="skip" href="#content" onClick=${skip}>${t("skip")}</a>
    <${Rail} />
    <${Top} />
    <main id="content" tabindex="-1">
      ${isCut && html`<p class="warning" role="status">${t("connection.stale")}</p>`}
      <${Outlet} />
    </main>
    <${Palette} />
    <${Toasts} />
  `;
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("content")?.focus();
}

applyTheme();
await speak();
render(html`<${Console} />`, /** @type {HTMLElement} */ (document.getElementById("console")));
