// @ts-check
/**
 * The one way for keys of the whole page. A key that is typed into something editable, inside a shadow root too, in a dialog, or
 * that a part of the page has taken already, is nobody's shortcut.
 */

/** @param {KeyboardEvent} event */
function isTaken(event) {
  const target = /** @type {HTMLElement} */ (event.composedPath()[0]);
  const isText = /^(TEXTAREA|SELECT)$/.test(target.tagName) || target.matches?.("input:not([type=range], [type=checkbox], [type=radio])");
  return event.defaultPrevented || event.isComposing || target.isContentEditable || isText || Boolean(document.querySelector("dialog[open]"));
}

/**
 * Listen to keys until the returned function is called.
 * @param {(event: KeyboardEvent) => void} listener Gets keys without Ctrl, Alt and Meta.
 * @param {(event: KeyboardEvent) => void} [always] Gets every key.
 */
export function onKeys(listener, always) {
  /** @param {KeyboardEvent} event */
  const take = (event) => {
    always?.(event);
    if (!event.ctrlKey && !event.metaKey && !event.altKey && !isTaken(event)) listener(event);
  };
  addEventListener("keydown", take);
  return () => removeEventListener("keydown", take);
}
