// @ts-check
/** Icons: lines on a grid of 16 by 16. They stand beside words, so a screen reader leaves them out. */
import { html } from "htm/preact";

/** @type {Record<string, string>} */
const PATHS = {
  status: "M1 9h3l2-6 4 11 2-5h3",
  project: "M1 3h5l2 2h7v9H1z",
  block: "M1 8h4m6 0h4M5 3v10M11 3v10",
  tags: "M1 2h7l7 6-6 6-8-7z",
  watch: "M1 8q7-9 14 0-7 9-14 0M6 8a2 2 0 1 0 4 0 2 2 0 1 0-4 0",
  runtime: "M4 4h8v8H4zM6 1v3M10 1v3M6 12v3M10 12v3M1 6h3M1 10h3M12 6h3M12 10h3",
  trends: "M1 1v14h14M3 11l4-5 3 3 4-6",
  alarms: "M3 12V7a5 5 0 0 1 10 0v5M1 12h14M7 15h2",
  tests: "M2 8l4 4 8-9",
  changes: "M4 1v14M12 1v14M1 5h6M9 11h6",
  jobs: "M1 3h14M1 8h9M1 13h12",
  pipelines: "M1 3h4v4H1zM11 9h4v4h-4zM5 5h4v6h2",
  integrations: "M6 1v4M10 1v4M4 5h8v3a4 4 0 0 1-8 0zM8 12v3",
  assistant: "M1 2h14v9H7l-4 4v-4H1z",
  audit: "M3 1h10v14H3zM5 5h6M5 8h6M5 11h4",
  access: "M5 9a4 4 0 1 1 3-3l7 7v2h-3v-2h-2v-2z",
  copy: "M5 5h9v10H5zM2 11V1h9",
  api: "M5 3L1 8l4 5M11 3l4 5-4 5",
};

/** @param {{name: string}} given */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d=${PATHS[name] || ""} /></svg>`;
}
