// @ts-check
/** A request as others write it: as curl, as a command of tia, and as a call of the Python client. The key stays out. */
import { address, get } from "./api.js";

/** @type {Promise<{method: string, parts: string[], operation: string}[]>|null} */
let operations = null;

/** List the routes of all operations. */
function routes() {
  operations ??= get("command/list").then((all) =>
    all.flatMap((each) =>
      each.routes.map((route) => ({ method: route.method, parts: route.path.replace("/api/", "").split("/"), operation: each.name })),
    ),
  );
  return operations;
}

/**
 * Find the operation of a request, and its fields.
 * @param {import("./parts/action.js").Request} request
 * @returns {Promise<{operation: string, fields: Record<string, any>}>}
 */
async function operationOf(request) {
  const sent = request.path.split("/");
  /** @param {{method: string, parts: string[]}} route */
  const fits = (route) =>
    route.method === request.method &&
    route.parts.length === sent.length &&
    route.parts.every((part, index) => part.startsWith("{") || part === sent[index]);
  /** @param {{parts: string[]}} route */
  const fixed = (route) => route.parts.filter((part) => !part.startsWith("{")).length;
  const found = (await routes()).filter(fits).sort((one, other) => fixed(other) - fixed(one))[0];
  const named = Object.fromEntries(
    (found?.parts || []).flatMap((part, index) => (part.startsWith("{") ? [[part.slice(1, -1), decodeURIComponent(sent[index])]] : [])),
  );
  return { operation: found?.operation || "", fields: { ...named, ...request.query, ...request.body } };
}

/** Quote a word for a shell of POSIX. @param {string} word */
export function quote(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** @param {import("./parts/action.js").Request} request */
export function asCurl(request) {
  const words = ["curl", "-X", request.method, address(request.path, request.query).href, "-H", "X-API-Key: $TIA_API_KEY"];
  for (const [name, value] of Object.entries(request.headers || {})) words.push("-H", `${name}: ${value}`);
  if (request.body !== undefined) words.push("-H", "Content-Type: application/json", "-d", JSON.stringify(request.body));
  return words.map((word) => (word.includes("$TIA_API_KEY") ? `"${word}"` : quote(word))).join(" ");
}

/** @param {import("./parts/action.js").Request} request */
export async function asTia(request) {
  const { operation, fields } = await operationOf(request);
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  const words = given.flatMap(([name, value]) => ["-f", quote(`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)]);
  return ["tia", "api", operation, ...words].join(" ");
}

/** @param {import("./parts/action.js").Request} request */
export async function asPython(request) {
  const { operation, fields } = await operationOf(request);
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  const call = [`"${operation}"`, ...given.map(([name, value]) => `${snake(name)}=${python(value)}`)].join(", ");
  return `from engineering_api.client import Client\n\nwith Client() as tia:\n    print(tia.submit(${call}).result())`;
}

/** @param {string} name */
function snake(name) {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Write a value as Python does. JSON's texts are Python's, too.
 * @param {any} value
 * @returns {string}
 */
export function python(value) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${python(each)}`).join(", ")}}`;
  return JSON.stringify(value);
}
