// @ts-check
/** The console's frame: rail, top bar, the page of the address, messages; and the login where the service wants one. */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { get, needsLogin, reachable } from "./api.js";
import { match } from "./pages.js";
import { cutSince } from "./live.js";
import { link, route } from "./router.js";
import { connection, followNews, me, project, readProject } from "./state.js";
import { language, speak, t, when } from "./texts.js";
import { Rail, Toasts, Top } from "./parts/frame.js";
import { useModule } from "./parts/load.js";
import { Login } from "./parts/login.js";
import { Palette } from "./parts/palette.js";
import { Problem } from "./parts/problem.js";
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
  const name = found?.page.name || "";
  const shown = useModule(found?.page.load || (() => Promise.resolve(null)), name);
  useEffect(() => {
    document.title = `${t(found ? `page.${name}` : "page.missing")} · ${project.value?.name || "Open engineering API for SIMATIC PLCs"}`;
  }, [name, project.value?.name, language.value]);
  if (!found) return html`<h1>${t("page.missing")}</h1><p>${t("page.missing.hint")}</p><p><a href="#/">${t("page.status")}</a></p>`;
  if (!shown) return html`<p class="busy" role="status">${t("busy")}</p>`;
  if (shown.problem) return html`<${Problem} problem=${shown.problem} retry=${() => location.reload()} />`;
  if (found.page.need?.project && !project.value)
    return html`<h1>${t(`page.${name}`)}</h1><p>${t("need.project")}</p><p><a class="button" href="#/">${t("page.status")}</a></p>`;
  if (found.names.project && project.value && found.names.project !== project.value.name) return html`<${Elsewhere} wanted=${found.names.project} />`;
  return html`<${shown.module.default} ...${found.names} key=${location.hash.split("?")[0]} />`;
}

/** A link of another project shows nothing of the open one. @param {{wanted: string}} given */
function Elsewhere({ wanted }) {
  const opening = useModule(() => import("./parts/opening.js"), "opening");
  return html`<h1>${wanted}</h1><p class="warning" role="alert">${t("elsewhere", { wanted, open: project.value.name })}</p>
    <p class="buttons">${opening?.module && html`<${opening.module.Opening} />`}<a class="button"
      href=${link(["p", project.value.name])}>${project.value.name}</a></p>`;
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
    <main id="content" tabindex="-1" data-cut=${isCut ? "yes" : undefined}>
      ${isCut && html`<p class="warning sticky"
        role="status">${t("connection.stale")} ${cutSince.value > 0 && t("connection.since", { since: when(cutSince.value) })}</p>`}
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
