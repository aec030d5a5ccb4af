// @ts-check
/** What several pages share: the caller, the open project with its PLCs, the range of time, messages, and names of jobs. */
import { computed, effect, signal } from "@preact/signals";
import { get } from "./api.js";
import { note, returns } from "./live.js";
import { route } from "./router.js";
import { follow } from "./sse.js";

/** Who asks: {name, right, …}. @type {import("@preact/signals").Signal<any>} */
export const me = signal(null);
/**
 * @typedef {Api.ProjectInfo & {devices: Api.DeviceInfo[]}} OpenProject
 */

/** The open project, with its devices; null without one. Pages that need a project are shown only with it. @type {import("@preact/signals").Signal<any>} */
export const project = signal(null);
/** The newest event of the service. @type {import("@preact/signals").Signal<{kind: string, subject: string, data: any}|null>} */
export const news = signal(null);
/** Whether the stream of events is connected. */
export const connection = signal("connecting");
/** What the reader is shown in passing. @type {import("@preact/signals").Signal<{id: number, text: string, href?: string, kind: string}[]>} */
export const toasts = signal([]);

/** The range of time that trends, alarms and the audit log share: two times, or the last seconds. */
export const range = computed(() => {
  const { query } = route.value;
  const from = query.get("from");
  const to = query.get("to");
  return from && to ? { from, to, last: 0 } : { from: "", to: "", last: Number(query.get("last")) || 900 };
});

/** The query that takes the range along to another page. */
export function rangeQuery() {
  const { query } = route.value;
  return { from: query.get("from"), to: query.get("to"), last: query.get("last") };
}

/** @returns {Api.DeviceInfo[]} */
const devices = () => project.value?.devices || [];

/** The names of the PLCs of the open project. */
export const plcs = computed(() => devices().filter((each) => each.cpuName).map((each) => each.softwareName || ""));

/** The PLC of the present address, otherwise the first. */
export const plc = computed(() => (route.value.path[0] === "p" && route.value.path[2]) || plcs.value[0] || "");

const ORDER = ["viewer", "engineer", "operator", "administrator"];

/**
 * Return whether the caller has a right; the service decides, this only hides what it would refuse.
 * @param {"viewer"|"engineer"|"operator"|"administrator"} right
 */
export function may(right) {
  return ORDER.indexOf(me.value?.right) >= ORDER.indexOf(right);
}

/** Read the open project; without one, or without the right to see it, there is none. An outage leaves the one that was read. */
export async function readProject() {
  try {
    const open = (await get("projects")).find((each) => each.isPrimary);
    const devices = open ? await get("projects/devices") : [];
    project.value = open ? { ...open, devices } : null;
  } catch (problem) {
    if (/** @type {any} */ (problem).code !== "client.unreachable") project.value = null;
  }
}

let shown = 0;
/**
 * Show a message in passing.
 * @param {string} text
 * @param {{href?: string, kind?: "done"|"failed"|"news"}} [options] href: where it leads.
 */
export function toast(text, { href, kind = "news" } = {}) {
  const id = ++shown;
  toasts.value = [...toasts.value.slice(-3), { id, text, href, kind }];
  setTimeout(() => dismiss(id), kind === "failed" ? 15000 : 6000);
}

/** @param {number} id */
export function dismiss(id) {
  toasts.value = toasts.value.filter((each) => each.id !== id);
}

effect(() => void (returns.value && readProject()));

let reading = 0;
/** Follow the events of the service; return the function that ends it. */
export function followNews() {
  return follow("events", {}, {
    onState: (state) => {
      connection.value = state;
      note(/live|refused/.test(state));
    },
    onMessage: (message) => {
      const data = JSON.parse(message.data);
      news.value = { kind: message.event, subject: data.subject || "", data };
      if (/^(project\.|job\.status)/.test(message.event)) {
        clearTimeout(reading);
        reading = setTimeout(readProject, 300);
      }
    },
  });
}
