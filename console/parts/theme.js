// @ts-check
/** Light and dark: the reader's choice, otherwise that of the system. */
import { signal } from "@preact/signals";

const KEPT = "console.theme";
/** "" (as the system), "light" or "dark". */
export const theme = signal(localStorage.getItem(KEPT) || "");

/**
 * Apply a theme.
 * @param {string} [chosen] By default the one that was chosen before.
 */
export function applyTheme(chosen) {
  if (chosen !== undefined) {
    theme.value = chosen;
    localStorage.setItem(KEPT, chosen);
  }
  if (theme.value) document.documentElement.dataset.theme = theme.value;
  else delete document.documentElement.dataset.theme;
}
