// @ts-check
/** The login: with a name and a password, or with an API key. */
import { useState } from "preact/hooks";
import { html } from "htm/preact";
import { address, problemOf, use } from "../api.js";
import { t } from "../texts.js";
import { Problem } from "./problem.js";

export function Login() {
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [way, setWay] = useState("key");

  /** @param {SubmitEvent} event */
  async function login(event) {
    event.preventDefault();
    setProblem(null);
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const keep = form.get("keep") === "on";
    try {
      if (way === "key") {
        const key = String(form.get("key")).trim();
        await ask("GET", "auth/me", undefined, { "X-API-Key": key });
        use({ key }, keep);
      } else {
        const body = { userName: form.get("userName"), password: form.get("password") };
        use(await ask("POST", "auth/login", body, {}), keep);
      }
    } catch (failed) {
      setProblem(failed);
    }
  }

  return html`<main class="alone">
    <h1>${t("login")}</h1>
    <form class="card" onSubmit=${login}>
      <fieldset class="ways"><legend>${t("login.way")}</legend>
        ${["key", "password"].map((each) =>
          html`<label><input type="radio" name="way" checked=${way === each} onChange=${() => setWay(each)} />${t(`login.${each}`)}</label>`)}
      </fieldset>
      ${way === "key"
        ? html`<label class="field">${t("login.key")}<input name="key" type="password" autocomplete="off" required autofocus /></label>
            <p class="hint">${t("login.key.hint")}</p>`
        : html`<label class="field">${t("login.name")}<input name="userName" autocomplete="username" required autofocus /></label>
            <label class="field">${t("login.password")}<input name="password" type="password" autocomplete="current-password" required /></label>`}
      <label><input type="checkbox" name="keep" />${t("login.keep")}</label>
      <button type="submit" class="main">${t("login.go")}</button>
      ${problem && html`<${Problem} problem=${problem} />`}
    </form>
  </main>`;
}

/**
 * Ask without the present login.
 * @param {string} method
 * @param {string} path
 * @param {any} body
 * @param {Record<string, string>} headers
 */
async function ask(method, path, body, headers) {
  const response = await fetch(address(path), {
    method,
    body: body && JSON.stringify(body),
    headers: { ...(body ? { "Content-Type": "application/json" } : {}), ...headers },
    credentials: "omit",
    cache: "no-store",
  });
  const text = await response.text();
  if (!response.ok) throw problemOf(response, text);
  return JSON.parse(text);
}
