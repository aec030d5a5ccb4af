// @ts-check
/** The address of a view: everything behind the # of the page's address, so that it needs nothing from the server's paths. */
import { signal } from "@preact/signals";

/**
 * @typedef {{path: string[], query: URLSearchParams}} Route
 * @typedef {Record<string, string|number|undefined|null|string[]>} Query A list repeats its name.
 */

/** @returns {Route} */
function read() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean).map(decode), query: new URLSearchParams(query || "") };
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The present address. */
export const route = signal(read());
addEventListener("hashchange", () => (route.value = read()));

/**
 * Return the address of a view.
 * @param {string[]} path Its segments, unescaped.
 * @param {Query} [query]
 * @returns {string}
 */
export function link(path, query) {
  const given = Object.entries(query || {}).flatMap(([name, value]) => [value].flat().map((each) => [name, String(each ?? "")]));
  const search = new URLSearchParams(given.filter(([, value]) => value !== "")).toString();
  return `#/${path.map(encodeURIComponent).join("/")}${search ? `?${search}` : ""}`;
}

/**
 * Show a view.
 * @param {string[]} path
 * @param {Query} [query]
 */
export function go(path, query) {
  location.hash = link(path, query);
}

/**
 * Change the query of the present view, without an entry in the browser's history.
 * @param {Query} changes A value of undefined, null, "" or [] removes the name.
 */
export function setQuery(changes) {
  const { query: present } = route.value;
  const query = Object.fromEntries([...present.keys()].map((name) => [name, present.getAll(name)]));
  history.replaceState(null, "", link(route.value.path, { ...query, ...changes }));
  route.value = read();
}
