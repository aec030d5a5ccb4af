// @ts-check
/**
 * The one rule for age: a stream beats once a second, and what nobody has confirmed for three seconds is stale.
 * The page has the service's limit. Every view takes its limit and its clock from here.
 */
import { signal } from "@preact/signals";

/** Milliseconds without a beat, or without an answer, after which values are stale. */
export const STALE = Number(document.documentElement.dataset.age);
/** The present second, for ages that count up. */
export const clock = signal(Date.now());
setInterval(() => (clock.value = Date.now()), 1000);
/** Since when the console has no connection, in milliseconds; 0 while it has one. */
export const cutSince = signal(0);
/** How often the connection came back: what was read before may be old, and what failed is tried again. */
export const returns = signal(0);

/** @param {number} at When it was confirmed last, in milliseconds. */
export function isStale(at) {
  return Date.now() - at > STALE;
}

/** Note whether the stream of events is there. @param {boolean} isLive */
export function note(isLive) {
  if (isLive && cutSince.value) {
    cutSince.value = 0;
    returns.value++;
  } else if (!isLive && !cutSince.value) cutSince.value = Date.now();
}
