// @ts-check
/** Downloads: the browser saves what a route answers; the login is a header, so a plain link cannot do that. */
import { html } from "htm/preact";
import { address, problemOf, request } from "../api.js";
import { toast } from "../state.js";

/** @param {{path: string, query?: Record<string, any>, name: string, children: any}} given path, query: as `address` takes them. name: of the file. */
export function Download({ path, query, name, children }) {
  const save = async () => {
    try {
      const response = await request("GET", address(path, query), {});
      if (!response.ok) throw problemOf(response, await response.text());
      const url = URL.createObjectURL(await response.blob());
      const anchor = Object.assign(document.createElement("a"), { href: url, download: name });
      anchor.click();
      setTimeout(() => URL.revokeObjectURL(url), 10000);
    } catch (problem) {
      toast(/** @type {Error} */ (problem).message, { kind: "failed" });
    }
  };
  return html`<button type="button" onClick=${save}>${children}</button>`;
}
