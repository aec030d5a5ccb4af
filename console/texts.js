// @ts-check
/** The texts of the console in the reader's language: English and German. */
import { signal } from "@preact/signals";

const LANGUAGES = ["en", "de"];
const KEPT = "console.language";

/** The language. @type {import("@preact/signals").Signal<string>} */
export const language = signal("en");
/** @type {Record<string, string>} */
let texts = {};

/**
 * Load a language.
 * @param {string} [wanted] By default the one that was chosen before, otherwise the browser's.
 */
export async function speak(wanted) {
  const asked = wanted || localStorage.getItem(KEPT) || navigator.language.slice(0, 2);
  const chosen = LANGUAGES.includes(asked) ? asked : "en";
  texts = await (await fetch(new URL(`texts/${chosen}.json`, import.meta.url))).json();
  if (wanted) localStorage.setItem(KEPT, chosen);
  document.documentElement.lang = chosen;
  language.value = chosen;
}

/**
 * Return a text.
 * @param {string} key
 * @param {Record<string, unknown>} [values] What its {names} stand for.
 * @returns {string}
 */
export function t(key, values) {
  void language.value;
  const text = texts[key] ?? key;
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole)) : text;
}

/** Formatters are slow to make, and a live page formats hundreds of times in a second. @type {Map<string, any>} */
const formatters = new Map();

/**
 * Return a formatter of the reader's language.
 * @template F
 * @param {string} name
 * @param {(language: string) => F} make
 * @returns {F}
 */
function formatter(name, make) {
  const key = `${language.value} ${name}`;
  if (!formatters.has(key)) formatters.set(key, make(language.value));
  return formatters.get(key);
}

/**
 * Write a time in the reader's zone.
 * @param {string|number|Date|null|undefined} time
 * @returns {string}
 */
export function when(time) {
  if (time === null || time === undefined || time === "") return "";
  const date = new Date(time);
  return Number.isNaN(date.getTime())
    ? ""
    : formatter("time", (of) => new Intl.DateTimeFormat(of, { dateStyle: "short", timeStyle: "medium" })).format(date);
}

/**
 * Write a number.
 * @param {number} number
 * @param {number} [digits] The most behind the decimal point.
 */
export function number(number, digits = 2) {
  return formatter(`number ${digits}`, (of) => new Intl.NumberFormat(of, { maximumFractionDigits: digits })).format(number);
}

/**
 * Write how long something took.
 * @param {number} seconds
 */
export function duration(seconds) {
  if (seconds < 1) return `${number(seconds * 1000, 0)} ms`;
  if (seconds < 120) return `${number(seconds, 1)} s`;
  return `${number(seconds / 60, 0)} min`;
}

/**
 * Write an age, in the largest unit that fits.
 * @param {number} milliseconds
 */
export function age(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const [size, unit] = seconds < 120 ? [1, "second"] : seconds < 7200 ? [60, "minute"] : seconds < 172800 ? [3600, "hour"] : [86400, "day"];
  return formatter(unit, (of) => new Intl.NumberFormat(of, { style: "unit", unit, unitDisplay: "short" })).format(Math.floor(seconds / size));
}

/** The reader's language as projects name it, for texts that a route answers with. */
export function textLanguage() {
  return language.value === "de" ? "de-DE" : "en-US";
}
